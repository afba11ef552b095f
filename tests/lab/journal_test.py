# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""What is kept and told of what happened: the journal, the sinks, the metrics."""

import json
import os
import re
import signal
import socket
import sqlite3
import threading
import time
import urllib.request

import lab

CURL = "/usr/bin/curl"


class Datagrams:
    """A socket where syslog or journald would listen, and what it was sent."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(str(path))
        self.texts = []
        self.thread = threading.Thread(target=self.read, daemon=True)
        self.thread.start()

    def read(self):
        while True:
            self.texts.append(self.socket.recv(65536).decode())


class JournalTest(lab.LabTest):
    def configured(self, journal=None, **own):
        """A daemon with a configuration of its own, and its journal's path."""
        number = lab.Daemon.count + 1
        path = self.world.folder / f"config{number}.json"
        path.write_text(json.dumps({"Procwall": own}), encoding="utf-8")
        journal = journal or self.world.folder / f"journal{number}" / "journal.db"
        no_netcat = lab.rule("no-netcat", "deny", "process.path", os.path.realpath("/usr/bin/nc"))
        daemon = self.daemon(rules=[no_netcat],
                             flags=["-config-file", str(path), "-journal", str(journal)])
        return daemon, journal

    def curl(self):
        self.assertEqual(lab.run(CURL, "-s", "--max-time", "10", f"http://{lab.SERVER_NAME}/").code,
                         0)

    def logged(self, daemon, *arguments):
        answer = daemon.client("log", "--json", *arguments)
        self.assertEqual(answer.code, 0, answer.errors)
        return [json.loads(line) for line in answer.output.splitlines()]

    def await_logged(self, daemon, *arguments):
        lab.await_true(lambda: self.logged(daemon, *arguments), f"an entry with {arguments}")
        return self.logged(daemon, *arguments)

    def test_log_finds_a_program_by_destination_and_time(self):
        daemon, _ = self.configured()
        self.curl()
        lab.run("nc", "-w", "1", lab.SERVER4, "7")
        self.expect_event(daemon, rule="no-netcat")
        found = self.await_logged(daemon, "--to", lab.SERVER_NAME, "--port", "80", "--since", "5m")
        self.assertEqual({entry["process_path"] for entry in found}, {CURL})
        self.assertEqual(found[-1]["kind"], "decision")
        event = self.expect_event(daemon, sequence=found[-1]["sequence"])
        self.assertEqual({**found[-1], "missed": 0},
                         {**event, "missed": 0, "times": 1, "id": found[-1]["id"],
                          "kind": "decision"})
        self.assertEqual(self.logged(daemon, "--to", lab.SERVER_NAME, "--until", "5m"), [])
        self.assertEqual(self.logged(daemon, "--to", "192.0.2.0/24"), [])
        denied = self.await_logged(daemon, "--action", "deny", "--to", f"{lab.SERVER4}/32")
        self.assertEqual({entry["rule"] for entry in denied}, {"no-netcat"})
        summed = self.logged(daemon, "--sum", "program", "--program", "curl")
        self.assertEqual(summed[0]["program"], CURL)
        self.assertGreaterEqual(summed[0]["allowed"], 1)
        text = daemon.client("log", "--rule", "no-netcat").output
        self.assertRegex(text, r"deny +\S*nc\S* \d+ +tcp +\S+:7 +no-netcat")
        wrong = daemon.client("log", "--to", ":80")
        self.assertEqual(wrong.code, 2)
        self.assertIn("neither an address", wrong.errors)
        status = daemon.status()["journal"]
        self.assertGreaterEqual(status["entries"], 2)
        self.assertEqual(status["lost"], 0)

    def test_a_killed_daemon_leaves_a_whole_journal(self):
        daemon, journal = self.configured()
        for _ in range(20):
            self.curl()
        kept = len(self.await_logged(daemon, "--program", "curl"))
        daemon.signal(signal.SIGKILL)
        daemon.wait()
        lab.flush_firewall()
        read = lab.run(lab.program("procwall"), "log", "--json", "--program", "curl",
                       "--file", str(journal))
        self.assertEqual(read.code, 0, read.errors)
        self.assertGreaterEqual(len(read.output.splitlines()), kept)
        with sqlite3.connect(journal) as database:
            self.assertEqual(database.execute("PRAGMA integrity_check").fetchall(), [("ok",)])
        self.assertEqual(journal.stat().st_mode & 0o777, 0o600)
        self.assertEqual(journal.parent.stat().st_mode & 0o777, 0o700)

    def test_a_full_disk_harms_no_packet(self):
        disk = self.world.folder / "disk"
        disk.mkdir()
        lab.must("mount", "-t", "tmpfs", "-o", "size=2m,mode=755", "small", str(disk))
        self.addCleanup(lab.run, "umount", str(disk))
        daemon, _ = self.configured(journal=disk / "journal.db",
                                    Sinks=[f"file:{disk}/events.jsonl"])
        self.curl()
        (disk / "filler").write_bytes(b"")
        with (disk / "filler").open("wb", buffering=0) as filler:
            try:
                while filler.write(b"x" * 4096):
                    pass
            except OSError:
                pass
        limit = time.monotonic() + lab.DEADLINE
        while daemon.status()["journal"]["lost"] == 0:
            self.curl()
            self.assertLess(time.monotonic(), limit, "the disk is never full")
        self.curl()
        self.assertTrue(any("of the journal lost" in trouble
                            for trouble in daemon.status()["troubles"]))
        (disk / "filler").unlink()
        before = daemon.status()["journal"]["entries"]
        self.curl()
        lab.await_true(lambda: daemon.status()["journal"]["entries"] > before,
                       "a journal that goes on when there is room again")

    def test_metrics_agree_with_status(self):
        daemon, _ = self.configured(Metrics="127.0.0.1:9477")
        self.curl()
        lab.run("nc", "-w", "1", lab.SERVER4, "7")
        # The packets of the question itself are counted too: ask until two answers agree.
        def scraped():
            with urllib.request.urlopen("http://127.0.0.1:9477/metrics", timeout=10) as answer:
                return answer.read().decode()

        def number(text, name):
            return sum(float(value) for value in
                       re.findall(rf"^{name}(?:{{[^}}]*}})? (\S+)$", text, re.MULTILINE))

        def agrees():
            before, text, after = daemon.status(), scraped(), daemon.status()
            names = {"procwall_packets_total": "packets", "procwall_unknown_total": "unknown",
                     "procwall_dns_answers_total": "dns_answers", "procwall_rules": "rules"}
            return all(before[key] <= number(text, name) <= after[key]
                       for name, key in names.items())

        lab.await_true(agrees, "metrics that agree with status")
        text = scraped()
        self.assertRegex(text, r'procwall_decisions_total{action="deny",reason="rule"} [1-9]')
        self.assertRegex(text, r'procwall_rule_hits_total{rule="no-netcat",action="deny"} [1-9]')
        self.assertGreater(number(text, "procwall_decision_latency_seconds_count"), 0)
        self.assertEqual(daemon.status()["metrics_address"], "127.0.0.1:9477")

    def test_metrics_for_other_hosts_are_refused(self):
        path = self.world.folder / "open-metrics.json"
        path.write_text('{"Procwall": {"Metrics": "0.0.0.0:9477"}}', encoding="utf-8")
        refused = lab.run(lab.program("procwalld"), "-config-file", str(path))
        self.assertEqual(refused.code, 2, refused.errors)
        self.assertIn("can be reached from other hosts", refused.errors)

    def test_sinks_get_every_event(self):
        syslog = Datagrams(self.world.folder / "syslog.sock")
        journald = Datagrams(self.world.folder / "journald.sock")
        lines = self.world.folder / "events" / "events.jsonl"
        daemon, _ = self.configured(Sinks=[
            f"syslog:{self.world.folder}/syslog.sock", f"journald:{self.world.folder}/journald.sock",
            f"file:{lines}"])
        self.curl()
        event = self.expect_event(daemon, process_path=CURL, dst_port=80)
        sequence = event["sequence"]
        lab.await_true(lambda: any(f' sequence="{sequence}" ' in text for text in syslog.texts),
                       "a syslog message")
        text = next(text for text in syslog.texts if f' sequence="{sequence}" ' in text)
        self.assertRegex(text, r"^<30>1 \d{4}-\d\d-\d\dT[\d:.]+Z \S+ procwalld "
                               rf"{daemon.process.pid} decision \[procwall@32473 ")
        self.assertIn(f' process_path="{CURL}" ', text)
        lab.await_true(lambda: any(f"\nPROCWALL_SEQUENCE={sequence}\n" in text
                                   for text in journald.texts), "an entry of journald")
        lab.await_true(lambda: lines.exists() and any(
            json.loads(line)["sequence"] == sequence for line in lines.read_text().splitlines()),
            "a line in the file")
        line = next(line for line in lines.read_text().splitlines()
                    if json.loads(line)["sequence"] == sequence)
        self.assertEqual({**json.loads(line), "missed": 0}, {**event, "missed": 0})
        lines.rename(lines.with_suffix(".1"))
        self.curl()
        lab.await_true(lines.exists, "a new file after a rotation")
        self.assertEqual(len(daemon.status()["sinks"]), 3)

    def test_a_sink_that_hangs_delays_nobody(self):
        hung = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)  # bound, and never read
        hung.bind(str(self.world.folder / "hung.sock"))
        self.addCleanup(hung.close)
        daemon, _ = self.configured(Sinks=[f"syslog:{self.world.folder}/hung.sock"])
        for _ in range(30):
            self.curl()
        lab.await_true(lambda: "(" in daemon.status()["sinks"][0], "a sink that says what is wrong")
        self.curl()


if __name__ == "__main__":
    lab.main()
