# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""Processes that do what they can to be taken for others, or to be too much: the daemon lives, and
names the right program or none."""

import os
import shutil
import socket
import subprocess
import sys
import time

import lab
import stage

RENAMES = """
import ctypes, socket, sys
libc = ctypes.CDLL(None)
libc.prctl(15, b"sshd\\x1b[2J\\n", 0, 0, 0)
open("/proc/self/comm", "wb").write(b"sshd")
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ({!r}, {}))
"""

NAMESPACES = 10_000  # by so many programs at once:
NOISY = 4
PORT, PORTS = 3500, 100  # to each of so many, from each of so many
NOISE = f"""
import ctypes, fcntl, socket, struct, sys
CLONE_NEWNET = 0x40000000
SIOCSIFFLAGS, SIOCSIFADDR, IFF_UP = 0x8914, 0x8916, 1
libc = ctypes.CDLL(None, use_errno=True)
count, here, there = int(sys.argv[1]), sys.argv[2], sys.argv[3]

def has(sock, name, address):
    told = struct.pack("16sHH4s16x", name, socket.AF_INET, 0, socket.inet_aton(address))
    fcntl.ioctl(sock, SIOCSIFADDR, told)

for i in range(count):
    if libc.unshare(CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        has(sock, b"lo", here)
        has(sock, b"lo:1", there)
        fcntl.ioctl(sock, SIOCSIFFLAGS, struct.pack("16sH22x", b"lo", IFF_UP))
        sock.bind((here, {PORT} + i % {PORTS}))
        sock.sendto(b"x", (there, {PORT} + i // {PORTS} % {PORTS}))
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

    def test_the_noise_of_ten_thousand_namespaces(self):
        """In each of them another program sends what a program of this host sends: the same
        addresses, the same ports, at the same time."""
        noisy = shutil.copy(sys.executable, os.path.join(self.world.folder, "noisy"))
        command = [noisy, "-c", NOISE, str(NAMESPACES // NOISY), lab.HOST4, lab.SERVER4]
        noise = [subprocess.Popen(command, env=os.environ | {"PYTHONHOME": sys.base_prefix})
                 for _ in range(NOISY)]
        sent = 0
        try:
            while any(process.poll() is None for process in noise):
                with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mine:
                    mine.bind((lab.HOST4, PORT + sent % PORTS))
                    mine.sendto(b"x", (lab.SERVER4, PORT + sent // PORTS % PORTS))
                sent += 1
                time.sleep(0.01)  # the noise's time
        finally:
            for process in noise:
                process.kill()
                process.wait()
        self.assertEqual([process.returncode for process in noise], [0] * NOISY)
        self.assertGreater(sent, PORTS)

        def told():
            return [event for event in self.guard.events.all()
                    if event.get("dst_port") in range(PORT, PORT + PORTS)]
        lab.await_true(lambda: len(told()) >= min(sent, PORTS * PORTS), "all that was sent")
        names = {event["process_path"] for event in told()}
        unknown = {""} if self.WITNESS == "off" else set()
        self.assertEqual(names - unknown, {os.path.realpath(sys.executable)})


class HostileProcessWithWitnessTest(HostileProcessTest):
    WITNESS = "auto"

    @classmethod
    def setUpClass(cls):
        if not stage.is_real_root():
            raise lab.unittest.SkipTest("only the machine's root may load BPF programs")
        super().setUpClass()


if __name__ == "__main__":
    lab.main()
