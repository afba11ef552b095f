# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""Processes that do what they can to be taken for others, or to be too much: the daemon lives, and
names the right program or none."""

import os
import shutil
import socket
import subprocess
import sys

import lab
import stage

RENAMES = """
import ctypes, socket, sys
libc = ctypes.CDLL(None)
libc.prctl(15, b"sshd\\x1b[2J\\n", 0, 0, 0)
open("/proc/self/comm", "wb").write(b"sshd")
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ({!r}, {}))
"""


def escaped(path):
    """As procwalld tells a path: bytes that are not printable UTF-8 as \\xHH."""
    text = ""
    for character in path.decode("utf-8", "surrogateescape"):
        code = ord(character)
        if 0xdc80 <= code <= 0xdcff:
            text += f"\\x{code - 0xdc00:02x}"
        elif code < 0x20 or code == 0x7f:
            text += f"\\x{code:02x}"
        else:
            text += "\\\\" if character == "\\" else character
    return text


class HostileProcessTest(lab.LabTest):
    WITNESS = "off"

    def setUp(self):
        super().setUp()
        self.guard = self.daemon(default="allow", flags=(f"-witness={self.WITNESS}",))

    def send_from(self, path, port):
        """Sends one datagram from a copy of the sender at `path` (bytes)."""
        subprocess.run([path, b"udp", lab.SERVER4.encode(), str(port).encode(), b"exit"],
                       executable=path, check=False, timeout=lab.DEADLINE)

    def check_named(self, path, port):
        event = self.expect_event(self.guard, dst_port=port)
        if event["confidence"] == "unknown":
            self.assertEqual(self.WITNESS, "off", event)
            self.assertTrue(event["unknown_reason"], event)
        else:
            self.assertTrue(event["process_path"].endswith(escaped(path)),
                            (event["process_path"][-80:], escaped(path)[-80:]))

    def test_paths_of_any_bytes(self):
        original = lab.program("lab_sender")
        directory = os.fsencode(self.world.folder)
        for number, name in enumerate((b"new\nline", b"esc\x1b[2J", b"latin\xe9\xff", b" (deleted)",
                                       b"back\\slash")):
            path = os.path.join(directory, name)
            shutil.copy(os.fsencode(original), path)
            with self.subTest(name):
                self.send_from(path, 3000 + number)
                self.check_named(name, 3000 + number)

    def test_a_path_of_four_kilobytes(self):
        """The last name tells which program it was."""
        here = os.open(".", os.O_RDONLY)
        try:
            os.chdir(self.world.folder)
            for _ in range(15):
                os.mkdir("d" * 250)
                os.chdir("d" * 250)
            shutil.copy(lab.program("lab_sender"), "long-sender")
            self.send_from(b"./long-sender", 3100)
        finally:
            os.fchdir(here)
            os.close(here)
        self.check_named(b"/long-sender", 3100)

    def test_names_that_a_process_gives_itself(self):
        code = RENAMES.format(lab.SERVER4, 3200)
        subprocess.run(["/usr/sbin/sshd", "-c", code], executable=sys.executable, check=True,
                       timeout=lab.DEADLINE)
        self.check_named(os.fsencode(os.path.realpath(sys.executable)), 3200)

    def test_processes_that_vanish_while_they_are_looked_at(self):
        sender = lab.program("lab_sender")
        for port in range(3300, 3400):
            lab.run(sender, "udp", lab.SERVER4, str(port), "exit")
        lab.await_true(lambda: lab.counters(self.guard.status())["packets"] >= 100, "all packets")
        for event in self.guard.events.all():
            self.assertTrue(event["process_path"] in ("", sender) or
                            event["dst_port"] not in range(3300, 3400), event)

    def test_the_noise_of_hundreds_of_namespaces(self):
        """Each has processes of its own that use sockets there; this host's are named as before."""
        noise = [subprocess.Popen(
            ["unshare", "-n", "sh", "-c", "ip link set lo up; exec sleep 60"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for _ in range(200)]
        try:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stays:
                stays.sendto(b"x", (lab.SERVER4, 3500))
                event = self.expect_event(self.guard, dst_port=3500)
            self.assertEqual(event["process_path"], os.path.realpath(sys.executable), event)
        finally:
            for process in noise:
                process.kill()
            for process in noise:
                process.wait()


class HostileProcessWithWitnessTest(HostileProcessTest):
    WITNESS = "auto"

    @classmethod
    def setUpClass(cls):
        if not stage.is_real_root():
            raise lab.unittest.SkipTest("only the machine's root may load BPF programs")
        super().setUpClass()


if __name__ == "__main__":
    lab.main()
