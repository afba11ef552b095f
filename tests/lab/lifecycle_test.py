# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""Beginning and end: no firewall rule outlives the daemon, and a killed one harms nobody."""

import contextlib
import os
import signal
import socket
import threading

import lab


class Knocking:
    """Sends datagrams to a port, each from a socket of its own, until the end of the block."""

    def __init__(self, host, port):
        self.to = (host, port)
        self.count = 0
        self.ending = threading.Event()
        self.thread = threading.Thread(target=self.knock)

    def knock(self):
        while not self.ending.wait(0.001):
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
                with contextlib.suppress(PermissionError):  # dropped on the way out
                    sender.sendto(b"knock", self.to)
            self.count += 1

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ending.set()
        self.thread.join()


class LifecycleTest(lab.LabTest):
    def fetch(self, *more):
        return lab.run("curl", "-s", "--max-time", "1", *more, f"http://{lab.SERVER4}/")

    def deny_all(self, **options):
        return self.daemon(rules=[lab.deny_all()], **options)

    def check_signal_ends_it(self, number):
        guard = self.deny_all()
        self.assertNotEqual(lab.firewall_rules(), self.rules_before)
        self.assertNotEqual(self.fetch().code, 0)
        guard.signal(number)
        self.assertEqual(guard.wait(), 0, guard.log_text())
        self.assertEqual(lab.firewall_rules(), self.rules_before)
        self.assertEqual(self.fetch().code, 0)

    def test_sigterm_leaves_no_rule(self):
        self.check_signal_ends_it(signal.SIGTERM)

    def test_sigint_leaves_no_rule(self):
        self.check_signal_ends_it(signal.SIGINT)

    def test_sighup_leaves_no_rule(self):
        self.check_signal_ends_it(signal.SIGHUP)

    def test_pressing_ctrl_c_again_and_again_does_no_harm(self):
        """The terminal signals the whole group: also the iptables that is removing our rules."""
        guard = self.deny_all()
        os.killpg(guard.process.pid, signal.SIGINT)

        def ended():
            with contextlib.suppress(ProcessLookupError):
                os.killpg(guard.process.pid, signal.SIGINT)
            return guard.process.poll() is not None
        lab.await_true(ended, "the end of the daemon")
        self.assertEqual(guard.wait(), 0, guard.log_text())
        self.assertEqual(lab.firewall_rules(), self.rules_before)

    def test_killed_with_bypass_traffic_flows_and_the_next_start_cleans_up(self):
        first = self.deny_all(queue=50)
        standing = lab.firewall_rules()
        self.assertNotEqual(self.fetch().code, 0)
        first.signal(signal.SIGKILL)
        first.wait()
        self.assertEqual(lab.firewall_rules(), standing)  # nobody was left to remove them
        self.assertEqual(self.fetch().code, 0)
        second = self.deny_all(queue=50)
        self.assertEqual(lab.firewall_rules(), standing)  # once, not twice
        self.assertNotEqual(self.fetch().code, 0)
        second.signal(signal.SIGTERM)
        self.assertEqual(second.wait(), 0)
        self.assertEqual(lab.firewall_rules(), self.rules_before)

    def test_killed_the_next_start_cleans_up_whatever_firewall_it_used(self):
        for before, after in (("iptables-nft", "iptables-legacy"),
                              ("iptables-legacy", "iptables-nft")):
            with self.subTest(before=before, after=after):
                first = self.daemon(flags=["-firewall", before])
                first.signal(signal.SIGKILL)
                first.wait()
                second = self.daemon(flags=["-firewall", after])
                self.assertEqual(self.fetch().code, 0)
                second.signal(signal.SIGTERM)
                self.assertEqual(second.wait(), 0)
                self.assertEqual(lab.firewall_rules(), self.rules_before)

    def test_killed_without_bypass_nothing_flows_until_the_next_start(self):
        first = self.daemon(flags=["-queue-bypass=false"])
        self.assertEqual(self.fetch().code, 0)
        first.signal(signal.SIGKILL)
        first.wait()
        self.world.forget()
        self.assertNotEqual(self.fetch().code, 0)
        self.assertEqual(self.world.arrived(syn=True), [])
        self.daemon()
        self.assertEqual(self.fetch().code, 0)

    def test_a_killed_one_without_bypass_is_followed_without_a_gap(self):
        for before, after in (("iptables-legacy", "iptables-legacy"),
                              ("iptables-nft", "iptables-nft"),
                              ("iptables-nft", "iptables-legacy")):
            with self.subTest(before=before, after=after):
                closed = ["-queue-bypass=false", "-firewall"]
                first = self.deny_all(flags=[*closed, before])
                first.signal(signal.SIGKILL)
                first.wait()
                self.world.forget()
                with Knocking(lab.SERVER4, 7) as knocking:
                    second = self.deny_all(flags=[*closed, after])
                    already = knocking.count
                    lab.await_true(lambda at=already: knocking.count > at + 100, "more knocks")
                self.assertGreater(already, 10)  # while it started
                self.assertEqual(self.world.arrived(target_port=7), [])
                second.signal(signal.SIGTERM)
                self.assertEqual(second.wait(), 0)
                self.assertEqual(lab.firewall_rules(), self.rules_before)

    def test_one_that_cannot_start_keeps_a_closed_host_closed(self):
        self.addCleanup(lab.run, lab.program("procwalld"), "-remove-firewall")
        guard = self.daemon(expect_ready=False,
                            flags=["-queue-bypass=false", "-rules-path", "/nowhere/rules"])
        self.assertEqual(guard.wait(), 1)
        self.assertIn("host_closed", guard.log_text())
        self.assertNotEqual(self.fetch().code, 0)
        self.assertEqual(self.world.arrived(syn=True), [])
        lab.must(lab.program("procwalld"), "-remove-firewall")
        self.assertEqual(lab.firewall_rules(), self.rules_before)
        self.assertEqual(self.fetch().code, 0)

    def test_rules_of_others_are_left_alone(self):
        mine = ("OUTPUT", "-t", "mangle", "-p", "tcp", "--dport", "4444", "-j", "ACCEPT")
        lab.must("iptables", "-A", *mine)
        self.addCleanup(lab.must, "iptables", "-D", *mine)
        before = lab.firewall_rules()
        guard = self.deny_all()
        guard.signal(signal.SIGTERM)
        self.assertEqual(guard.wait(), 0)
        self.assertEqual(lab.firewall_rules(), before)

    def test_every_firewall_this_kernel_knows_works(self):
        for kind in ("iptables-legacy", "iptables-nft"):
            with self.subTest(kind):
                guard = self.deny_all(flags=["-firewall", kind])
                self.assertNotEqual(self.fetch("-4").code, 0)
                self.assertEqual(guard.status()["firewall"], kind)
                guard.signal(signal.SIGTERM)
                self.assertEqual(guard.wait(), 0, guard.log_text())
                self.assertEqual(lab.firewall_rules(), self.rules_before)


if __name__ == "__main__":
    lab.main()
