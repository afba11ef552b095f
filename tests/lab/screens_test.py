# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""Whole screens of `procwall ask` and `procwall top`, compared with what they looked like when somebody
last looked at them: tests/lab/screens/. What differs from run to run is masked.
PROCWALL_SCREENS=write saves what they look like now: look at it before you keep it."""

import os
import pathlib
import re
import shutil
import subprocess
import unittest

import lab
import terminal_screen

SAVED = lab.HERE / "screens"
# A place whose path is the same on every machine: the folder of a world is not.
PLACE = pathlib.Path("/mnt")
# Not every machine lets us have it, and then screens tell another way how a program is known.
NO_WITNESS = ("-witness", "off")


# What differs from run to run, and what stands for it; in a table, with all the blanks that it has
# there, so that columns stay where they are.
MASKS = (
    (r"\bpid \d+", "pid N"),
    (r"python3\.\d+ \(\d+\)", "python3 (N)"),
    (r"\bin \d+ s\b", "in T s"),
    (r"\b\d+ packets?\b", "N packets"),
    (r"\d+ programs, \d+ live", "N programs, N live"),
    (r"\d+\.\d+/s", "N/s"),
)
COLUMNS = (
    (r"(?<=/mnt/(?:caller|mailer|viewer|update) )\d+ *", "N"),
    (r"(?m)(?<=^[> ]) +\d+ s(?= )", " T s"),
    (r"\b(?:ESTABLISHED|TIME_WAIT|CLOSE_WAIT|FIN_WAIT|LAST_ACK|CLOSE) *", "STATE"),
    (r"(?m) +\d+\.\d+(?: +(?:now|\d+ s))?$", " N"),
)


def masked(text):
    for pattern, instead in MASKS:
        text = re.sub(pattern, instead, text)
    for pattern, instead in COLUMNS:
        text = re.sub(pattern, lambda found, put=instead: put.ljust(len(found.group())), text)
    return "\n".join(line.rstrip() for line in text.split("\n"))


@unittest.skipUnless(shutil.which("tmux"), "tmux is not installed")
class ScreensTest(lab.LabTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        lab.must("mount", "-t", "tmpfs", "tmpfs", str(PLACE))

    def start(self, name, port):
        program = PLACE / name
        program.unlink(missing_ok=True)
        shutil.copy(lab.program("lab_sender"), program)
        process = subprocess.Popen([program, "tcp", lab.SERVER4, str(port), "wait"],
                                   stdin=subprocess.DEVNULL, cwd="/")
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return str(program)

    def screen(self, guard, size, *command):
        screen = terminal_screen.Screen(self.world.folder, *size,
                                        [lab.program("procwall"), "--address", guard.address, *command],
                                        NO_COLOR="1")
        self.addCleanup(screen.close)
        return screen

    def check(self, screen, name, size):
        saved = SAVED / f"{name}-{size[0]}x{size[1]}.txt"
        if os.environ.get("PROCWALL_SCREENS") == "write":
            saved.write_text(masked(screen.text()), encoding="utf-8")
        wanted = saved.read_text(encoding="utf-8")
        try:
            lab.await_true(lambda: masked(screen.text()) == wanted, "that screen", 5)
        except AssertionError:
            self.assertEqual(masked(screen.text()), wanted)

    def check_ask(self, size):
        guard = self.daemon(flags=NO_WITNESS)
        screen = self.screen(guard, size, "ask")
        screen.await_text("nothing to answer")
        self.check(screen, "ask-empty", size)
        for i, name in enumerate(("viewer", "update")):
            self.start(name, 443 + i)
            screen.await_text(f"procwall ask: {i + 1} question")
        self.check(screen, "ask", size)

    def check_top(self, size):
        guard = self.daemon(rules=[lab.rule("no-smtp", "deny", "dest.port", "25")],
                            flags=NO_WITNESS)
        for name, port in (("caller", 7), ("mailer", 25)):
            program = self.start(name, port)
            event = guard.events.wait(lambda each, path=program: each["process_path"] == path)
            self.assertIsNotNone(event, guard.log_text())
        screen = self.screen(guard, size, "top", "--sort", "name", "--filter", "/mnt/")
        screen.await_line("+ ", "mailer")
        screen.type("e")
        screen.await_line(":25", "no-smtp")
        self.check(screen, "top", size)
        screen.type("?")
        screen.await_text("any key goes back")
        self.check(screen, "top-help", size)


# Classes, so that each has daemons of its own.
class AskOf80ColumnsTest(ScreensTest):
    def test_it(self):
        self.check_ask((80, 24))


class AskOf200ColumnsTest(ScreensTest):
    def test_it(self):
        self.check_ask((200, 60))


class TopOf80ColumnsTest(ScreensTest):
    def test_it(self):
        self.check_top((80, 24))


class TopOf200ColumnsTest(ScreensTest):
    def test_it(self):
        self.check_top((200, 60))


if __name__ == "__main__":
    lab.main()
