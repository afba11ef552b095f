# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
import unittest

from harness import turns


class RatiosTest(unittest.TestCase):
    def test_are_taken_within_a_round_that_has_both(self):
        results = [{"round": 0, "mode": "a", "tcp": 2.0}, {"round": 0, "mode": "b", "tcp": 1.0},
                   {"round": 1, "mode": "a", "tcp": 9.0}, {"round": 1, "mode": "b", "udp": 1.0}]
        self.assertEqual(turns.ratios(results, "tcp", "a", "b"), [2.0])


class IntervalOfMedianTest(unittest.TestCase):
    def test_less_than_six_values_tell_nothing(self):
        self.assertIsNone(turns.interval_of_median([]))
        self.assertIsNone(turns.interval_of_median([1, 2, 3, 4, 5]))

    def test_is_that_of_the_sign_test(self):  # as tables of it have it
        for count, ends in ((6, (1, 6)), (8, (1, 8)), (9, (2, 8)), (20, (6, 15)), (24, (7, 18)),
                            (25, (8, 18)), (100, (40, 61))):
            self.assertEqual(turns.interval_of_median(range(count, 0, -1)), ends, count)

    def test_is_shown_where_there_is_one(self):
        self.assertEqual(turns.shown([]), "")
        self.assertEqual(turns.shown([1.0, 1.02]), "1.010")
        self.assertEqual(turns.shown([1.0, 1.1, 0.9, 1.0, 1.0, 1.0]), "1.000 (0.900 to 1.100)")


if __name__ == "__main__":
    unittest.main()
