# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""What a watcher is told about a decision, and that every watcher is told."""

import datetime
import os
import re

import lab


class EventsTest(lab.LabTest):
    def setUp(self):
        super().setUp()
        self.guard = self.daemon(rules=[
            lab.rule("no-curl", "deny", "process.path", "/usr/bin/curl")])

    def connect(self, *arguments):
        return lab.run(lab.PYTHON, "-I", "-c",
                       f"import socket; socket.create_connection(('{lab.SERVER4}', 7), 5).close()",
                       *arguments)

    def test_an_event_says_who_what_why_and_how_sure(self):
        ran = lab.run("curl", "-s", "--max-time", "1", f"http://{lab.SERVER4}/secret")
        event = self.expect_event(self.guard, pid=ran.pid)
        told = {key: event[key] for key in ("action", "rule", "reason", "protocol", "src_ip", "dst_ip",
                                            "dst_port", "uid", "pid", "process_path", "process_args",
                                            "confidence")}
        self.assertEqual(told, {
            "action": "deny", "rule": "no-curl", "reason": "rule", "protocol": "tcp",
            "src_ip": lab.HOST4, "dst_ip": lab.SERVER4, "dst_port": 80, "pid": ran.pid,
            "uid": os.geteuid(),  # as this namespace counts
            "process_path": "/usr/bin/curl",
            "process_args": ["curl", "-s", "--max-time", "1", f"http://{lab.SERVER4}/secret"],
            "confidence": event["confidence"]})
        self.assertIn(event["confidence"], ("certain", "likely"))
        self.assertRegex(event["evidence"], "^(exact socket|seen at)")
        self.assertGreater(event["src_port"], 0)
        self.assertGreater(float(event["latency_us"]), 0)
        self.assertLess(float(event["latency_us"]), 1e6)

    def test_its_time_is_now_in_nanoseconds(self):
        ran = self.connect()
        event = self.expect_event(self.guard, pid=ran.pid)
        self.assertRegex(event["time"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}(Z|[+-]\d\d:\d\d)$")
        whole = re.sub(r"(\.\d{6})\d{3}", r"\1", event["time"].replace("Z", "+00:00"))
        age = datetime.datetime.now(datetime.timezone.utc) - datetime.datetime.fromisoformat(whole)
        self.assertLess(abs(age.total_seconds()), 60)

    def test_ipv6_and_udp_are_named(self):
        ran = lab.run("dig", "+tries=1", f"@{lab.SERVER6}", lab.SERVER_NAME)
        event = self.expect_event(self.guard, pid=ran.pid)
        self.assertEqual((event["action"], event["dst_ip"], event["dst_port"], event["src_ip"]),
                         ("allow", lab.SERVER6, 53, lab.HOST6))
        self.assertTrue(event["protocol"].startswith("udp"))

    def test_the_arguments_of_a_stranger_cannot_write_on_the_terminal(self):
        ran = self.connect("\x1b[31mred\n")
        event = self.expect_event(self.guard, pid=ran.pid)
        self.assertNotIn("\x1b", "".join(event["process_args"]))
        self.assertIn("red", event["process_args"][-1])

    def test_a_watcher_that_comes_late_is_told_what_happened_before(self):
        ran = self.connect()
        self.expect_event(self.guard, pid=ran.pid)
        self.expect_event(self.guard, events=self.guard.watch(), pid=ran.pid)

    def test_every_watcher_is_told(self):
        watchers = [self.guard.watch() for _ in range(5)]
        ran = self.connect()
        told = [self.expect_event(self.guard, events=watcher, pid=ran.pid) for watcher in watchers]
        self.assertEqual(told, told[:1] * len(watchers))

    def test_a_watcher_that_leaves_disturbs_nobody(self):
        self.guard.watch()
        leaver = self.guard.watchers.pop()
        leaver.kill()
        lab.end(leaver)
        ran = self.connect()
        self.expect_event(self.guard, pid=ran.pid)

    def test_every_packet_is_accounted_for(self):
        for _ in range(20):
            self.connect()
        lab.run("curl", "-s", "--max-time", "1", f"http://{lab.SERVER_NAME}/")
        lab.run("dig", "+tries=1", f"@{lab.SERVER4}", lab.SERVER_NAME)
        seen = lab.counters(self.guard.status())
        self.assertGreaterEqual(seen["allowed"], 20)
        self.assertGreaterEqual(seen["denied"], 1)
        self.assertGreaterEqual(seen["dns_answers"], 1)
        self.assertEqual(seen["packets"], seen["allowed"] + seen["denied"] + seen["rejected"]
                         + seen["parked"] + seen["dns_answers"])


class MarkTest(lab.LabTest):
    MARK = 0x77

    def test_a_packet_keeps_its_mark(self):
        self.daemon()
        counted = ("POSTROUTING", "-t", "mangle", "-m", "mark", "--mark", str(self.MARK))
        lab.must("iptables", "-A", *counted)
        self.addCleanup(lab.must, "iptables", "-D", *counted)
        ran = lab.run(lab.PYTHON, "-I", "-c", f"""
import socket
client = socket.socket()
client.setsockopt(socket.SOL_SOCKET, socket.SO_MARK, {self.MARK})
client.settimeout(5)
client.connect(("{lab.SERVER4}", 7))
""")
        self.assertEqual(ran.code, 0, ran.errors)
        listing = lab.must("iptables", "-t", "mangle", "-nvxL", "POSTROUTING").splitlines()
        packets = int(next(line for line in listing if "mark match" in line).split()[0])
        self.assertGreaterEqual(packets, 2)  # the SYN was queued; the ACK shows the rule counts


if __name__ == "__main__":
    lab.main()
