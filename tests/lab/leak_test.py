# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""A rule that denies everything lets nothing through, named or not: counted at the server."""

import concurrent.futures
import os
import pathlib
import signal
import subprocess

import lab

PROGRAMS = 200


class LeakTest(lab.LabTest):
    def send(self, protocol, family, ending):
        """PROGRAMS programs of their own process, four at a time, that send once and are gone."""
        sender = lab.program("lab_sender")
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            codes = list(pool.map(
                lambda _: lab.run(sender, protocol, lab.SERVER[family], "7", ending).code,
                range(PROGRAMS)))
        self.assertEqual(codes, [0] * PROGRAMS)

    def settle(self, guard, packets):
        """Waits until every packet was answered: nothing can be on its way any more."""
        def settled():
            counters = lab.counters(guard.status())
            return counters["packets"] >= packets and counters["parked"] == 0
        lab.await_true(settled, f"{packets} answered packets")
        counters = lab.counters(guard.status())
        self.assertEqual(counters["lost_queue_full"] + counters["lost_buffer_full"], 0)
        return counters

    def check(self, protocol, family, guard):
        for rounds, ending in enumerate(("exit", "close", "fork"), 1):
            self.send(protocol, family, ending)
            counters = self.settle(guard, rounds * PROGRAMS)
            leaked = self.world.arrived(target=lab.SERVER[family], target_port=7)
            self.assertEqual(len(leaked), 0, f"{protocol} {ending}: {len(leaked)} leaked")
            self.assertEqual(counters["allowed"], 0)

    def test_udp_over_ipv4(self):
        self.check("udp", 4, self.daemon(rules=[lab.deny_all()]))

    def test_udp_over_ipv6(self):
        self.check("udp", 6, self.daemon(rules=[lab.deny_all()]))

    def test_tcp_over_ipv4(self):
        self.check("tcp", 4, self.daemon(rules=[lab.deny_all()]))

    def test_tcp_over_ipv6(self):
        self.check("tcp", 6, self.daemon(rules=[lab.deny_all()]))

    def test_the_default_action_leaks_nothing_either(self):
        self.check("udp", 4, self.daemon(default="deny"))

    def test_without_a_daemon_the_same_programs_do_arrive(self):
        self.send("udp", 4, "exit")
        self.assertEqual(len(self.world.arrived(target=lab.SERVER4, target_port=7)), PROGRAMS)


# Begins a connection, says from which port, and closes it with its input.
OPENS = """
import socket, sys
client = socket.socket(socket.AF_INET6 if ":" in sys.argv[1] else socket.AF_INET)
client.setblocking(False)
client.connect_ex((sys.argv[1], 7))
print(client.getsockname()[1], flush=True)
sys.stdin.read()
client.close()
print("closed", flush=True)
"""


def waiting_packets():
    """Packets of this namespace that the kernel waits for a verdict on (the third column)."""
    rows = pathlib.Path("/proc/self/net/netfilter/nfnetlink_queue").read_text(encoding="ascii")
    return sum(int(row.split()[2]) for row in rows.splitlines())


class SentAgainTest(lab.LabTest):
    """TCP sends again what was denied, and a program may have closed its socket by then."""

    def check(self, family):
        program = os.path.realpath(lab.PYTHON)
        guard = self.daemon(rules=[lab.rule("no-python", "deny", "process.path", program)],
                            flags=("-witness=off",))
        client = subprocess.Popen([lab.PYTHON, "-c", OPENS, lab.SERVER[family]], text=True,
                                  stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.addCleanup(lab.end, client)
        port = int(client.stdout.readline())
        self.expect_event(guard, action="deny", rule="no-python", src_port=port)
        guard.signal(signal.SIGSTOP)
        try:
            lab.await_true(lambda: waiting_packets() > 0, "the second SYN")
            client.stdin.close()
            self.assertEqual(client.stdout.readline(), "closed\n")
        finally:
            guard.signal(signal.SIGCONT)
        def decided():
            return [event for event in guard.events.all() if event["src_port"] == port]
        lab.await_true(lambda: len(decided()) > 1, "the second SYN's verdict")
        for event in decided():
            self.assertEqual((event["action"], event["process_path"]), ("deny", program), event)
        self.assertEqual(self.world.arrived(target=lab.SERVER[family], target_port=7), [])

    def test_over_ipv4(self):
        self.check(4)

    def test_over_ipv6(self):
        self.check(6)


if __name__ == "__main__":
    lab.main()
