# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
import unittest

from harness import rules


def result(subject, size, p50):
    return {"subject": subject, "rules": size, "guarded_s": 0.1, "ready_s": 0.2, "p50_us": p50,
            "p99_us": 2 * p50, "failed": 0, "memory_kb": 20_000}


class TableTest(unittest.TestCase):
    def test_medians_and_the_ratio_to_the_fewest_rules(self):
        results = [result("procwalld", 10, value) for value in (90.0, 100.0, 500.0)]
        results += [result("procwalld", 1000, 150.0), result("opensnitchd", 10, 800.0)]
        self.assertEqual(rules.table(results).splitlines()[2:], [
            "| 10 | procwalld | 0.10 | 0.20 | 100 | 1.00 | 200 | 20 |",
            "| 10 | opensnitchd | 0.10 | 0.20 | 800 | 1.00 | 1,600 | 20 |",
            "| 1,000 | procwalld | 0.10 | 0.20 | 150 | 1.50 | 300 | 20 |"])


if __name__ == "__main__":
    unittest.main()
