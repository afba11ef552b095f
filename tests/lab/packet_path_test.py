# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""The code of a packet's walk lies in one piece of procwalld, as cmake/packet_path.ld says.

A function that got another name lies elsewhere, and nothing but a stopwatch would notice: so each
statement of the script has to find something.
"""

import fnmatch
import re
import subprocess
import unittest

import lab

SCRIPT = lab.HERE.parents[1] / "cmake/packet_path.ld"
MOST_BYTES = 128 << 10  # all of it is fetched at once


def functions():
    """Mangled names and addresses of all functions of the daemon."""
    listed = subprocess.run(["nm", lab.program("procwalld")], check=True, capture_output=True,
                            text=True).stdout
    return {name: int(address, 16) for address, _, name in
            (line.split() for line in listed.splitlines() if len(line.split()) == 3)}


def statements():
    """The patterns of function names in each statement of the script."""
    return [re.findall(r"\.text\.(\S+?)[\s)]", line + " ")
            for line in SCRIPT.read_text(encoding="utf-8").splitlines()
            if line.strip().startswith("*(")]


class PacketPathTest(unittest.TestCase):
    def setUp(self):
        self.functions = functions()
        if "procwall_packet_path_begin" not in self.functions:
            self.fail("the linker has not followed cmake/packet_path.ld")
        self.begin = self.functions["procwall_packet_path_begin"]
        self.end = self.functions["procwall_packet_path_end"]

    def is_inside(self, name):
        return self.begin <= self.functions[name] < self.end

    def test_each_statement_finds_functions(self):
        inside = [name for name in self.functions if self.is_inside(name)]
        self.assertGreater(len(statements()), 30)
        idle = [patterns for patterns in statements()
                if not any(fnmatch.filter(inside, pattern) for pattern in patterns)]
        self.assertEqual(idle, [], "these find nothing: has something got another name?")

    def test_the_walk_itself_is_there(self):
        for part in ("Pipeline5Begin", "Attributor9Attribute", "RuleSet6Decide", "11ParsePacket"):
            named = [name for name in self.functions if part in name and ".cold" not in name]
            self.assertTrue(named, part)
            self.assertEqual([name for name in named if not self.is_inside(name)], [])

    def test_it_is_small_enough_to_be_fetched(self):
        self.assertTrue(0 < self.end - self.begin <= MOST_BYTES, self.end - self.begin)


if __name__ == "__main__":
    unittest.main()
