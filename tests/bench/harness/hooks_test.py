# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
import unittest

from harness import hooks


class TableTest(unittest.TestCase):
    def test_medians_what_each_daemon_adds_and_what_it_does_while_it_is_quiet(self):
        results = [{"mode": hooks.NONE, "tcp": value} for value in (800.0, 1000.0, 5000.0)]
        results += [{"mode": hooks.OFF, "tcp": value} for value in (1050.0, 1025.0, 1200.0)]
        results += [{"mode": hooks.ON, "tcp": value} for value in (1100.0, 880.0, 1200.0)]
        self.assertEqual(hooks.table(results).splitlines(), [
            "| load | no daemon | witness off | witness on | off / none | on / none "
            "| quiet: off / none | on / none |",
            "|---|---:|---:|---:|---:|---:|---:|---:|",
            "| tcp, ns | 1,000.0 | 1,050.0 | 1,100.0 | 1.050 | 1.100 | 1.153 | 1.100 |"])

    def test_a_daemon_without_a_witness_is_compared_alone(self):
        results = [{"mode": hooks.NONE, "udp": 500.0}, {"mode": hooks.OFF, "udp": 500.0}]
        self.assertEqual(hooks.table(results).splitlines()[-1],
                         "| udp, ns | 500.0 | 500.0 | 1.000 |  | 1.000 |  |")

    def test_of_throughput_the_most_is_the_quiet_one(self):
        self.assertEqual(hooks.quiet([1.0, 2.0, 3.0], "Gbit/s"), 2.5)
        self.assertEqual(hooks.quiet([1.0, 2.0, 3.0], "ns"), 1.5)


if __name__ == "__main__":
    unittest.main()
