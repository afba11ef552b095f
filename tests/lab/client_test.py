# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""The client with and without a daemon: status, connections, rules."""

import json
import socket

import lab


class ClientTest(lab.LabTest):
    def connections(self):
        ran = lab.run(lab.program("procwall"), "connections", "--json")
        self.assertEqual(ran.code, 0, ran.errors)
        return [json.loads(line) for line in ran.output.splitlines()]

    def test_connections_lists_every_socket_with_its_owner(self):
        with socket.create_server(("127.0.0.1", 4000)) as server, \
                socket.create_connection(("127.0.0.1", 4000)) as tcp, \
                socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as udp:
            udp.bind(("::1", 4001))
            text = json.dumps(self.connections())
            for port in (server.getsockname()[1], tcp.getsockname()[1], udp.getsockname()[1]):
                self.assertRegex(text, rf"\b{port}\b")
            self.assertIn("/usr/bin/python3", text)

    def test_status_says_what_runs(self):
        guard = self.daemon(rules=[lab.deny_all()], default="deny")
        status = guard.status()
        self.assertEqual(
            (int(status["pid"]), status["mode"], status["default_action"], int(status["rules"]),
             int(status["queue_number"]), status["rules_directory"]),
            (guard.process.pid, "enforce", "deny", 1, guard.queue, str(guard.rules_path)))

    def test_it_is_small(self):
        """25 MB, SQLite included: half of what the firewall it replaces needs."""
        guard = self.daemon(rules=[lab.deny_all()])
        self.assertLess(int(guard.status()["resident_bytes"]), 25 << 20)

    def test_rules_list_shows_the_rules_in_force(self):
        guard = self.daemon(rules=[lab.deny_all()])
        listed = guard.client("rules", "list", "--json")
        self.assertEqual(listed.code, 0, listed.errors)
        self.assertIn("deny-all", listed.output)

    def test_without_a_daemon_it_says_so(self):
        ran = lab.run(lab.program("procwall"), "--address", "unix:/run/nobody.sock", "status")
        self.assertNotEqual(ran.code, 0)
        self.assertIn("/run/nobody.sock", ran.errors)

    def test_rules_check_needs_no_daemon(self):
        folder = self.world.folder / "check"
        folder.mkdir()
        (folder / "good.json").write_text(json.dumps(lab.deny_all()), encoding="utf-8")
        (folder / "bad.json").write_text('{\n"name": oops}', encoding="utf-8")
        ran = lab.run(lab.program("procwall"), "rules", "check", str(folder))
        self.assertEqual(ran.code, 1, ran)
        self.assertRegex(ran.output, r"(?m)^ok \S*good\.json deny-all$")
        self.assertRegex(ran.output, r"(?m)^refused \S*bad\.json 2:\d+ ")


if __name__ == "__main__":
    lab.main()
