#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""The real systemd-resolved beside the real daemon, in the lab; not in ctest.

usage: tests/lab/real_resolved.py SYSTEMD-RESOLVED

Installing Debian's systemd-resolved takes over the machine's names; its binary is enough here:

  cd $(mktemp -d) && apt-get download systemd-resolved && dpkg -x systemd-resolved_*.deb .

and then lib/systemd/systemd-resolved is the argument. A failure is an exit status of 1.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import unittest

import lab

FOLDER = pathlib.Path("/run/systemd/resolve")
USER = 990
# Asks resolved without a packet, as nss-resolve does, and connects to what it was told.
ASKS_BY_VARLINK = """
import json, socket, sys
with socket.socket(socket.AF_UNIX) as resolved:
    resolved.connect("/run/systemd/resolve/io.systemd.Resolve")
    resolved.sendall(json.dumps({"method": "io.systemd.Resolve.ResolveHostname",
                                 "parameters": {"name": sys.argv[1], "family": 2}}).encode() + b"\\0")
    said = b""
    while not said.endswith(b"\\0"):
        said += resolved.recv(65536)
address = ".".join(map(str, json.loads(said[:-1])["parameters"]["addresses"][0]["address"]))
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
    out.sendto(b"hello", (address, 7))
print(address)
"""


class RealResolvedTest(lab.LabTest):
    program = ""

    def setUp(self):
        super().setUp()
        lab.must("mount", "-t", "tmpfs", "lab", "/etc/systemd")
        self.addCleanup(lab.must, "umount", "/etc/systemd")
        pathlib.Path("/etc/systemd/resolved.conf").write_text(
            f"[Resolve]\nDNS={lab.SERVER4}\nFallbackDNS=\nDNSSEC=no\nLLMNR=no\nMulticastDNS=no\n"
            "ReadEtcHosts=no\n", encoding="ascii")
        for file, line in (("/etc/passwd", f"systemd-resolve:x:{USER}:{USER}::/:/usr/sbin/nologin\n"),
                           ("/etc/group", f"systemd-resolve:x:{USER}:\n")):
            path = pathlib.Path(file)
            lab.cover(path, path.read_text(encoding="utf-8") + line)
        lab.cover(pathlib.Path("/etc/resolv.conf").resolve(), "nameserver 127.0.0.53\n")
        shutil.rmtree(FOLDER, ignore_errors=True)  # its sockets outlive it
        FOLDER.mkdir(parents=True)
        os.chown(FOLDER, USER, USER)
        resolved = subprocess.Popen([self.program], stdin=subprocess.DEVNULL,
                                    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(lab.end, resolved)
        lab.await_true((FOLDER / "io.systemd.Resolve.Monitor").exists, "resolved")

    def ask(self, name):
        ran = lab.run(lab.PYTHON, "-c", ASKS_BY_VARLINK, name)
        self.assertEqual(ran.code, 0, ran)
        return ran.pid, ran.output.strip()

    def test_a_name_that_was_asked_for_through_its_stub(self):
        guard = self.daemon()
        for family in (4, 6):
            ran = lab.run("curl", f"-{family}", "-s", "--max-time", "9", f"http://{lab.SERVER_NAME}/")
            self.assertEqual(ran.output, "hello\n", ran)
            self.expect_event(guard, pid=ran.pid, dst_port=80, dst_host=lab.SERVER_NAME,
                              dst_name_from="dns")

    def test_a_name_that_it_had_in_its_cache_before_there_was_a_firewall(self):
        self.ask("n7.many.test")
        self.world.forget()
        guard = self.daemon()
        # It tells whoever asked first: the packet may be faster than the news.
        lab.await_true(lambda: self.event_of(guard, "n7.many.test")["dst_host"], "the name")
        event = self.event_of(guard, "n7.many.test")
        self.assertEqual((event["dst_host"], event["dst_name_from"]), ("n7.many.test", "resolved"))
        self.assertEqual(self.world.arrived(target_port=53, source=lab.HOST4), [],
                         "resolved asked again: this shows nothing")

    def event_of(self, guard, name):
        pid, address = self.ask(name)
        return self.expect_event(guard, pid=pid, dst_ip=address)

    def test_a_name_that_it_asked_for(self):
        event = self.event_of(self.daemon(), "n8.many.test")
        self.assertEqual(event["dst_host"], "n8.many.test")
        self.assertIn(event["dst_name_from"], ("resolved", "dns-other-program"))


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        sys.exit(__doc__)
    RealResolvedTest.program = str(pathlib.Path(sys.argv[1]).resolve())
    lab.enter()
    unittest.main(argv=sys.argv[:1])
