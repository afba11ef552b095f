# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""A terminal of a size of its own (tmux) in which a command runs: what it shows, what keys do."""

import os
import subprocess

import lab


class Screen:
    """A terminal of that size in which a command runs, until it is closed."""

    def __init__(self, folder, width, height, command, **environment):
        self.tmux = ["tmux", "-f", "/dev/null", "-S", str(folder / "tmux")]
        self.environment = {**os.environ, "LC_ALL": "C.UTF-8", "TERM": "xterm-256color", **environment}
        # A shell around it shows what the terminal is like afterwards.
        self.run("new-session", "-d", "-x", str(width), "-y", str(height),
                 "sh", "-c", '"$@"; echo "it ended with $?"; exec cat', "sh", *command)

    def run(self, *arguments):
        done = subprocess.run([*self.tmux, *arguments], env=self.environment, capture_output=True,
                              text=True, timeout=lab.DEADLINE, check=False)
        if done.returncode != 0:
            raise AssertionError(f"tmux {arguments}: {done.stderr}")
        return done.stdout

    def lines(self):
        return [line.rstrip() for line in self.run("capture-pane", "-p").split("\n")]

    def text(self):
        return "\n".join(self.lines())

    def colours(self):
        return "\x1b[3" in self.run("capture-pane", "-p", "-e")

    def await_text(self, text):
        lab.await_true(lambda: any(text in line for line in self.lines()),
                       f"{text!r} on the screen:\n" + self.text())

    def await_line(self, *parts):
        """Until one line has all of these; that line."""
        found = []

        def there():
            found[:] = [line for line in self.lines() if all(part in line for part in parts)]
            return bool(found)
        lab.await_true(there, f"a line with {parts} on the screen:\n" + self.text())
        return found[0]

    def type(self, *keys):
        self.run("send-keys", *keys)

    def pid(self):
        """Of the command: the only child of the shell around it."""
        shell = self.run("display-message", "-p", "#{pane_pid}").strip()
        with open(f"/proc/{shell}/task/{shell}/children", encoding="ascii") as children:
            return int(children.read().split()[0])

    def resize(self, width, height):
        self.run("resize-window", "-x", str(width), "-y", str(height))

    def close(self):
        subprocess.run([*self.tmux, "kill-server"], capture_output=True, check=False)
