# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
import unittest

from harness import watchers


def result(count, p50, messages=0):
    return {"watchers": count, "p50_us": p50, "p90_us": 1.5 * p50, "p99_us": 2 * p50,
            "verdict_p50_us": p50 / 2, "verdict_p99_us": p50, "rate": 5000.0, "cpu_us": 40.0,
            "failed": 0, "connections": 1000, "messages": messages,
            "bytes": 500 * messages}


class TableTest(unittest.TestCase):
    def test_medians_and_the_ratio_to_no_watchers(self):
        results = [result(0, value) for value in (90.0, 100.0, 500.0)]
        results += [result(10, 105.0, 10_000)]
        self.assertEqual(watchers.table(results).splitlines()[2:], [
            "| 0 | 100.0 | 1.000 | 150.0 | 1.000 | 200.0 | 1.000 | 50.0 | 1.000 | 100.0 | 1.000 |"
            " 5,000 | 40.0 | 0 | 0.0 |",
            "| 10 | 105.0 | 1.050 | 157.5 | 1.050 | 210.0 | 1.050 | 52.5 | 1.050 | 105.0 | 1.050 |"
            " 5,000 | 40.0 | 1,000 | 0.5 |"])

    def test_a_part_of_what_is_sorted(self):
        ordered = [float(number) for number in range(100)]
        self.assertEqual((watchers.at(ordered, 0.5), watchers.at(ordered, 0.99)), (50.0, 99.0))
        self.assertEqual(watchers.at([7.0], 0.99), 7.0)


if __name__ == "__main__":
    unittest.main()
