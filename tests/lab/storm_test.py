# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""20,000 connections of 2,000 short-lived processes, as fast as they go: each packet is accounted for."""

import concurrent.futures

import lab

PROCESSES = 2000
EACH = 10  # as sender.cc has it


class StormTest(lab.LabTest):
    def storm(self, protocol):
        """The exit codes. A port of its own to send to for each process: no two send the same flow,
        of which only the first packet would come up."""
        sender = lab.program("lab_sender")
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            return list(pool.map(
                lambda port: lab.run(sender, protocol, lab.SERVER4, str(port), "storm").code,
                range(20000, 20000 + PROCESSES)))

    def settled(self, guard, sent):
        """The counters, when every packet that was sent was decided or counted as lost."""
        def done():
            counters = lab.counters(guard.status())
            lost = counters["lost_queue_full"] + counters["lost_buffer_full"]
            return counters["packets"] + lost >= sent and counters["parked"] == 0
        lab.await_true(done, f"{sent} decided or lost packets")
        return lab.counters(guard.status())

    def check(self, protocol):
        guard = self.daemon(default="allow")
        self.assertEqual(self.storm(protocol), [0] * PROCESSES)
        counters = self.settled(guard, PROCESSES * EACH)
        decided = counters["allowed"] + counters["denied"] + counters["rejected"]
        lost = counters["lost_queue_full"] + counters["lost_buffer_full"]
        self.assertEqual(decided + counters["dns_answers"], counters["packets"])
        # A SYN may be sent again while it waits.
        at_least = self.assertEqual if protocol == "udp" else self.assertGreaterEqual
        at_least(decided + lost, PROCESSES * EACH)
        if guard.status()["witness"]["runs"]:
            unknown = {event["unknown_reason"] + ": " + event["evidence"]
                       for event in guard.events.all() if event["confidence"] == "unknown"}
            self.assertEqual((counters["unknown"], unknown), (0, set()))

    def test_udp(self):
        self.check("udp")

    def test_tcp(self):
        self.check("tcp")


if __name__ == "__main__":
    lab.main()
