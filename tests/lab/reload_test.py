# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""Thousands of rules: nothing passes while they are loaded, and reloads harm nobody."""

import json
import os
import pathlib
import re
import socket
import statistics
import subprocess
import textwrap
import time

import lab

MANY = 10_000
RELOADS = int(os.environ.get("RELOADS", "120"))
FIRST_PORT = 20_000

# Sends a datagram a millisecond, each to the next port, and says at its end when each was sent.
SENDER = textwrap.dedent("""
    import json, select, socket, sys, time
    address, port, sent = sys.argv[1], int(sys.argv[2]), []
    print(json.dumps("ready"), flush=True)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        while len(sent) < 20_000 and not select.select([sys.stdin], [], [], 0.001)[0]:
            sender.sendto(b"x", (address, port + len(sent)))
            sent.append(time.monotonic())
    print(json.dumps(sent), flush=True)
""")

# Connects without a pause until its input ends, and says how long each connection took.
CONNECTOR = textwrap.dedent("""
    import json, select, socket, sys, time
    address, samples = sys.argv[1], []
    print(json.dumps("ready"), flush=True)
    while len(samples) < 100_000 and not select.select([sys.stdin], [], [], 0)[0]:
        begin = time.monotonic()
        socket.create_connection((address, 7), timeout=20).close()
        samples.append([begin, time.monotonic() - begin])
    print(json.dumps(samples), flush=True)
""")


def resident_kilobytes(pid):
    status = pathlib.Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1])


def percentile(values, share):
    return sorted(values)[min(int(len(values) * share), len(values) - 1)]


class ReloadTest(lab.LabTest):
    def start(self, script, *arguments):
        process = subprocess.Popen([lab.PYTHON, "-I", "-c", script, *map(str, arguments)],
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.addCleanup(lab.end, process)
        self.assertEqual(json.loads(process.stdout.readline()), "ready")
        return process

    @staticmethod
    def stop(process):
        process.stdin.write("stop\n")
        process.stdin.flush()
        return json.loads(process.stdout.readline())

    def test_nothing_passes_while_many_rules_are_loaded(self):
        files = {f"rule-{number}.json": json.dumps(
            lab.rule(f"rule-{number}", "deny", "process.path", f"/opt/program-{number}"))
            for number in range(MANY)}
        sender = self.start(SENDER, lab.SERVER4, FIRST_PORT)
        lab.await_true(lambda: self.world.arrived(protocol=socket.IPPROTO_UDP), "datagrams")
        started = time.monotonic()
        guard = self.daemon(files=files, default="deny")
        ready = time.monotonic()
        sent = self.stop(sender)
        arrived = {packet["target_port"] - FIRST_PORT for packet
                   in self.world.arrived(protocol=socket.IPPROTO_UDP, source=lab.HOST4)}
        self.assertEqual(int(guard.status()["rules"]), MANY)
        last = max(arrived)
        early = [when for number, when in enumerate(sent[:last]) if number not in arrived]
        self.assertEqual(early, [], "a packet passed after one had been held")
        print(f"{MANY} rules: guarded {sent[last] - begun(guard, started):.3f} s after the start, "
              f"ready after {ready - started:.3f} s (the writing of the files included)")
        self.assertLess(sent[last], ready)

    def versions(self):
        """Two rule directories that agree in nothing, and a link to the one that is in force."""
        folder = self.world.folder / f"versions{time.monotonic_ns()}"
        for version in ("a", "b"):
            (folder / version).mkdir(parents=True)
            rules = [lab.rule(f"filler-{version}-{number}", "deny", "process.path",
                              f"/opt/{version}-{number}") for number in range(200)]
            rules.append(lab.rule(f"decides-{version}", "allow", "dest.port", "7"))
            rules.append(lab.rule(f"000-{version}", "deny", "true", "", enforce=False))
            for rule in rules:
                (folder / version / f"{rule['name']}.json").write_text(json.dumps(rule),
                                                                        encoding="utf-8")
        (folder / "rules").symlink_to("a")
        return folder

    @staticmethod
    def turn(folder, version):
        (folder / "fresh").symlink_to(version)
        os.rename(folder / "fresh", folder / "rules")

    def test_reloads_mix_nothing_delay_nobody_and_leave_nothing_behind(self):
        folder = self.versions()
        guard = self.daemon(default="deny", flags=["-rules-path", str(folder / "rules")])
        connector = self.start(CONNECTOR, lab.SERVER4)
        loaded = lambda line: "event=rules_loaded" in line  # noqa: E731
        quiet_until = time.monotonic() + 1.0
        lab.await_true(lambda: time.monotonic() > quiet_until, "a quiet second")
        sizes, begun_at = [], time.monotonic()
        for number in range(RELOADS):
            before = len(guard.log.wait_count(loaded, 1))
            self.turn(folder, "ba"[number % 2])
            self.assertGreater(len(guard.log.wait_count(loaded, before + 1)), before,
                               "a reload was not seen")
            sizes.append(resident_kilobytes(guard.process.pid))
        ended_at = time.monotonic()
        samples = self.stop(connector)

        decided = [event for event in guard.events.all() if event["dst_port"] == 7]
        mixed = [event for event in decided
                 if {event["rule"][-1]} != {shadow["rule"][-1] for shadow in event["shadow_rules"]}]
        self.assertEqual(mixed, [])
        self.assertEqual({event["rule"] for event in decided}, {"decides-a", "decides-b"})
        quiet = [took for begin, took in samples if begin < quiet_until]
        busy = [took for begin, took in samples if begun_at < begin < ended_at]
        rate = RELOADS / (ended_at - begun_at) * 60
        print(f"{rate:.0f} reloads a minute of 202 files: median {statistics.median(quiet) * 1e6:.0f} -> "
              f"{statistics.median(busy) * 1e6:.0f} us, 99% {percentile(quiet, 0.99) * 1e6:.0f} -> "
              f"{percentile(busy, 0.99) * 1e6:.0f} us ({len(quiet)}, {len(busy)} connections), "
              f"resident {sizes[RELOADS // 4]} -> {sizes[-1]} kB")
        self.assertLess(statistics.median(busy), 4 * statistics.median(quiet))
        self.assertLess(sizes[-1], sizes[RELOADS // 4] * 1.1 + 2000)


def begun(guard, fallback):
    """When the daemon's process began, by the clock of time.monotonic()."""
    try:
        fields = pathlib.Path(f"/proc/{guard.process.pid}/stat").read_text(encoding="utf-8")
        ticks = int(fields.rpartition(")")[2].split()[19])
        offset = time.clock_gettime(time.CLOCK_BOOTTIME) - time.monotonic()
        return ticks / os.sysconf("SC_CLK_TCK") - offset
    except (OSError, ValueError):
        return fallback


if __name__ == "__main__":
    lab.main()
