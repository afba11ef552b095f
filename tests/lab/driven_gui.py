#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""OpenSnitch's real GUI, as Debian ships it, with somebody who presses its buttons.

usage: driven_gui.py COMMANDS ANSWERS SOCKET

Runs /usr/bin/opensnitch-ui unchanged in this process, on Qt's screen that nobody sees, listening at
SOCKET. A line of JSON that comes in on the descriptor COMMANDS, ["click", "PromptDialog",
"applyButton"], is a call of a function below; its answer goes out on ANSWERS as a line of JSON,
{"answer": ...} or {"error": "..."}. The commands are run by the GUI's own loop, also while it shows a
menu or a question: what a person could do then, they can.
"""

import json
import os
import runpy
import sys

from PyQt5 import QtCore, QtTest, QtWidgets

PROGRAM = "/usr/bin/opensnitch-ui"


def window(kind):
    """The visible window of that class, the newest first."""
    for widget in reversed(QtWidgets.QApplication.topLevelWidgets()):
        if type(widget).__name__ == kind and widget.isVisible():
            return widget
    raise LookupError(f"no {kind} is to be seen, only {windows()}")


def part(kind, name):
    found = window(kind).findChild(QtWidgets.QWidget, name)
    if found is None:
        raise LookupError(f"{kind} has no {name}")
    return found


def press(widget):
    """The mouse; afterwards, for it may open a dialogue that returns when it is closed."""
    if not widget.isVisible() or not widget.isEnabled():
        raise LookupError(f"{widget.objectName() or widget.text()} cannot be pressed")
    QtCore.QTimer.singleShot(0, lambda: QtTest.QTest.mouseClick(widget, QtCore.Qt.LeftButton))


# The commands.

def windows():
    return [type(widget).__name__ for widget in QtWidgets.QApplication.topLevelWidgets()
            if widget.isVisible()]


def show(kind):
    """As the icon in the tray does, which there is none of here."""
    for widget in QtWidgets.QApplication.topLevelWidgets():
        if type(widget).__name__ == kind:
            return widget.show()
    raise LookupError(f"there is no {kind}")


def click(kind, name):
    press(part(kind, name))


def click_button(kind, text):
    """One of the window's buttons, by what stands on it."""
    buttons = [button for button in window(kind).findChildren(QtWidgets.QAbstractButton)
               if button.isVisible()]
    for button in buttons:
        if button.text().replace("&", "") == text:
            return press(button)
    raise LookupError(f"{kind} has no button {text}, only {[button.text() for button in buttons]}")


def check(kind, name):
    part(kind, name).setChecked(True)


def text(kind, name):
    return part(kind, name).text()


def texts(kind):
    """All that is written in the window."""
    return [label.text() for label in window(kind).findChildren(QtWidgets.QLabel)
            if label.isVisible() and label.text()]


def tab(kind, name, number):
    part(kind, name).setCurrentIndex(number)


def rows(kind, name):
    """What a table shows."""
    model = part(kind, name).model()
    return [[str(model.index(row, column).data()) for column in range(model.columnCount())]
            for row in range(model.rowCount())]


def menu(kind, name, row):
    """Calls up the menu of a row."""
    table = part(kind, name)
    table.selectRow(row)
    at = table.visualRect(table.model().index(row, 0)).center()
    QtCore.QTimer.singleShot(0, lambda: table.customContextMenuRequested.emit(at))


def choose(entry, *below):
    """Presses an entry of the menu that is open, or of the one it leads to."""
    shown = QtWidgets.QApplication.activePopupWidget()
    if shown is None:
        raise LookupError("no menu is open")
    for name in (entry, *below):
        actions = {action.text().replace("&", ""): action for action in shown.actions()}
        action = actions[name]
        at, before = shown.actionGeometry(action).center(), shown
        shown = action.menu()
        QtTest.QTest.mouseMove(before, at)
        if shown is not None:
            before.setActiveAction(action)
            continue
        QtCore.QTimer.singleShot(
            0, lambda: QtTest.QTest.mouseClick(before, QtCore.Qt.LeftButton, pos=at))


def picture(kind, file):
    """A screenshot of a window."""
    if not window(kind).grab().save(file):
        raise OSError(f"{file} cannot be written")


COMMANDS = {function.__name__: function for function in (
    windows, show, click, click_button, check, text, texts, tab, rows, menu, choose, picture)}


class Commands:
    """Reads commands whenever the GUI's loop has time, and answers."""

    def __init__(self, commands, answers):
        self._commands = os.fdopen(commands, "rb", buffering=0)
        self._answers = os.fdopen(answers, "w", encoding="utf-8", buffering=1)
        self._rest = b""
        self._notifier = QtCore.QSocketNotifier(commands, QtCore.QSocketNotifier.Read)
        self._notifier.activated.connect(self._read)

    def _read(self, *_):
        came = self._commands.read(1 << 16)
        if not came:
            os._exit(0)  # whoever pressed has gone
        *lines, self._rest = (self._rest + came).split(b"\n")
        for line in lines:
            name, *arguments = json.loads(line)
            try:
                answer = {"answer": COMMANDS[name](*arguments)}
            except Exception as error:  # pylint: disable=broad-except: it is told
                answer = {"error": f"{type(error).__name__}: {error}"}
            self._answers.write(json.dumps(answer) + "\n")


def main():
    commands, answers, socket = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    run = QtWidgets.QApplication.exec_
    kept = []

    def run_with_commands(*_):
        kept.append(Commands(commands, answers))
        return run()
    QtWidgets.QApplication.exec_ = run_with_commands
    sys.argv = [PROGRAM, "--socket", f"unix://{socket}"]
    runpy.run_path(PROGRAM, run_name="__main__")


if __name__ == "__main__":
    main()
