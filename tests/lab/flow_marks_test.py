# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""One packet per flow: what was let through does not come up again, until the rules change."""

import pathlib
import re
import socket

import lab

SILENT = 9  # a port of the server's that never answers
DATAGRAMS = 20_000
OUR_BIT, FOREIGN_BIT = 0x20000000, 0x77


class FlowMarksTest(lab.LabTest):
    def packets(self, guard):
        return lab.counters(guard.status())["packets"]

    def sent(self):
        lines = pathlib.Path("/proc/net/dev").read_text("ascii").splitlines()
        line = next(line for line in lines if line.strip().startswith("pw0:"))
        return int(line.split(":")[1].split()[9])  # transmitted packets

    def one_way(self, family):
        sender = socket.socket(socket.AF_INET if family == 4 else socket.AF_INET6, socket.SOCK_DGRAM)
        self.addCleanup(sender.close)
        sender.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
        return lambda: sender.sendto(b"x", (lab.SERVER[family], SILENT))

    def judged(self, guard, action, count=1, seconds=lab.DEADLINE):
        return guard.events.wait_count(
            lambda event: event["dst_port"] == SILENT and event["action"] == action, count, seconds)

    def check(self, family):
        guard = self.daemon()
        send = self.one_way(family)
        send()
        self.assertTrue(self.judged(guard, "allow"))
        before, left_before = self.packets(guard), self.sent()
        for _ in range(DATAGRAMS):
            send()
        lab.await_true(lambda: self.sent() - left_before >= DATAGRAMS, "all to have left")
        self.assertLessEqual(self.packets(guard) - before, 1)

    def test_a_one_way_flow_over_ipv4(self):
        self.check(4)

    def test_a_one_way_flow_over_ipv6(self):
        self.check(6)

    def test_a_rule_that_denies_it_stops_it(self):
        guard = self.daemon()
        send = self.one_way(4)
        send()
        self.assertTrue(self.judged(guard, "allow"))
        guard.write_rule(lab.rule("stop", "deny", "dest.port", str(SILENT)))

        def is_stopped():
            send()
            return self.judged(guard, "deny", seconds=0.1)
        lab.await_true(is_stopped, "the flow to be judged again")
        before = len(self.world.arrived(target_port=SILENT))
        for _ in range(20):
            send()
        lab.await_true(lambda: lab.counters(guard.status())["denied"] >= 20, "20 denials")
        self.assertEqual(len(self.world.arrived(target_port=SILENT)), before)

    def test_a_program_of_its_own_socket_is_judged(self):
        guard = self.daemon()
        for number in range(1, 4):
            self.one_way(4)()
            self.assertTrue(self.judged(guard, "allow", number))

    def test_foreign_bits_stay_and_ours_go_with_the_daemon(self):
        mangle = ["iptables-legacy", "-t", "mangle"]
        marking = ["POSTROUTING", "-p", "udp", "--dport", str(SILENT), "-j", "CONNMARK",
                   "--set-xmark", f"{FOREIGN_BIT:#x}/{0xffff:#x}"]
        lab.must(*mangle, "-A", *marking)
        self.addCleanup(lab.run, *mangle, "-D", *marking)
        guard = self.daemon()
        self.one_way(4)()
        event = self.judged(guard, "allow")[0]
        lab.await_true(lambda: self.mark(event["src_port"]) == OUR_BIT | FOREIGN_BIT, "both marks")
        guard.end()
        self.assertEqual(self.mark(event["src_port"]), FOREIGN_BIT)

    def mark(self, port):
        """Of the flow from this port to the silent one, as the kernel lists it."""
        for line in pathlib.Path("/proc/net/nf_conntrack").read_text("ascii").splitlines():
            if f"sport={port} dport={SILENT} " in line:
                return int(re.search(r"mark=(\d+)", line)[1])
        return None


if __name__ == "__main__":
    lab.main()
