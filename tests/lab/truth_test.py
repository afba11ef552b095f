# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""truth.py's own logic; needs no lab."""

import unittest

import truth
from truth import AMBIGUOUS, MISSING, RIGHT, UNKNOWN, WRONG, Record, Truth

SENT = Truth("udp", "10.88.0.1", 9, "/bin/a", pid=7)


def record(*programs, protocol="udp", address="10.88.0.1", port=9, pids=(7,), **more):
    return Record(protocol, address, port, programs, pids, **more)


def event(**values):
    return {"protocol": "udp", "dst_ip": "10.88.0.1", "dst_port": 9, "process_path": "/bin/a",
            "pid": 7, "alternatives": [], "confidence": "certain", "unknown_reason": "",
            "evidence": "exact socket", **values}


class JudgeTest(unittest.TestCase):
    def test_the_sender_alone_is_right(self):
        self.assertEqual(truth.judge(SENT, [record("/bin/a")]), RIGHT)

    def test_another_program_is_wrong(self):
        self.assertEqual(truth.judge(SENT, [record("/bin/b")]), WRONG)

    def test_no_program_is_unknown(self):
        self.assertEqual(truth.judge(SENT, [record()]), UNKNOWN)

    def test_several_programs_with_the_sender_are_ambiguous(self):
        self.assertEqual(truth.judge(SENT, [record("/bin/b", "/bin/a")]), AMBIGUOUS)

    def test_several_programs_without_the_sender_are_wrong(self):
        self.assertEqual(truth.judge(SENT, [record("/bin/b", "/bin/c")]), WRONG)

    def test_several_processes_of_the_sender_are_right(self):
        self.assertEqual(truth.judge(SENT, [record("/bin/a", "/bin/a")]), RIGHT)

    def test_no_record_is_missing(self):
        self.assertEqual(truth.judge(SENT, []), MISSING)

    def test_a_wrong_record_of_a_packet_sent_again_is_wrong(self):
        self.assertEqual(truth.judge(SENT, [record("/bin/a"), record("/bin/b")]), WRONG)

    def test_a_later_right_record_does_not_help(self):
        self.assertEqual(truth.judge(SENT, [record(), record("/bin/a")]), UNKNOWN)

    def test_kernel_traffic_is_right_without_a_program_and_wrong_with_one(self):
        kernel = Truth("icmp", "10.88.0.1", 0, None)
        self.assertEqual(truth.judge(kernel, [record(protocol="icmp", port=0)]), RIGHT)
        self.assertEqual(truth.judge(kernel, [record("/bin/a", protocol="icmp")]), WRONG)


class KeyTest(unittest.TestCase):
    def check_same(self, sent, **recorded):
        self.assertEqual(truth.key_of(sent), truth.key_of(record(**recorded)))

    def test_families_and_mapped_addresses_are_one(self):
        self.check_same(SENT, protocol="udp6", address="::ffff:10.88.0.1")

    def test_ports_count_where_there_are_ports(self):
        self.assertNotEqual(truth.key_of(SENT), truth.key_of(record(port=10)))
        self.check_same(Truth("icmp", "10.88.0.1", 9, "/bin/a"), protocol="icmp6", port=0)

    def test_an_icmp_error_is_not_the_datagram_it_is_about(self):
        self.assertNotEqual(truth.key_of(SENT), truth.key_of(record(protocol="icmp")))

    def test_udplite_is_not_udp(self):
        self.assertNotEqual(truth.key_of(SENT), truth.key_of(record(protocol="udplite")))

    def test_a_protocol_without_a_name_may_be_written_in_any_way(self):
        self.check_same(Truth("253", "10.88.0.1", 9, "/bin/a"), protocol="protocol-253", port=0)


class CompareTest(unittest.TestCase):
    def test_every_truth_counts_once(self):
        sent = [Truth("udp", f"10.88.0.{i}", 9, "/bin/a", pid=7) for i in range(4)]
        recorded = [record("/bin/a"), record("/bin/b", address="10.88.0.2"),
                    record(address="10.88.0.3", confidence="unknown", why="no-socket")]
        compared = truth.compare(sent, recorded)
        self.assertEqual(compared.counts, {MISSING: 1, RIGHT: 1, WRONG: 1, UNKNOWN: 1})
        self.assertEqual([item.address for item, _ in compared.wrong], ["10.88.0.2"])
        self.assertEqual(compared.reasons["unknown: no-socket"], 1)
        self.assertEqual(compared.share(RIGHT), 0.25)

    def test_another_process_of_the_right_program_is_counted(self):
        self.assertEqual(truth.compare([SENT], [record("/bin/a", pids=(8,))]).other_pid, 1)

    def test_what_was_not_asked_about_does_not_count(self):
        self.assertEqual(truth.compare([], [record("/bin/b")]).counts, {})


class TruthsOfTest(unittest.TestCase):
    LINE = ('{"pid": 7, "uid": 0, "exe": "/bin/a", "protocol": "udp", "local_port": 0, '
            '"address": "10.88.0.1", "port": 9, "time_ns": 5}\n')
    FAILED = '{"failed": "refused", "protocol": "udp", "address": "10.88.0.1", "port": 9}\n'

    def test_a_line_is_a_truth(self):
        self.assertEqual(truth.truths_of(self.LINE), ([Truth("udp", "10.88.0.1", 9, "/bin/a", 7,
                                                             time_ns=5)], []))

    def test_what_failed_is_no_truth(self):
        self.assertEqual(truth.truths_of(self.LINE + self.FAILED), ([], ["refused"]))

    def test_half_a_line_is_left_for_later(self):
        for length in range(1, len(self.LINE)):
            found, _ = truth.truths_of(self.LINE + self.LINE[:length])
            self.assertEqual(len(found), 1 + (length == len(self.LINE)))


class RecordOfEventTest(unittest.TestCase):
    def test_a_named_program(self):
        self.assertEqual(truth.record_of_event(event()),
                         record("/bin/a", confidence="certain", why="exact socket"))

    def test_an_unknown_one_has_its_reason(self):
        unknown = event(process_path="", pid=None, confidence="unknown", unknown_reason="no-socket")
        self.assertEqual(truth.record_of_event(unknown),
                         record(pids=(), confidence="unknown", why="no-socket"))

    def test_alternatives_are_programs_too(self):
        several = event(alternatives=[{"process_path": "/bin/b", "pid": 8}])
        self.assertEqual(truth.record_of_event(several).programs, ("/bin/a", "/bin/b"))


if __name__ == "__main__":
    unittest.main()
