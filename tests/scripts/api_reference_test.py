# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""docs/API.md is up to date, and says what every call and every value means."""

import pathlib
import re
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

import api_reference  # noqa: E402: the path comes first


class ApiReferenceTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.file = api_reference.read_descriptors()
        cls.reference = api_reference.Reference(cls.file)
        cls.text = cls.reference.write()

    def test_the_document_is_up_to_date(self):
        written = api_reference.DOCUMENT.read_text(encoding="utf-8")
        self.assertEqual(written[written.index(api_reference.MARK) + len(api_reference.MARK):],
                         "\n" + self.text, "scripts/api_reference.py mends it")

    def test_every_call_says_what_it_does(self):
        methods = self.file.service[0].method
        self.assertGreater(len(methods), 15)
        for at, method in enumerate(methods):
            self.assertTrue(self.reference.comment(api_reference.SERVICE, 0, api_reference.METHOD, at),
                            method.name)

    def test_every_message_and_enumeration_says_what_it_is(self):
        for kind, things in ((api_reference.MESSAGE, self.file.message_type),
                             (api_reference.ENUM, self.file.enum_type)):
            self.assertTrue(things)
            for at, thing in enumerate(things):
                self.assertTrue(self.reference.comment(kind, at), thing.name)

    def test_every_message_and_enumeration_is_there(self):
        headings = set(re.findall(r"^### (.+)$", self.text, re.MULTILINE))
        for thing in [*self.file.message_type, *self.file.enum_type]:
            self.assertIn(thing.name, headings)

    def test_every_link_leads_somewhere(self):
        targets = {heading.lower().replace(".", "")
                   for heading in re.findall(r"^### (.+)$", self.text, re.MULTILINE)}
        for link in re.findall(r"\]\(#([^)]+)\)", self.text):
            self.assertIn(link, targets)

    def test_a_comment_becomes_one_line_and_paragraphs_stay(self):
        self.assertEqual(api_reference.join(" a\n b\n\n c\n"), "a b\n\nc")
        self.assertEqual(api_reference.cell("a|b<c\n\nd"), "a\\|b&lt;c<br>d")


if __name__ == "__main__":
    unittest.main()
