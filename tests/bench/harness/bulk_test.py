# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
import unittest

from harness import bulk


class TableTest(unittest.TestCase):
    def test_ratios_are_taken_within_a_round(self):
        results = []
        for number, speed in enumerate((10.0, 20.0, 40.0)):  # of the machine
            results.append({"round": number, "mode": bulk.NONE, "tcp": speed})
            results.append({"round": number, "mode": bulk.GUARDED, "tcp": 0.99 * speed})
        self.assertEqual(bulk.table(results).splitlines()[2:], [
            "| tcp | no firewall | 20.00 | 1.000 |",
            "| tcp | procwalld | 19.80 | 0.990 |"])

    def test_without_anything_to_compare_with_there_is_no_ratio(self):
        results = [{"round": 0, "mode": bulk.GUARDED, "udp": 5.0}]
        self.assertEqual(bulk.table(results).splitlines()[2:], ["| udp | procwalld | 5.00 |  |"])


if __name__ == "__main__":
    unittest.main()
