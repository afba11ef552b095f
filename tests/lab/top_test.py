# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""`procwall top` with the real daemon: in a real terminal (tmux), and for scripts."""

import json
import os
import shutil
import signal
import subprocess
import unittest

import lab
import terminal_screen

ECHO_PORT = 7


class TopTest(lab.LabTest):
    def start(self, name, port=ECHO_PORT, protocol="tcp"):
        """A program of that name that begins a connection and keeps it."""
        program = self.world.executable_copy(lab.program("lab_sender"), name)
        process = subprocess.Popen([program, protocol, lab.SERVER4, str(port), "wait"],
                                   stdin=subprocess.DEVNULL)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return program

    def command(self, guard, *options):
        return [lab.program("procwall"), "--address", guard.address, "top", *options]

    def decided(self, guard, program):
        event = guard.events.wait(lambda each: each["process_path"] == program)
        self.assertIsNotNone(event, guard.log_text())
        return event

    def test_one_page_for_scripts(self):
        guard = self.daemon(rules=[lab.rule("no-smtp", "deny", "dest.port", "25")])
        caller = self.start("caller")
        denied = self.start("denied", 25)
        for program in (caller, denied):
            self.decided(guard, program)
        ran = lab.run(*self.command(guard, "--once", "--interval", "0.3"))
        self.assertEqual(ran.code, 0, ran.errors)
        self.assertIn("procwall top: enforcing, without a rule: allow", ran.output)
        self.assertIn(caller, ran.output)
        self.assertNotIn("\x1b", ran.output)
        line = next(line for line in ran.output.split("\n") if f"{lab.SERVER4}:25" in line)
        self.assertIn("denied", line)
        self.assertIn("no-smtp", line)

        ran = lab.run(*self.command(guard, "--once", "--json", "--interval", "0.3",
                                    "--filter", "denied :25"))
        self.assertEqual(ran.code, 0, ran.errors)
        rows = [json.loads(line) for line in ran.output.splitlines()]
        self.assertEqual([row["program"] for row in rows], [denied])
        self.assertEqual(rows[0]["rule"], "no-smtp")
        self.assertEqual(rows[0]["state"], "denied")
        self.assertEqual(rows[0]["port"], 25)
        self.assertGreaterEqual(rows[0]["denied"], 1)

    def test_without_a_terminal_it_says_what_to_do(self):
        ran = lab.run(*self.command(self.daemon()))
        self.assertEqual(ran.code, 2)
        self.assertIn("--once", ran.errors)


@unittest.skipUnless(shutil.which("tmux"), "tmux is not installed")
class TopScreenTest(TopTest):
    test_one_page_for_scripts = None
    test_without_a_terminal_it_says_what_to_do = None

    def screen(self, guard, width, height, *options, **environment):
        screen = terminal_screen.Screen(self.world.folder, width, height,
                                        self.command(guard, *options), **environment)
        self.addCleanup(screen.close)
        screen.await_text("procwall top: enforcing")
        return screen

    def check_size(self, width, height):
        guard = self.daemon(rules=[lab.rule("no-smtp", "deny", "dest.port", "25")])
        caller = self.start("caller")
        denied = self.start("denied", 25)
        screen = self.screen(guard, width, height, "--sort", "name")
        screen.await_line("+ ", os.path.basename(caller))
        screen.await_line("+ ", os.path.basename(denied))
        screen.type("e")
        screen.await_line("- ", os.path.basename(caller))
        line = screen.await_line(f"{lab.SERVER4}:25", "denied", "no-smtp")
        self.assertLessEqual(len(line), width)
        self.assertTrue(all(len(line) <= width for line in screen.lines()))
        self.assertTrue(screen.lines()[height - 1].startswith("Enter info  d deny"), screen.text())
        screen.type("/")
        screen.type("denied")
        screen.await_text("Filter: denied_")
        lab.await_true(lambda: os.path.basename(caller) not in screen.text(), "only what fits")
        screen.type("Escape")
        screen.await_line("- ", os.path.basename(caller))
        screen.type("q")
        screen.await_text("it ended with 0")
        self.assertNotIn("procwall top", screen.text())

    def test_80_columns(self):
        self.check_size(80, 24)

    def test_200_columns(self):
        self.check_size(200, 60)

    def test_details_have_the_evidence(self):
        guard = self.daemon()
        caller = self.start("caller")
        self.decided(guard, caller)
        screen = self.screen(guard, 100, 40, "--filter", "caller")
        screen.await_line("> + ", os.path.basename(caller))
        screen.type("Enter")
        screen.await_text("Decision ")
        screen.await_text("/caller (pid ")
        screen.type("Escape")
        screen.await_text("PROGRAM / OTHER SIDE")

    def test_the_rule_is_shown_before_it_is_saved(self):
        guard = self.daemon()
        caller = self.start("caller")
        self.decided(guard, caller)
        screen = self.screen(guard, 100, 30, "--filter", "caller")
        screen.await_line("> + ", os.path.basename(caller))
        screen.type("d")
        screen.await_text("> this program anywhere")
        screen.await_text("Enter saves it and puts it in force, Esc does not")
        self.assertEqual(list(guard.rules_path.glob("deny-*")), [])
        screen.type("Escape")
        screen.await_text("no rule was made")
        screen.type("d")
        screen.await_text("> this program anywhere")
        screen.type("Enter")
        # A daemon that does not take rules says so; one that does has it in force.
        lab.await_true(lambda: "in force: deny always" in screen.text() or
                       "no rule was made: " in screen.text(), "an answer:\n" + screen.text())
        if "in force: deny always" in screen.text():
            self.assertEqual(len(list(guard.rules_path.glob("deny-always-caller*.json"))), 1)

    def test_it_stays_as_it_is_while_paused(self):
        guard = self.daemon()
        first = self.start("first")
        screen = self.screen(guard, 100, 30)
        screen.await_line("+ ", os.path.basename(first))
        screen.type("Space")
        screen.await_text("paused")
        second = self.start("second")
        self.decided(guard, second)
        screen.type("?")
        screen.await_text("any key goes back")
        screen.type("x")
        screen.await_text("paused")
        self.assertNotIn("second", screen.text())
        screen.type("Space")
        screen.await_line("+ ", os.path.basename(second))

    def test_it_follows_the_size_of_the_terminal(self):
        guard = self.daemon()
        self.start("resized")
        screen = self.screen(guard, 80, 24)
        screen.await_text("resized")
        screen.resize(40, 10)
        lab.await_true(lambda: len(screen.lines()) <= 11 and
                       any(line.startswith("Enter info") for line in screen.lines()),
                       "a small screen")
        screen.resize(150, 50)
        screen.await_text("Space pause  ? help  q quit")

    def test_hostile_names_stay_in_their_place(self):
        guard = self.daemon()
        self.start("evil\x1b[2J\x1b]0;title\x07\n")
        screen = self.screen(guard, 120, 30)
        screen.await_text("\\x1b[2J")
        screen.await_text("procwall top: enforcing")

    def test_no_colours_where_none_are_wanted(self):
        guard = self.daemon(rules=[lab.rule("no-smtp", "deny", "dest.port", "25")])
        self.start("denied", 25)
        screen = self.screen(guard, 80, 24, NO_COLOR="1")
        screen.type("e")
        screen.await_text("no-smtp")
        self.assertFalse(screen.colours())

    def test_sigterm_gives_the_terminal_back(self):
        screen = self.screen(self.daemon(), 80, 24)
        os.kill(screen.pid(), signal.SIGTERM)
        screen.await_text("it ended with 0")
        self.assertNotIn("procwall top", screen.text())

    def test_it_goes_on_when_the_daemon_does(self):
        guard = self.daemon()
        screen = self.screen(guard, 100, 30)
        guard.signal(signal.SIGTERM)
        self.assertEqual(guard.wait(), 0)
        screen.await_text("no daemon answers at")
        screen.type("q")
        screen.await_text("it ended with 0")


if __name__ == "__main__":
    lab.main()
