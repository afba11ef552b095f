# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""The man pages name every flag, key and command of the programs, and groff likes them."""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BIN = pathlib.Path(os.environ.get("PROCWALL_BIN", ROOT / "build/release/bin"))


def page(name):
    """A man page's source with the escapes of its text undone."""
    text = (ROOT / "docs/man" / name).read_text(encoding="utf-8")
    return re.sub(r"\\f[A-Z]", "", text).replace("\\-", "-")


def output(program, *arguments):
    done = subprocess.run([BIN / program, *arguments], capture_output=True, text=True, check=True,
                          timeout=60)
    return done.stdout


def long_flags(text):
    return set(re.findall(r"(?<![\w-])--([a-z][a-z-]+)", text))


def has_flag(text, flag):
    return re.search(rf"(?<![\w-])--?{re.escape(flag)}(?![\w-])", text) is not None


def commands():
    """Every command of the client: those that `procwall help` shows, and all of `rules`."""
    shown = re.findall(r"^  ([a-z]+)(?: ([a-z]+))?  +[A-Z]", output("procwall", "--help"), re.M)
    names = {tuple(filter(None, words)) for words in shown if words[0] not in ("help", "version")}
    rules = output("procwall", "rules", "--help").split("COMMANDS:")[-1].split("Subcommands:")[-1]
    names |= {("rules", name) for name in re.findall(r"^  ([a-z]+)  ", rules, re.M)}
    return sorted(names)


class ManPagesTest(unittest.TestCase):
    def test_the_daemons_flags(self):
        text = page("procwalld.8")
        flags = long_flags(output("procwalld", "--help"))
        self.assertGreater(len(flags), 15)
        missing = sorted(flag for flag in flags if not has_flag(text, flag))
        self.assertEqual(missing, [], "docs/man/procwalld.8 does not name these flags")

    def test_the_daemons_configuration(self):
        text = page("procwalld.8")
        source = (ROOT / "daemon/config.cc").read_text(encoding="utf-8")
        # A key begins with a capital letter and is handed to a member function: Read("Key", ...).
        keys = set(re.findall(r'\.(?:Read|Object|Objects|Has)\("([A-Z]\w+)"', source))
        self.assertGreater(len(keys), 15)
        missing = sorted(key for key in keys if not re.search(rf"\b{key}\b", text))
        self.assertEqual(missing, [], "docs/man/procwalld.8 does not name these keys")

    def test_the_clients_commands_and_flags(self):
        text = page("procwall.1")
        found = commands()
        self.assertGreater(len(found), 15)
        missing = []
        for words in found:
            if not re.search(rf"\b{words[-1]}\b", text):
                missing.append(" ".join(words))
            missing += [f"{' '.join(words)} --{flag}"
                        for flag in long_flags(output("procwall", *words, "--help"))
                        if not has_flag(text, flag)]
        self.assertEqual(missing, [], "docs/man/procwall.1 does not name these")

    @unittest.skipUnless(shutil.which("man"), "man is not installed")
    def test_groff_has_nothing_to_say(self):
        for name in ("procwall.1", "procwalld.8"):
            done = subprocess.run(["man", "--warnings", "-l", ROOT / "docs/man" / name],
                                  stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                                  env={**os.environ, "MANROFFSEQ": "", "LC_ALL": "C.UTF-8"},
                                  check=True, timeout=60)
            self.assertEqual(done.stderr, "", name)


if __name__ == "__main__":
    unittest.main(argv=sys.argv)
