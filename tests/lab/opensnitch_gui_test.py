#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""OpenSnitch's GUI and the real daemon: nodes, rules, events, prompts, commands, both dialects."""

import hashlib
import json
import os
import socket
import subprocess
import sys
import unittest

import headless_gui
import lab


class GuiTest:
    """What holds for a GUI of either dialect; the classes below say which."""

    dialect = None
    curl = os.path.realpath("/usr/bin/curl")

    def start(self, rules=(), answer=None, config=None):
        flags = ["-ui-socket", f"unix:{self.socket_path()}"]
        if config:
            path = self.world.folder / "config.json"
            path.write_text(json.dumps(config), encoding="utf-8")
            flags += ["-config-file", str(path)]
        self.gui = headless_gui.HeadlessGui(self.socket_path(), self.dialect, answer)
        self.addCleanup(lambda: self.gui.end())
        self.guard = self.daemon(rules=rules, default="deny", flags=flags)
        self.gui.wait(lambda: self.gui.pings, "a ping")

    def socket_path(self):
        return self.world.folder / f"gui{id(self)}.sock"

    def curl_works(self, timeout=1):
        return lab.run("curl", "-4", "-s", "--max-time", str(timeout),
                       f"http://{lab.SERVER4}/").code == 0

    def allow_curl(self, **more):
        return lab.rule("allow-curl", "allow", "process.path", self.curl, **more)

    def test_the_node_and_its_rules_are_told(self):
        self.start(rules=[self.allow_curl()])
        node = self.gui.node()
        self.assertEqual(node.name, os.uname().nodename)
        self.assertEqual([rule.name for rule in node.rules], ["allow-curl"])
        self.assertEqual(node.rules[0].operator.data, self.curl)
        self.assertIn("DefaultAction", json.loads(node.config))
        said = self.guard.status()["opensnitch_gui"]
        self.assertTrue(said["connected"])
        self.assertTrue(said["dialect"].startswith(self.dialect))

    def test_decisions_are_told_with_their_program_and_rule(self):
        self.start(rules=[self.allow_curl()])
        self.assertTrue(self.curl_works())
        event = self.gui.event(lambda event: event.connection.dst_port == 80)
        self.assertEqual(event.connection.process_path, self.curl)
        self.assertEqual(event.connection.dst_ip, lab.SERVER4)
        self.assertEqual((event.rule.name, event.rule.action), ("allow-curl", "allow"))
        ping = self.gui.pings[-1]
        self.assertEqual(ping.stats.by_executable[self.curl], 1)
        self.assertEqual(ping.stats.rules, 1)

    def test_a_rule_is_disabled_enabled_changed_and_deleted(self):
        self.start(rules=[self.allow_curl()])
        rule = self.gui.node().rules[0]
        self.assertTrue(self.curl_works())
        self.assertTrue(self.gui.tell("disable", self.gui.pb.Rule(name=rule.name)).ok)
        self.assertFalse(self.curl_works())
        self.assertTrue(self.gui.tell("enable", rule).ok)
        self.assertTrue(self.curl_works())
        rule.action = "reject"
        self.assertTrue(self.gui.tell("change", rule).ok)
        self.assertFalse(self.curl_works())
        self.assertEqual(json.loads((self.guard.rules_path / "allow-curl.json").read_text())
                         ["action"], "reject")
        self.assertTrue(self.gui.tell("delete", rule).ok)
        self.assertEqual(list(self.guard.rules_path.glob("*.json")), [])

    def test_a_new_rule_is_saved_and_a_temporary_one_is_not(self):
        self.start()
        self.assertFalse(self.curl_works())
        self.assertTrue(self.gui.tell("change", self.gui.rule(
            self.allow_curl(duration="until restart"))).ok)
        self.assertTrue(self.curl_works())
        self.assertEqual(list(self.guard.rules_path.glob("*.json")), [])
        self.assertTrue(self.gui.tell("change", self.gui.rule(self.allow_curl())).ok)
        self.assertEqual([path.name for path in self.guard.rules_path.glob("*.json")],
                         ["allow-curl.json"])

    def test_what_cannot_be_done_is_said(self):
        self.start()
        bad = self.gui.rule(lab.rule("bad", "allow", "no.such.thing", "x"))
        self.assertFalse(self.gui.tell("change", bad).ok)
        self.assertFalse(self.gui.tell("change", self.gui.pb.Rule(name="x", enabled=True)).ok)
        refused = self.gui.tell("config", data='{"Rules": {"Path": "/tmp"}}')
        self.assertFalse(refused.ok)
        self.assertIn("not for a GUI", refused.data)

    def test_interception_is_switched_off_and_on(self):
        self.start()
        self.assertFalse(self.curl_works())
        self.assertTrue(self.gui.tell("stop").ok)
        self.assertTrue(self.curl_works())
        self.assertTrue(self.gui.tell("start").ok)
        self.assertFalse(self.curl_works())

    def test_a_process_is_monitored(self):
        self.start()
        reply = self.gui.tell("monitor", data=str(os.getpid()))
        self.assertTrue(reply.ok)
        self.assertEqual(json.loads(reply.data)["Path"], os.path.realpath(sys.executable))
        self.assertTrue(self.gui.tell("stop-monitor", data=str(os.getpid())).ok)

    def test_a_connection_waits_for_its_prompt(self):
        self.start(answer=lambda connection: self.allow_curl(duration="once"))
        self.assertTrue(self.curl_works(timeout=10))
        asked = self.gui.asked[0]
        self.assertEqual((asked.process_path, asked.dst_ip, asked.dst_port),
                         (self.curl, lab.SERVER4, 80))
        self.assertEqual(list(self.guard.rules_path.glob("*.json")), [])

    def test_an_answer_for_always_becomes_a_file(self):
        self.start(answer=lambda connection: self.allow_curl())
        self.assertTrue(self.curl_works(timeout=10))
        self.assertTrue(self.curl_works())
        self.assertEqual(len(self.gui.asked), 1)
        self.assertEqual([path.name for path in self.guard.rules_path.glob("*.json")],
                         ["allow-curl.json"])

    def test_many_programs_are_asked_about_at_once(self):
        def answer(connection):
            return lab.rule(f"allow-{connection.process_path}", "allow", "process.path",
                            connection.process_path, duration="once")
        self.start(answer=answer)
        programs = [self.world.executable_copy("/usr/bin/curl", f"curl{i}") for i in range(8)]
        runs = [subprocess.Popen([program, "-4", "-s", "--max-time", "15",
                                  f"http://{lab.SERVER4}/"], stdout=subprocess.DEVNULL)
                for program in programs]
        self.assertEqual([run.wait(lab.DEADLINE) for run in runs], [0] * len(runs))
        self.assertEqual({asked.process_path for asked in self.gui.asked}, set(programs))

    def test_an_answer_that_is_none_lets_nothing_through(self):
        self.start(answer=lambda connection: None)  # INTERNAL, as gRPC for Python has it
        self.assertFalse(self.curl_works(timeout=2))
        self.assertEqual(self.world.arrived(port=80), [])
        self.assertTrue(self.guard.status()["opensnitch_gui"]["connected"])

    def test_a_gui_that_ends_is_found_again(self):
        self.start()
        self.gui.end()
        lab.await_true(lambda: not self.guard.status()["opensnitch_gui"]["connected"], "its end")
        self.socket_path().unlink(missing_ok=True)
        self.gui = headless_gui.HeadlessGui(self.socket_path(), self.dialect)
        self.gui.wait(lambda: self.gui.pings, "a ping")


class OldGuiTest(GuiTest, lab.LabTest):
    dialect = "1.5"


class NewGuiTest(GuiTest, lab.LabTest):
    dialect = "1.6"

    def test_checksums_are_told_on_wish(self):
        self.start(answer=lambda connection: self.allow_curl(duration="once"),
                   config={"Rules": {"EnableChecksums": True}})
        self.assertTrue(self.curl_works(timeout=10))
        with open(self.curl, "rb") as program:
            content = program.read()
        wanted = {"process.hash.md5": hashlib.md5(content).hexdigest(),
                  "process.hash.sha1": hashlib.sha1(content).hexdigest()}
        self.assertEqual(dict(self.gui.asked[0].process_checksums), wanted)
        self.assertTrue(json.loads(self.gui.node().config)["Rules"]["EnableChecksums"])
        # The program has ended, and its digests are told with the decision all the same.
        event = self.gui.event(lambda event: event.connection.dst_port == 80)
        self.assertEqual(dict(event.connection.process_checksums), wanted)

    def test_the_sockets_of_the_host_are_told(self):
        self.start()
        task = json.dumps({"name": "sockets-monitor",
                           "data": {"interval": "1s", "state": 10, "proto": 6, "family": 2}})
        with socket.create_server(("127.0.0.1", 0)) as server:
            reply = self.gui.tell("monitor", data=task)
            port = server.getsockname()[1]
        self.assertTrue(reply.ok, reply.data)
        report = json.loads(reply.data)
        ours = [row for row in report["Table"] if row["Socket"]["ID"]["SourcePort"] == port]
        self.assertEqual([row["PID"] for row in ours], [os.getpid()])
        self.assertEqual({row["Socket"]["State"] for row in report["Table"]}, {10})
        self.assertEqual(report["Processes"][str(os.getpid())]["Path"],
                         os.path.realpath(sys.executable))
        self.assertTrue(self.gui.tell("stop-monitor", data=task).ok)

    def test_no_checksums_are_told_unasked(self):
        self.start(answer=lambda connection: self.allow_curl(duration="once"))
        self.assertTrue(self.curl_works(timeout=10))
        self.assertEqual(dict(self.gui.asked[0].process_checksums), {})


class StrangersGuiTest(lab.LabTest):
    @unittest.skipIf(os.geteuid() != 0, "needs to be root to be someone else")
    def test_a_socket_that_somebody_else_made_is_refused(self):
        folder = self.world.folder / "theirs"
        folder.mkdir()
        folder.chmod(0o777)
        listen = ("import os, socket, sys, time; os.setuid(65534);"
                  "s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); s.listen();"
                  "print('listening', flush=True); time.sleep(600)")
        stranger = subprocess.Popen([lab.PYTHON, "-c", listen, str(folder / "osui.sock")],
                                    stdout=subprocess.PIPE, text=True)
        self.addCleanup(lab.end, stranger)
        stranger.stdout.readline()
        guard = self.daemon(flags=["-ui-socket", f"unix:{folder}/osui.sock"])
        lab.await_true(lambda: "does not allow" in guard.status()["opensnitch_gui"]["why_not"],
                       "a refusal")


if __name__ == "__main__":
    lab.main()
