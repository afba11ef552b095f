# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""`procwall ask` in a real terminal (tmux): what it shows, what its keys do, what it leaves behind."""

import json
import shutil
import subprocess
import time
import unittest

import lab
import terminal_screen

FIRST_PORT = 21000


@unittest.skipUnless(shutil.which("tmux"), "tmux is not installed")
class AskScreenTest(lab.LabTest):
    def screen(self, guard, width, height, **environment):
        command = [lab.program("procwall"), "--address", guard.address, "ask"]
        screen = terminal_screen.Screen(self.world.folder, width, height, command, **environment)
        self.addCleanup(screen.close)
        screen.await_text("nothing to answer")
        return screen

    def guard(self):
        config = self.world.folder / "ask.json"
        config.write_text(json.dumps({"Procwall": {"QuestionTimeout": "120s"}}))
        return self.daemon(flags=("-config-file", str(config)))

    def start(self, name, port):
        program = self.world.executable_copy(lab.program("lab_sender"), name)
        process = subprocess.Popen([program, "tcp", lab.SERVER4, str(port), "wait"],
                                   stdin=subprocess.DEVNULL)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return program

    def ports_arrived(self):
        return {packet["target_port"] for packet in self.world.arrived(syn=True)
                if packet["target_port"] >= FIRST_PORT}

    def check_size(self, width, height):
        guard = self.guard()
        screen = self.screen(guard, width, height)
        for i in range(3):
            self.start(f"shown{i}", FIRST_PORT + i)
            screen.await_text(f"procwall ask: {i + 1} question")
        lines = screen.lines()
        self.assertTrue(any(line.startswith("Allow      1 once") for line in lines), lines)
        self.assertTrue(any("this program to" in line for line in lines), lines)
        self.assertTrue(all(len(line) <= width for line in lines))
        self.press(screen, "1", lambda: self.ports_arrived() == {FIRST_PORT})
        screen.type("Down")
        screen.type("q")
        screen.await_text("it ended with 0")

    def press(self, screen, key, done):
        """Keys that answer are not taken just after a question has appeared."""
        screen.await_text("procwall ask")
        self.hands_off()
        screen.type(key)
        lab.await_true(done, f"what {key} does")

    def hands_off(self):
        """The program's own pause is over: the one time that has to pass."""
        begun = time.monotonic()
        lab.await_true(lambda: time.monotonic() > begun + 0.6, "half a second")

    def test_80_columns(self):
        self.check_size(80, 24)

    def test_200_columns(self):
        self.check_size(200, 60)

    def test_what_is_saved_is_shown_before_and_then_is_a_rule(self):
        guard = self.guard()
        screen = self.screen(guard, 100, 30)
        program = self.start("saved", FIRST_PORT)
        screen.await_text("procwall ask: 1 question")
        self.hands_off()
        screen.type("S")  # the widest reach
        screen.await_text(f"if process.path is exactly {program}")
        screen.type("4")
        screen.await_text("Enter saves, Esc does not")
        self.assertEqual(self.ports_arrived(), set())
        screen.type("Enter")
        lab.await_true(lambda: self.ports_arrived() == {FIRST_PORT}, "what was allowed")
        self.assertEqual(len(list(guard.rules_path.glob("allow-always-saved*.json"))), 1)
        screen.await_text("nothing to answer")

    def test_it_follows_the_size_of_the_terminal(self):
        screen = self.screen(self.guard(), 80, 24)
        self.start("resized", FIRST_PORT)
        screen.await_text("procwall ask: 1 question")
        screen.resize(40, 10)
        lab.await_true(lambda: len(screen.lines()) <= 11 and
                       any("up/down question" in line for line in screen.lines()), "a small screen")
        screen.resize(150, 50)
        screen.await_text("up/down question   s reach   e evidence   x default   q quit")

    def test_hostile_names_stay_in_their_place(self):
        guard = self.guard()
        screen = self.screen(guard, 100, 30)
        self.start("evil\x1b[2J\x1b]0;title\x07\n", FIRST_PORT)
        screen.await_text("\\x1b[2J")
        screen.await_text("procwall ask: 1 question")

    def test_colours_only_where_they_are_wanted(self):
        guard = self.guard()
        self.start("coloured", FIRST_PORT)
        plain = self.screen_with_question(guard, NO_COLOR="1")
        self.assertFalse(plain.colours())

    def screen_with_question(self, guard, **environment):
        screen = self.screen(guard, 80, 24, **environment)
        self.start("plain", FIRST_PORT + 1)
        screen.await_text("procwall ask: 1 question")
        return screen


if __name__ == "__main__":
    lab.main()
