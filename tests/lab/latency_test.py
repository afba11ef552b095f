# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""A slow lookup delays its own packet and nobody else's."""

import json
import statistics
import subprocess
import textwrap

import lab

HOLDERS, DESCRIPTORS = 10, 10_000  # processes that look busy: 100,000 descriptors to search

# Holds descriptors; on a line of input it connects for the first time and says when.
HOLDER = textwrap.dedent("""
    import json, os, resource, socket, sys, time
    count, address = int(sys.argv[1]), sys.argv[2]
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    null = os.open("/dev/null", os.O_RDONLY)
    held = [os.dup(null) for _ in range(count)]
    print(json.dumps("ready"), flush=True)
    sys.stdin.readline()
    begin = time.monotonic()
    socket.create_connection((address, 7), timeout=20).close()
    print(json.dumps([begin, time.monotonic()]), flush=True)
""")

# A program the daemon knows: connects without a pause, says when, until its input ends.
KNOWN = textwrap.dedent("""
    import json, select, socket, sys, time
    address, samples = sys.argv[1], []
    for number in range(100_000):
        begin = time.monotonic()
        socket.create_connection((address, 7), timeout=20).close()
        samples.append([begin, time.monotonic()])
        if number == 300:
            print(json.dumps("warm"), flush=True)
        if select.select([sys.stdin], [], [], 0)[0]:
            break
    print(json.dumps(samples), flush=True)
""")


class LatencyTest(lab.LabTest):
    def start(self, script, *arguments):
        process = subprocess.Popen([lab.PYTHON, "-I", "-c", script, *map(str, arguments)],
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.addCleanup(lab.end, process)
        return process

    def say(self, process):
        return json.loads(process.stdout.readline())

    def test_known_programs_do_not_wait_for_a_walk(self):
        guard = self.daemon()
        holders = [self.start(HOLDER, DESCRIPTORS, lab.SERVER4) for _ in range(HOLDERS)]
        self.assertEqual([self.say(holder) for holder in holders], ["ready"] * HOLDERS)
        known = self.start(KNOWN, lab.SERVER4)
        self.assertEqual(self.say(known), "warm")
        slow = []
        for holder in holders:  # the first connection of an old process: its fd must be searched
            holder.stdin.write("go\n")
            holder.stdin.flush()
            slow.append(self.say(holder))
        known.stdin.write("stop\n")
        known.stdin.flush()
        samples = self.say(known)

        def during(begin, end):
            return any(b < end and e > begin for b, e in slow)
        quiet = [end - begin for begin, end in samples if not during(begin, end)]
        loaded = [end - begin for begin, end in samples if during(begin, end)]
        parked = sum(end - begin for begin, end in slow)
        inside = [(b, e) for b, e in samples if any(sb < b and e < se for sb, se in slow)]
        print(f"known: median {statistics.median(quiet) * 1e6:.0f} us quiet ({len(quiet)}), "
              f"{statistics.median(loaded or [0]) * 1e6:.0f} us during walks ({len(loaded)}); "
              f"{len(slow)} old processes waited {parked / len(slow) * 1e3:.1f} ms on average")
        # Begun after a slow packet was parked and ended before it was answered: nobody queued up.
        if parked / len(slow) > 0.010:
            self.assertGreater(len(inside), 2 * len(slow))
            self.assertLess(statistics.median(loaded), 10 * statistics.median(quiet))
        # And the slow ones were named all the same.
        for holder in holders:
            self.expect_event(guard, pid=holder.pid, dst_port=7)


if __name__ == "__main__":
    lab.main()
