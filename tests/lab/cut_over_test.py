# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""A rule that changes cuts the live connections that it denies, and no other one."""

import json
import subprocess
import textwrap
import time

import lab

CONNECTIONS = 25

# Holds connections and echoes through each when told to: says how many still work.
TALKER = textwrap.dedent("""
    import json, socket, sys
    address, count = sys.argv[1], int(sys.argv[2])
    held = [socket.create_connection((address, 7), timeout=5) for _ in range(count)]
    print(json.dumps("ready"), flush=True)
    for line in sys.stdin:
        working = 0
        for one in held:
            try:
                one.sendall(b"x")
                working += one.recv(1) == b"x"
            except OSError:
                pass
        print(json.dumps(working), flush=True)
""")


class CutOverTest(lab.LabTest):
    def talker(self, name, family):
        python = self.world.executable_copy(lab.PYTHON, name)
        process = subprocess.Popen([python, "-I", "-c", TALKER, lab.SERVER[family],
                                    str(CONNECTIONS)],
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.addCleanup(lab.end, process)
        self.assertEqual(self.answer(process), "ready")
        return process, python

    def answer(self, process):
        return json.loads(process.stdout.readline())

    def working(self, process):
        process.stdin.write("\n")
        process.stdin.flush()
        return self.answer(process)

    def cuts(self, guard, count):
        return guard.events.wait_count(lambda event: event["cut"], count)

    def check(self, family):
        guard = self.daemon()
        bad, path = self.talker("bad", family)
        good, _ = self.talker("good", family)
        self.assertEqual([self.working(bad), self.working(good)], [CONNECTIONS] * 2)
        begin = time.monotonic()
        guard.write_rule(lab.rule("stop", "deny", "process.path", path))
        cuts = self.cuts(guard, CONNECTIONS)
        print(f"cut {len(cuts)} connections {1000 * (time.monotonic() - begin):.0f} ms after the "
              f"rule was saved")
        self.assertEqual([(cut["process_path"], cut["rule"], cut["action"]) for cut in cuts],
                         [(path, "stop", "deny")] * CONNECTIONS)
        self.assertEqual(self.working(bad), 0)
        self.assertEqual(self.working(good), CONNECTIONS)

    def test_connections_over_ipv4(self):
        self.check(4)

    def test_connections_over_ipv6(self):
        self.check(6)

    def test_nothing_is_cut_in_observe_mode(self):
        guard = self.daemon(flags=["-observe"])
        talker, path = self.talker("bad", 4)
        guard.write_rule(lab.rule("stop", "deny", "process.path", path))
        lab.await_true(lambda: "stop" in guard.client("rules", "list").output, "the rule")
        self.assertEqual(self.working(talker), CONNECTIONS)


if __name__ == "__main__":
    lab.main()
