#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""OpenSnitch's real GUI, unmodified, against the real daemon: what it shows, and what its buttons do.

PROCWALL_PICTURES=FOLDER leaves a screenshot of every step there, for a person to judge.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

import lab

DRIVER = pathlib.Path(__file__).with_name("driven_gui.py")
CURL = os.path.realpath("/usr/bin/curl")
PATIENCE = 40  # seconds
EVENTS, NODES, RULES = 0, 1, 2  # its tabs
PICTURES = os.environ.get("PROCWALL_PICTURES")


class Gui:
    """The GUI, and a hand on its mouse."""

    def __init__(self, world):
        home = pathlib.Path(tempfile.mkdtemp(prefix="gui-", dir=world.folder))
        self.socket = home / "osui.sock"
        self.log = home / "log"
        log = world.stack.enter_context(self.log.open("w", encoding="utf-8"))
        commands, to_gui = os.pipe()
        from_gui, answers = os.pipe()
        self.process = subprocess.Popen(
            ["/usr/bin/python3", "-B", DRIVER, str(commands), str(answers), str(self.socket)],
            pass_fds=[commands, answers], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            env={**os.environ, "HOME": str(home), "XDG_RUNTIME_DIR": str(home),
                 "XDG_CONFIG_HOME": str(home), "LANG": "C.UTF-8", "QT_QPA_PLATFORM": "offscreen"})
        world.stack.callback(lab.end, self.process)
        for descriptor in (commands, answers):
            os.close(descriptor)
        self._to_gui = world.stack.enter_context(os.fdopen(to_gui, "w", encoding="utf-8"))
        self._from_gui = world.stack.enter_context(os.fdopen(from_gui, encoding="utf-8"))
        lab.await_true(self.socket.exists, "the GUI's socket", PATIENCE)

    def do(self, *command):
        """What the command of driven_gui.py returns; LookupError: it cannot be done now."""
        self._to_gui.write(json.dumps(command) + "\n")
        self._to_gui.flush()
        said = json.loads(self._from_gui.readline())
        if "error" in said:
            raise LookupError(f"{command}: {said['error']}")
        return said["answer"]

    def soon(self, *command):
        """The same as soon as it can be done: windows and menus take their time."""
        last = []

        def done():
            try:
                last[:] = [self.do(*command)]
                return True
            except LookupError as error:
                last[:] = [error]
                return False
        try:
            lab.await_true(done, f"{command}", PATIENCE)
        except AssertionError as error:
            raise AssertionError(f"{error}: {last[0]}") from error
        return last[0]

    def rows(self, tab, table):
        self.do("tab", "StatsDialog", "tabWidget", tab)
        return self.do("rows", "StatsDialog", table)

    def picture(self, name, window="StatsDialog"):
        if PICTURES:
            pathlib.Path(PICTURES).mkdir(parents=True, exist_ok=True)
            self.do("picture", window, str(pathlib.Path(PICTURES).resolve() / f"{name}.png"))


class RealGuiTest(lab.LabTest):
    def setUp(self):
        super().setUp()
        self.gui = Gui(self.world)
        self.guard = self.daemon(default="deny", flags=["-ui-socket", f"unix:{self.gui.socket}"],
                                 rules=[lab.rule("allow-curl", "allow", "process.path", CURL),
                                        lab.rule("deny-port-7", "deny", "dest.port", "7")])
        lab.await_true(lambda: self.guard.status()["opensnitch_gui"]["connected"],
                       "the connection", PATIENCE)
        self.gui.soon("show", "StatsDialog")

    def heard(self):
        return lab.run("curl", "-4", "-s", "--max-time", "2", f"http://{lab.SERVER4}/").code == 0

    def rule(self, name="allow-curl"):
        return json.loads((self.guard.rules_path / f"{name}.json").read_text(encoding="utf-8"))

    def await_row(self, tab, table, *words):
        """Waits for a row with all of these words; returns it and its number."""
        def fitting():
            return [(row, number) for number, row in enumerate(self.gui.rows(tab, table))
                    if all(any(word in cell for cell in row) for word in words)]
        lab.await_true(fitting, f"{words} in {table}", PATIENCE)
        return fitting()[0]

    def choose_for_rule(self, name, *entries):
        _, number = self.await_row(RULES, "rulesTable", name)
        self.gui.do("menu", "StatsDialog", "rulesTable", number)
        self.gui.soon("choose", *entries)

    def test_it_shows_the_node_the_rules_and_what_happens(self):
        self.assertTrue(self.heard())
        lab.run("nc", "-w", "1", lab.SERVER4, "7")
        self.await_row(EVENTS, "eventsTable", "allow-curl", CURL, lab.SERVER4)
        self.await_row(EVENTS, "eventsTable", "deny-port-7", "deny", lab.SERVER4)
        self.gui.picture("1-events")
        self.await_row(NODES, "nodesTable", os.uname().nodename)
        self.gui.picture("1-nodes")
        self.await_row(RULES, "rulesTable", "allow-curl", "allow", "always")
        self.await_row(RULES, "rulesTable", "deny-port-7", "deny")
        self.gui.picture("1-rules")

    def test_a_connection_waits_for_its_prompt_and_passes_when_allow_is_pressed(self):
        asker = self.world.executable_copy(CURL, "asks-first")
        waiting = subprocess.Popen([asker, "-4", "-s", "--max-time", "60",
                                    f"http://{lab.SERVER4}/"], stdout=subprocess.PIPE, text=True)
        self.addCleanup(lab.end, waiting)
        self.gui.soon("texts", "PromptDialog")
        written = " ".join(self.gui.do("texts", "PromptDialog"))
        for word in (str(asker), lab.SERVER4, str(waiting.pid)):
            self.assertIn(word, written)
        self.gui.picture("2-prompt", "PromptDialog")
        self.assertIsNone(waiting.poll())
        self.assertEqual(self.world.arrived(syn=True, source=lab.HOST4, target_port=80), [])
        self.gui.soon("click", "PromptDialog", "applyButton")
        self.assertEqual(waiting.communicate(timeout=lab.DEADLINE)[0], "hello\n")
        self.await_row(EVENTS, "eventsTable", "allow", str(asker))
        self.gui.picture("3-after-the-prompt")

    def test_a_rule_is_disabled_edited_and_deleted(self):
        self.assertTrue(self.heard())
        self.choose_for_rule("allow-curl", "Disable")
        lab.await_true(lambda: not self.rule()["enabled"], "the rule to be disabled")
        self.gui.picture("4-disabled")
        self.assertFalse(self.heard())
        self.choose_for_rule("allow-curl", "Enable")
        lab.await_true(lambda: self.rule()["enabled"], "the rule to be enabled")
        self.assertTrue(self.heard())

        self.choose_for_rule("allow-curl", "Edit")
        self.gui.soon("check", "RulesEditorDialog", "actionDenyRadio")
        self.gui.picture("5-edit", "RulesEditorDialog")
        self.gui.do("click_button", "RulesEditorDialog", "Apply")
        lab.await_true(lambda: self.rule()["action"] == "deny", "the rule to deny")
        self.assertFalse(self.heard())
        self.gui.do("click_button", "RulesEditorDialog", "Close")

        self.choose_for_rule("allow-curl", "Delete")
        self.gui.soon("texts", "QMessageBox")
        self.gui.picture("6-delete", "QMessageBox")
        self.gui.soon("click_button", "QMessageBox", "Yes")
        lab.await_true(lambda: not (self.guard.rules_path / "allow-curl.json").exists(),
                       "the rule's file to go")
        lab.await_true(lambda: not any("allow-curl" in row for row
                                       in self.gui.rows(RULES, "rulesTable")), "the row to go")
        self.gui.picture("7-deleted")

    def test_an_action_is_changed_from_the_menu(self):
        self.choose_for_rule("deny-port-7", "Action", "Reject")
        lab.await_true(lambda: self.rule("deny-port-7")["action"] == "reject", "the rule to reject")


if __name__ == "__main__":
    if not os.path.exists("/usr/bin/opensnitch-ui"):
        sys.exit("real_gui_test: Debian's python3-opensnitch-ui is needed: scripts/deps test")
    lab.main()
