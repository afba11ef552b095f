# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""A rule that denies everything lets nothing through, named or not: counted at the server."""

import concurrent.futures

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


if __name__ == "__main__":
    lab.main()
