# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
import argparse
import contextlib
import io
import unittest

from harness import accuracy, accuracy_report, accuracy_subjects
from truth import AMBIGUOUS, MISSING, RIGHT, UNKNOWN, WRONG, Record, Truth, compare

COLUMNS = " right % | unknown % | ambiguous % | no record % | wrong % | certain and wrong |" \
          " right, other pid | not sent |"


def result(case="exit-udp4", subject="procwalld-witness", background=0, pace="burst", certain=0,
           **counts):
    verdicts = {RIGHT: 0, UNKNOWN: 0, AMBIGUOUS: 0, MISSING: 0, WRONG: 0}
    return {"case": case, "subject": subject, "background": background, "pace": pace,
            "counts": {**verdicts, **counts}, "certain_and_wrong": certain, "other_pid": 0,
            "not_sent": 0, "reasons": {}, "wrong": []}


class TableTest(unittest.TestCase):
    def test_a_row_adds_up_what_is_not_named_in_it(self):
        table = accuracy_report.table(
            [result(right=3), result(pace="5ms", right=0, unknown=1)], ("case", "subject"))
        self.assertEqual(table.splitlines(), [
            "| case | subject |" + COLUMNS, "|---|---|" + "---:|" * 8,
            "| exit-udp4 | procwalld-witness | 75.0 (3) | 25.0 (1) | 0 | 0 | 0 | 0 | 0 | 0 |"])

    def test_rows_come_in_the_order_of_the_results(self):
        table = accuracy_report.table(
            [result(background=50_000, wrong=1, certain=1), result(right=1)], ("background",))
        self.assertEqual(table.splitlines()[2:], [
            "| 50,000 | 0 | 0 | 0 | 0 | 100.0 (1) | 1 | 0 | 0 |",
            "| 0 | 100.0 (1) | 0 | 0 | 0 | 0 | 0 | 0 | 0 |"])

    def test_nothing_sent_has_no_percentages(self):
        table = accuracy_report.table([{**result(), "not_sent": 4}], ("case",))
        self.assertEqual(table.splitlines()[-1], "| exit-udp4 |  |  |  |  |  | 0 | 0 | 4 |")


class SummaryTest(unittest.TestCase):
    def test_honest_ignorance_is_no_failure(self):
        results = [result(right=1, unknown=5, ambiguous=2)]
        self.assertEqual(accuracy_report.wrong_of_procwalld(results), 0)
        self.assertEqual(accuracy_report.summary(results),
                         "ok: procwalld was wrong about none of 8 packets")

    def test_one_wrong_name_is(self):
        results = [result(right=9), result(case="lend-udp4", wrong=1)]
        self.assertEqual(accuracy_report.wrong_of_procwalld(results), 1)
        self.assertEqual(
            accuracy_report.summary(results),
            "FAILED: procwalld was wrong about 1 of 10 packets: lend-udp4 (procwalld-witness)")

    def test_what_others_get_wrong_is_their_business(self):
        results = [result(subject="opensnitchd", wrong=5)]
        self.assertEqual(accuracy_report.wrong_of_procwalld(results), 0)
        self.assertEqual(accuracy_report.summary(results), "procwalld was not measured")


class ResultTest(unittest.TestCase):
    def test_certainty_counts_only_where_a_program_is_named_wrongly(self):
        sent = [Truth("udp", f"10.88.0.{i}", 9, "/bin/a", 7) for i in range(3)]
        said = [Record("udp", "10.88.0.0", 9, ("/bin/b",), (8,), "certain", "exact"),
                Record("udp", "10.88.0.1", 9, ("/bin/b",), (8,), "likely", "exact"),
                Record("udp", "10.88.0.2", 9, ("/bin/a",), (7,), "certain", "exact")]
        found = accuracy_report.result_of(compare(sent, said), 4)
        self.assertEqual((found["certain_and_wrong"], found["not_sent"]), (1, 4))
        self.assertEqual(found["counts"], {RIGHT: 1, UNKNOWN: 0, AMBIGUOUS: 0, MISSING: 0, WRONG: 2})
        self.assertEqual(found["wrong"][1]["records"][0]["confidence"], "likely")


class OpensnitchLogTest(unittest.TestCase):
    SEEN = "\x1b[2m[T]\x1b[0m DBG new connection udp6 => 4:fd77::1 -> fd88::4:9 uid: 0\n"
    NAMED = "\x1b[2m[T]\x1b[0m DBG \x1b[1m\x1b[32m✔\x1b[0m\x1b[0m \x1b[1m/bin/a\x1b[0m -> " \
            "\x1b[1mfd88::4\x1b[0m:9 (\x1b[2mallow-all\x1b[0m)\n"
    LOST = "[T] DBG Could not find process by its pid -1 for: 10.77.0.1 (uid:0) ->(udp)-> " \
           "10.88.0.10:9\n"

    def test_a_verdict_names_its_program(self):
        self.assertEqual(accuracy_subjects.records_of_log(self.SEEN + self.NAMED),
                         [Record("udp6", "fd88::4", 9, ("/bin/a",))])

    def test_a_search_in_vain_is_unknown(self):
        self.assertEqual(accuracy_subjects.records_of_log(self.LOST),
                         [Record("udp", "10.88.0.10", 9, (), confidence="unknown",
                                 why="default action")])

    def test_a_connection_still_looked_at_is_no_record_yet(self):
        self.assertEqual(accuracy_subjects.records_of_log(self.SEEN), [])


class OptionsTest(unittest.TestCase):
    def test_a_pace_is_a_time_or_none(self):
        self.assertEqual(accuracy.paces("5ms,burst"), {"5ms": 0.005, "burst": 0.0})
        for text in ("5", "ms", "5s", "fast"):
            with self.assertRaises(argparse.ArgumentTypeError):
                accuracy.parse_pace(text)

    def test_cases_are_chosen_by_name_or_kind(self):
        chosen = accuracy.parse(["--cases", "exec-early,stay-udp4"]).cases
        self.assertEqual([case.name for case in chosen],
                         ["stay-udp4", "exec-early-udp4", "exec-early-tcp4"])

    def test_strangers_are_refused(self):
        for arguments in (["--cases", "nonsense"], ["--subjects", "nonsense"],
                          ["--background", "many"]):
            with self.assertRaises(SystemExit), contextlib.redirect_stderr(io.StringIO()):
                accuracy.parse(arguments)


if __name__ == "__main__":
    unittest.main()
