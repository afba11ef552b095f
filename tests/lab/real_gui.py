#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""OpenSnitch's real GUI on a virtual screen, against the real daemon, in the lab; not in ctest.

usage: tests/lab/real_gui.py FOLDER

Starts Debian's opensnitch-ui under Xvfb, connects the daemon to it, lets curl through by a rule, has
a prompt come up for another program, presses its Allow, and leaves a picture of every step in
FOLDER. Needs python3-opensnitch-ui, xvfb, xdotool and imagemagick. What the pictures show is for a
person to judge; what can be checked is: a failure is an exit status of 1.
"""

import json
import os
import pathlib
import re
import subprocess
import sys
import time

import lab

SCREEN = "1400x1000x24"
ALLOWED = "/usr/bin/curl"


class Screen:
    """A virtual screen with the GUI on it."""

    def __init__(self, world, folder):
        self.folder = folder
        self.home = world.folder / "home"
        self.home.mkdir()
        self.socket = world.folder / "osui.sock"
        reader, writer = os.pipe()
        self.xvfb = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writer), "-screen", "0", SCREEN, "-nolisten", "tcp"],
            pass_fds=[writer], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        world.stack.callback(lab.end, self.xvfb)
        os.close(writer)
        display = os.read(reader, 16).decode().strip()
        self.environment = {**os.environ, "DISPLAY": f":{display}", "HOME": str(self.home),
                            "XDG_RUNTIME_DIR": str(self.home), "XDG_CONFIG_HOME": str(self.home),
                            "LANG": "C.UTF-8", "QT_QPA_PLATFORM": "xcb"}
        self.log = (folder / "gui.log").open("w", encoding="utf-8")
        self.gui = subprocess.Popen(
            ["/usr/bin/opensnitch-ui", "--socket", f"unix:{self.socket}"],
            env=self.environment, stdout=self.log, stderr=self.log, stdin=subprocess.DEVNULL)
        world.stack.callback(lab.end, self.gui)

    def run(self, *command):
        return subprocess.run(command, env=self.environment, capture_output=True, text=True,
                              check=False, timeout=lab.DEADLINE)

    def picture(self, name):
        self.run("import", "-window", "root", str(self.folder / f"{name}.png"))

    def window(self, title):
        """The id of the newest visible window with such a title."""
        found = self.run("xdotool", "search", "--onlyvisible", "--name", title).stdout.split()
        return found[-1] if found else None

    def click(self, window, x, y, button=1):
        self.run("xdotool", "mousemove", "--window", window, str(x), str(y), "click", str(button))

    def size(self, window):
        shape = self.run("xdotool", "getwindowgeometry", "--shell", window).stdout
        return {key: int(value) for key, value in re.findall(r"(WIDTH|HEIGHT)=(\d+)", shape)}


    def main_window(self):
        """The main window, which comes up by itself after ten seconds where there is no tray."""
        lab.await_true(lambda: self.window("Network Statistics"), "the main window", 40)
        window = self.window("Network Statistics")
        self.run("xdotool", "windowmove", window, "0", "0")
        self.run("xdotool", "windowsize", window, "1390", "990")
        return window


# Where things are in the windows of 1.5.8: they have no names that xdotool could find.
TABS = {"events": 38, "nodes": 105, "rules": 169, "hosts": 231, "applications": 314}
TAB_LINE = 51
ALLOW_FROM_RIGHT, ALLOW_FROM_BOTTOM = 87, 20
FIRST_RULE = (482, 131)
# In the menu of a rule, from where it was called up.
DISABLE, DELETE = (46, 70), (44, 145)
YES = (714, 490)  # of the question whether one is sure


def settle():
    """Qt draws when it comes to it, and nothing says when it has."""
    time.sleep(2)


def press_allow(screen):
    prompt = screen.window("OpenSnitch v")
    if prompt is None:
        raise AssertionError("there is no prompt")
    size = screen.size(prompt)
    screen.click(prompt, size["WIDTH"] - ALLOW_FROM_RIGHT, size["HEIGHT"] - ALLOW_FROM_BOTTOM)


def choose_for_first_rule(screen, window, entry):
    """Calls up the menu of the first rule of the list, and chooses from it."""
    screen.click(window, TABS["rules"], TAB_LINE)
    settle()
    x, y = FIRST_RULE
    screen.click(window, x, y, button=3)
    settle()
    screen.click(window, x + entry[0], y + entry[1])
    settle()


def change_rules(screen, window, daemon):
    """Disables the first rule, then deletes it: curl goes with it, and so does its file."""
    choose_for_first_rule(screen, window, DISABLE)
    screen.picture("4-disabled")
    file = daemon.rules_path / "allow-curl.json"
    if json.loads(file.read_text(encoding="utf-8"))["enabled"]:
        raise AssertionError("the rule is still enabled: " + daemon.log_text())
    choose_for_first_rule(screen, window, DELETE)
    screen.picture("5-delete")
    screen.click(window, *YES)
    lab.await_true(lambda: not file.exists(), "the rule's file to go")
    settle()
    screen.picture("6-deleted")
    print("disabled and deleted by clicks:", daemon.client("rules", "list").output)


def show(world, folder):
    screen = Screen(world, folder)
    lab.await_true(screen.socket.exists, "the GUI's socket", 60)
    daemon = world.daemon(default="deny", flags=["-ui-socket", f"unix:{screen.socket}"], rules=[
        lab.rule("allow-curl", "allow", "process.path", os.path.realpath(ALLOWED)),
        lab.rule("deny-port-7", "deny", "dest.port", "7")])

    def gui():
        return daemon.status()["opensnitch_gui"]

    lab.await_true(lambda: gui()["connected"], "the connection", 60)
    lab.run("curl", "-4", "-s", "--max-time", "5", f"http://{lab.SERVER4}/")
    lab.run("nc", "-w", "1", lab.SERVER4, "7")
    window = screen.main_window()
    settle()
    for name, x in TABS.items():
        screen.click(window, x, TAB_LINE)
        settle()
        screen.picture(f"1-{name}")

    asker = world.executable_copy(ALLOWED, "asks-first")
    waiting = subprocess.Popen([asker, "-4", "-s", "--max-time", "25", f"http://{lab.SERVER4}/"],
                               stdout=subprocess.PIPE, text=True)
    world.stack.callback(lab.end, waiting)
    lab.await_true(lambda: screen.window("OpenSnitch v"), "a prompt")
    settle()
    screen.picture("2-prompt")
    if waiting.poll() is not None:
        raise AssertionError("the connection did not wait for its prompt")
    press_allow(screen)
    said = waiting.communicate(timeout=lab.DEADLINE)[0]
    if said != "hello\n":
        raise AssertionError(f"after Allow the server was not heard: {said!r}")
    print("allowed by a click, and heard:", said.strip(), gui())
    print(daemon.client("rules", "list").output)
    settle()
    screen.click(window, TABS["events"], TAB_LINE)
    settle()
    screen.picture("3-after")
    change_rules(screen, window, daemon)


def main():
    folder = pathlib.Path(sys.argv[1]).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    lab.enter()
    with lab.World() as world:
        show(world, folder)


if __name__ == "__main__":
    main()
