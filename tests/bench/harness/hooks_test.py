# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
import unittest

from harness import hooks


class TableTest(unittest.TestCase):
    def test_medians_and_what_the_witness_adds(self):
        results = [{"mode": hooks.OFF, "tcp": value} for value in (900.0, 1000.0, 5000.0)]
        results += [{"mode": hooks.ON, "tcp": value} for value in (1100.0, 1050.0, 1200.0)]
        self.assertEqual(hooks.table(results).splitlines(), [
            "| load | witness off | witness on | on - off | on / off |",
            "|---|---:|---:|---:|---:|",
            "| tcp, ns | 1,000.0 | 1,100.0 | +100.0 | 1.100 |"])

    def test_without_a_witness_nothing_is_compared(self):
        results = [{"mode": hooks.NONE, "udp": 500.0}, {"mode": hooks.OFF, "udp": 500.0}]
        self.assertEqual(hooks.table(results).splitlines()[-1],
                         "| udp, ns | 500.0 | 500.0 |  |  |")


if __name__ == "__main__":
    unittest.main()
