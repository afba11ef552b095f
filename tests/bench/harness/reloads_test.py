# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
import unittest

from harness import reloads


def result(number, mode, p50, p99, count=0):
    return {"round": number, "mode": mode,
            "tcp": {"p50_us": p50, "p99_us": p99, "reloads_a_minute": count}}


class TableTest(unittest.TestCase):
    def test_ratios_are_taken_within_a_round(self):
        results = []
        for number, slowness in enumerate((1.0, 2.0, 4.0)):  # of the machine
            results.append(result(number, reloads.QUIET, 50 * slowness, 100 * slowness))
            results.append(result(number, reloads.NEIGHBOUR, 55 * slowness, 300 * slowness, 999))
            results.append(result(number, reloads.OWN, 110 * slowness, 600 * slowness, 1001))
        self.assertEqual(reloads.table(results).splitlines()[2:], [
            "| tcp | nothing | 0 | 100 | 1.00 | 0.91 | 200 | 1.00 | 0.33 |",
            "| tcp | a neighbour's | 999 | 110 | 1.10 | 1.00 | 600 | 3.00 | 1.00 |",
            "| tcp | its own | 1,001 | 220 | 2.20 | 2.00 | 1,200 | 6.00 | 2.00 |"])

    def test_without_anything_to_compare_with_there_is_no_ratio(self):
        self.assertEqual(reloads.table([result(0, reloads.OWN, 50, 90, 1000)]).splitlines()[2:], [
            "| tcp | its own | 1,000 | 50 |  |  | 90 |  |  |"])


if __name__ == "__main__":
    unittest.main()
