# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
import unittest

from harness import hooks
from harness.bpf_statistics import Ran


class TableTest(unittest.TestCase):
    def test_medians_what_each_daemon_adds_and_what_it_does_while_it_is_quiet(self):
        results = [{"round": number, "mode": mode, "tcp": value}
                   for mode, took in ((hooks.NONE, (800.0, 1000.0, 5000.0)),
                                      (hooks.OFF, (1050.0, 1025.0, 1200.0)),
                                      (hooks.ON, (1100.0, 880.0, 1200.0)))
                   for number, value in enumerate(took)]
        self.assertEqual(hooks.table(results).splitlines(), [
            "| load | no daemon | witness off | witness on | off / none | on / none "
            "| quiet: off / none | on / none |",
            "|---|---:|---:|---:|---:|---:|---:|---:|",
            "| tcp, ns | 1,000.0 | 1,050.0 | 1,100.0 | 1.025 | 0.880 | 1.153 | 1.100 |"])

    def test_a_daemon_without_a_witness_is_compared_alone(self):
        results = [{"round": 0, "mode": mode, "udp": 500.0} for mode in (hooks.NONE, hooks.OFF)]
        self.assertEqual(hooks.table(results).splitlines()[-1],
                         "| udp, ns | 500.0 | 500.0 | 1.000 |  | 1.000 |  |")

    def test_of_throughput_the_most_is_the_quiet_one(self):
        self.assertEqual(hooks.quiet([1.0, 2.0, 3.0], "Gbit/s"), 2.5)
        self.assertEqual(hooks.quiet([1.0, 2.0, 3.0], "ns"), 1.5)


class TableOfRunsTest(unittest.TestCase):
    def test_tells_each_program_s_part_of_the_time_and_that_of_all(self):
        counted = {"udp": (1_000_000, [Ran("connect4", 100, 20_000), Ran("fork", 1, 500)])}
        self.assertEqual(hooks.table_of_runs(counted).splitlines()[2:], [
            "| udp | connect4 | 100 | 200 | 2.000 |", "| udp | fork | 1 | 500 | 0.050 |",
            "| udp | all | 101 | | 2.050 |"])


if __name__ == "__main__":
    unittest.main()
