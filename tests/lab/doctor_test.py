# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""`procwall doctor`: what it finds on this kernel, with a daemon and without one."""

import json
import os
import socket
import subprocess

import lab

ALL_PACKETS = 3  # ETH_P_ALL


class DoctorTest(lab.LabTest):
    def examine(self, address):
        ran = lab.run(lab.program("procwall"), "--address", address, "doctor", "--json")
        self.assertIn(ran.code, (0, 1), ran.errors)
        report = json.loads(ran.output)
        self.assertEqual(ran.code == 0, report["verdict"] == "well", ran.output)
        return report

    @staticmethod
    def tiers(report):
        return {tier["name"]: tier for tier in report["tiers"]}

    def test_without_a_daemon_it_looks_at_the_kernel(self):
        report = self.examine("unix:/run/nobody.sock")
        self.assertEqual((report["verdict"], report["daemon_pid"]), ("wrong", None))
        self.assertIn("/run/nobody.sock", report["why_no_daemon"])
        self.assertEqual(self.tiers(report)["inet_diag tcp"]["state"], "runs")

    def test_with_a_daemon_it_lists_the_parts_of_its_witness(self):
        guard = self.daemon()
        report = self.examine(guard.address)
        self.assertEqual(report["daemon_pid"], guard.process.pid)
        tiers = self.tiers(report)
        for name in ("packet queue", "connection tracking", "inet_diag tcp", "inet_diag udp"):
            self.assertEqual(tiers[name]["state"], "runs", tiers[name])
        self.assertTrue(any(name.startswith("witness") for name in tiers))
        self.assertEqual(report["wrong"], [])

    def test_a_daemon_without_a_witness_is_uncertain_of_something(self):
        guard = self.daemon(flags=("-witness=off",))
        report = self.examine(guard.address)
        self.assertEqual(report["verdict"], "uncertain")
        witness = self.tiers(report)["witness"]
        self.assertEqual((witness["state"], witness["why_not"]), ("missing", "switched off"))
        self.assertTrue(witness["cases"] and witness["advice"])

    def test_whoever_goes_below_the_firewall_is_named(self):
        guard = self.daemon()
        with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ALL_PACKETS)) as sniffer:
            inode = os.fstat(sniffer.fileno()).st_ino
            found = {entry["inode"]: entry for entry in
                     self.examine(guard.address)["packet_sockets"]}
            self.assertIn({"pid": os.getpid(), "path": os.path.realpath(lab.PYTHON)},
                          found[inode]["holders"])
            self.assertEqual(found[inode]["protocol"], ALL_PACKETS)
            text = guard.client("doctor").output
            self.assertIn(f"(pid {os.getpid()}) holds AF_PACKET socket {inode}", text)

    def test_another_firewall_is_named(self):
        guard = self.daemon()
        rival = self.world.executable_copy("/bin/sleep", "opensnitchd")
        with subprocess.Popen([rival, "60"]) as running:
            self.addCleanup(lab.end, running)
            report = self.examine(guard.address)
            running.kill()
        self.assertEqual((report["verdict"], report["rivals"]),
                         ("wrong", [{"pid": running.pid, "name": "opensnitchd"}]))

    def test_its_last_words_are_the_verdict(self):
        guard = self.daemon()
        ran = guard.client("doctor")
        self.assertRegex(ran.output.splitlines()[-1], r"^Verdict    (All is well|Guarded|Not)")
        self.assertEqual(guard.client("doctor", "--frob").code, 2)


if __name__ == "__main__":
    lab.main()
