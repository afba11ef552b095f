# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
import unittest

from harness.report import Report


def result(subject, number=0, case="tcp-1@0", **values):
    return {"round": number, "case": case, "title": "TCP", "fds": 0, "subject": subject,
            "count": 100, "errors": 0, "lost": 0, "cpu_us": 10.0, "VmHWM": 2048, "VmRSS": 1024,
            "p50_ns": 50_000, "p90_ns": 60_000, "p99_ns": 90_000, "max_ns": 100_000,
            "rate": 1000.0, **values}


def claims(report):
    return {claim: reached for claim, _, reached in report.targets("procwalld")}


class ReportTest(unittest.TestCase):
    def test_a_ratio_is_the_median_of_the_ratios_of_each_round(self):
        report = Report([result("null", 0, p50_ns=10), result("procwalld", 0, p50_ns=20),
                         result("null", 1, p50_ns=100), result("procwalld", 1, p50_ns=110),
                         result("null", 2, p50_ns=10), result("procwalld", 2, p50_ns=13)])
        self.assertEqual(report.ratio("tcp-1@0", "procwalld", "p50_ns"), 1.3)

    def test_a_round_that_null_did_not_finish_gives_no_ratio(self):
        report = Report([result("procwalld")])
        self.assertIsNone(report.ratio("tcp-1@0", "procwalld", "p50_ns"))

    def test_the_table_has_a_row_per_case_and_subject_in_order(self):
        report = Report([result("none"), result("null"), result("procwalld", p50_ns=100_000)])
        self.assertEqual(report.table().splitlines()[2:], [
            "| TCP | 0 | none | 50 | 60 | 90 | 1,000 |  |  |  |  | 0 | 0 |",
            "| TCP | 0 | null | 50 | 60 | 90 | 1,000 | 10 |  |  |  | 0 | 0 |",
            "| TCP | 0 | procwalld | 100 | 60 | 90 | 1,000 | 10 | 2.00 | 1.00 | 1.00 | 0 | 0 |",
        ])

    def test_targets_say_which_are_reached(self):
        report = Report([result("null"), result("procwalld", p50_ns=66_000, p99_ns=170_000,
                                                VmRSS=30 * 1024)])
        self.assertEqual(claims(report), {"tcp-1@0: p50 <= 1.3 x null": False,
                                          "tcp-1@0: p99 <= 2 x null": True,
                                          "resident memory after a case <= 25 MB": False})

    def test_one_unanswered_socket_misses_the_flood_target(self):
        report = Report([result("null", case="flood@0"),
                         result("procwalld", case="flood@0", errors=1)])
        self.assertFalse(claims(report)["flood@0: all answered, nothing lost"])

    def test_a_p50_that_grows_with_the_open_fds_is_not_flat(self):
        report = Report([result("null"), result("procwalld"),
                         result("null", case="tcp-1@200000"),
                         result("procwalld", case="tcp-1@200000", p50_ns=64_000)])
        self.assertFalse(
            claims(report)["tcp-1: p50 / null flat over the extra fds (within 1.25 x)"])


if __name__ == "__main__":
    unittest.main()
