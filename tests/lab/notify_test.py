# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""`procwall notify` on a real session bus, with a service that notes what it is to show."""

import json
import os
import shutil
import subprocess
import sys
import unittest

import lab

SERVICE = '''
import dbus, dbus.mainloop.glib, dbus.service, json, sys
from gi.repository import GLib
dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
class Service(dbus.service.Object):
    @dbus.service.method("org.freedesktop.Notifications", in_signature="susssasa{sv}i", out_signature="u")
    def Notify(self, program, replaces, icon, summary, body, actions, hints, timeout):
        print(json.dumps({"program": program, "summary": summary, "body": body}), flush=True)
        return 1
bus = dbus.SessionBus()
name = dbus.service.BusName("org.freedesktop.Notifications", bus)
service = Service(bus, "/org/freedesktop/Notifications")
print(json.dumps("ready"), flush=True)
GLib.MainLoop().run()
'''


def can_serve():
    return shutil.which("dbus-daemon") and subprocess.run(
        [lab.PYTHON, "-c", "import dbus; from gi.repository import GLib"],
        capture_output=True, check=False).returncode == 0


class NotifyTest(lab.LabTest):
    def notify(self, guard, bus):
        process = subprocess.Popen(
            [lab.program("procwall"), "--address", guard.address, "notify"],
            env={**os.environ, "DBUS_SESSION_BUS_ADDRESS": bus}, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.addCleanup(lab.end, process)
        self.addCleanup(process.stderr.close)
        return process

    def test_without_a_session_it_says_what_to_do(self):
        process = self.notify(self.daemon(), "unix:path=/no/such/bus")
        self.assertIn("there is no session bus", process.communicate(timeout=lab.DEADLINE)[1])
        self.assertEqual(process.returncode, 1)

    @unittest.skipUnless(can_serve(), "dbus-daemon, python3-dbus or python3-gi is not installed")
    def test_what_is_denied_is_shown(self):
        bus = f"unix:path={self.world.folder}/bus"
        daemon = subprocess.Popen(
            ["dbus-daemon", "--session", "--nofork", "--nopidfile", f"--address={bus}",
             "--print-address"], stdout=subprocess.PIPE, text=True)
        self.addCleanup(lab.end, daemon)
        daemon.stdout.readline()
        service = subprocess.Popen([lab.PYTHON, "-c", SERVICE], stdout=subprocess.PIPE, text=True,
                                   env={**os.environ, "DBUS_SESSION_BUS_ADDRESS": bus})
        self.addCleanup(lab.end, service)
        notices = lab.Lines(service.stdout, json.loads)
        self.assertEqual(notices.wait(lambda each: each == "ready"), "ready")

        guard = self.daemon(rules=[lab.rule("no-smtp", "deny", "dest.port", "25")])
        self.notify(guard, bus)
        lab.await_true(lambda: json.loads(guard.client("status", "--json").output)["watchers"] >= 2,
                       "the watch of procwall notify")
        program = self.world.executable_copy(lab.program("lab_sender"), "mailer")
        mailer = subprocess.Popen([program, "tcp", lab.SERVER4, "25", "wait"],
                                  stdin=subprocess.DEVNULL)
        self.addCleanup(mailer.wait)
        self.addCleanup(mailer.kill)
        notice = notices.wait(lambda each: each != "ready")
        self.assertIsNotNone(notice)
        self.assertEqual(notice["program"], "procwall")
        self.assertEqual(notice["summary"], "Denied: mailer")
        self.assertIn(f"{lab.SERVER4}:25 (tcp)\nno-smtp\nprocwall explain ", notice["body"])


if __name__ == "__main__":
    sys.exit(lab.main())
