# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""`procwall connections --watch` with real sockets. Needs no daemon."""

import contextlib
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile

import lab

LISTEN = ("import socket,sys,time; s=socket.socket(); s.bind((sys.argv[1],int(sys.argv[2]))); "
          "s.listen(); time.sleep(600)")


class ConnectionsWatchTest(lab.LabTest):
    def setUp(self):
        super().setUp()
        # What root knows is kept in /var/lib: here it is this test's own.
        self.state = pathlib.Path("/var/lib/procwall/seen-listeners")
        lab.must("mount", "-t", "tmpfs", "lab", "/var/lib")
        self.addCleanup(lab.must, "umount", "/var/lib")

    def watch(self, *options):
        process = subprocess.Popen(
            [lab.program("procwall"), "connections", "--watch", "--json", *options],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(process.stderr.close)
        self.addCleanup(lab.end, process)
        return process, lab.Lines(process.stdout, json.loads)

    def ready(self, changes):
        """The first look is over: sockets that come are told."""
        with contextlib.ExitStack() as stack:
            def heard():
                server = stack.enter_context(socket.socket())
                server.bind(("127.0.0.1", 0))
                server.listen()
                return changes.wait(lambda each: each["what"] == "listens" and
                                    each["local_ip"] == "127.0.0.1", 2.5)
            lab.await_true(heard, "a watch that looks")

    def listener(self, program, address, port):
        process = subprocess.Popen([program, "-c", LISTEN, address, str(port)],
                                   stdin=subprocess.DEVNULL)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def wait(self, changes, what, port, state=None):
        change = changes.wait(lambda each: each["what"] == what and each["local_port"] == port and
                              state in (None, each["state"]))
        self.assertIsNotNone(change, changes.all())
        return change

    def test_listeners_come_and_go(self):
        _, changes = self.watch()
        self.ready(changes)
        server = self.listener(lab.PYTHON, "0.0.0.0", 22)
        change = self.wait(changes, "listens", 22)
        self.assertEqual(change["service"], "ssh")
        self.assertEqual(change["holders"][0]["pid"], server.pid)
        with socket.create_connection(("127.0.0.1", 22), lab.DEADLINE) as caller:
            port = caller.getsockname()[1]
            self.assertEqual(self.wait(changes, "new", port)["peer_port"], 22)
        self.wait(changes, "gone", port)
        server.kill()
        # What it had not accepted is gone with it, or before it, and nobody had that.
        gone = self.wait(changes, "gone", 22, state="LISTEN")
        self.assertEqual(gone["holders"][0]["pid"], server.pid)

    def test_a_listener_from_a_temporary_place_is_told(self):
        _, changes = self.watch()
        self.ready(changes)
        with tempfile.TemporaryDirectory(dir="/tmp") as folder:
            program = shutil.copy(os.path.realpath(lab.PYTHON), f"{folder}/innocent")
            self.listener(program, "0.0.0.0", 8081)
            change = self.wait(changes, "listens", 8081)
            self.assertEqual([alert["kind"] for alert in change["alerts"]],
                             ["temporary-listener", "new-listener"])
            self.listener_of_deleted(folder)
            self.assertIn("deleted-program", [alert["kind"] for alert in
                                              self.wait(changes, "listens", 8083)["alerts"]])

    def listener_of_deleted(self, folder):
        program = shutil.copy(os.path.realpath(lab.PYTHON), f"{folder}/deleted")
        process = subprocess.Popen(
            [program, "-c", f"import os; os.unlink({program!r}); exec({LISTEN!r})", "127.0.0.1",
             "8083"], stdin=subprocess.DEVNULL)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def test_what_was_learnt_is_no_news(self):
        self.listener(lab.PYTHON, "0.0.0.0", 8084)
        lab.await_true(lambda: lab.can_connect("127.0.0.1", 8084), "the listener")
        learner, _ = self.watch("--learn")
        lab.await_true(self.state.exists, "the list")
        learner.send_signal(signal.SIGINT)
        self.assertEqual(learner.wait(lab.DEADLINE), 0)
        self.assertIn(os.path.realpath(lab.PYTHON), self.state.read_text().splitlines())

        _, changes = self.watch()
        self.ready(changes)
        known = self.listener(lab.PYTHON, "0.0.0.0", 8085)
        with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
            program = shutil.copy(os.path.realpath(lab.PYTHON), f"{folder}/stranger")
            self.listener(program, "127.0.0.1", 8086)
            change = self.wait(changes, "listens", 8086)
            self.assertEqual([alert["kind"] for alert in change["alerts"]], ["new-listener"])
        change = self.wait(changes, "listens", 8085)
        self.assertEqual(change["holders"][0]["pid"], known.pid)
        self.assertEqual(change["alerts"], [])

    def test_only_alerts_when_only_they_are_wanted(self):
        self.state.parent.mkdir(parents=True)
        self.state.write_text("# a list in which nothing is\n", encoding="utf-8")
        self.listener(lab.PYTHON, "0.0.0.0", 8087)
        lab.await_true(lambda: lab.can_connect("127.0.0.1", 8087), "the listener")
        _, changes = self.watch("--alerts")
        self.assertEqual(self.wait(changes, "there", 8087)["alerts"][0]["kind"], "new-listener")
        self.assertTrue(all(change["alerts"] for change in changes.all()))


if __name__ == "__main__":
    lab.main()
