# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
import struct
import unittest

from harness import bpf_statistics
from harness.bpf_statistics import Ran


class ParseTest(unittest.TestCase):
    def test_reads_name_and_counters(self):
        info = bytearray(208)
        info[64:72] = b"packet4\0"
        info[192:208] = struct.pack("QQ", 700, 7)
        self.assertEqual(bpf_statistics.parse(bytes(info)), Ran("packet4", 7, 700))


class SinceTest(unittest.TestCase):
    def test_tells_what_ran_meanwhile_and_the_longest_first(self):
        before = {1: Ran("fork", 5, 500), 2: Ran("exec", 1, 100)}
        now = {1: Ran("fork", 7, 600), 2: Ran("exec", 1, 100), 3: Ran("new", 2, 900)}
        self.assertEqual(bpf_statistics.since(before, now), [Ran("new", 2, 900), Ran("fork", 2, 100)])


if __name__ == "__main__":
    unittest.main()
