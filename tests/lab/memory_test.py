# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""What the daemon keeps of ten thousand live connections fits into 40 MB."""

import pathlib
import re
import resource
import subprocess
import sys
import unittest

import lab
import stage

CONNECTIONS, PROGRAMS = 10_000, 4
PORT = 8000
LIMIT_KIB = 40 * 1024

ACCEPT = """
import socket, sys
listener = socket.create_server(("", int(sys.argv[1])), backlog=4096)
print("ready", flush=True)
accepted = []
while len(accepted) < int(sys.argv[2]):
    accepted.append(listener.accept()[0])
print("all", flush=True)
sys.stdin.read()
"""

CONNECT = """
import socket, sys
opened = [socket.create_connection((sys.argv[1], int(sys.argv[2]))) for _ in range(int(sys.argv[3]))]
print("all", flush=True)
sys.stdin.read()
"""


def resident_kib(pid):
    text = pathlib.Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(re.search(r"VmRSS:\s+(\d+) kB", text)[1])


class MemoryTest(lab.LabTest):
    WITNESS = "off"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = CONNECTIONS + 1000
        if hard != resource.RLIM_INFINITY and hard < wanted:
            raise unittest.SkipTest(f"only {hard} files may be open here")
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))  # for those we start

    def start(self, *command):
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.addCleanup(lab.end, process)
        return process

    def test_ten_thousand_live_connections(self):
        server = self.start("nsenter", "--target", str(self.world.server.pid), "--net", "--",
                            lab.PYTHON, "-I", "-c", ACCEPT, str(PORT), str(CONNECTIONS))
        self.assertEqual(server.stdout.readline(), "ready\n")
        guard = self.daemon(flags=(f"-witness={self.WITNESS}",))
        before = resident_kib(guard.process.pid)
        clients = []
        for number in range(PROGRAMS):
            program = self.world.executable_copy(lab.PYTHON, f"client{number}")
            clients.append(self.start(program, "-I", "-c", CONNECT, lab.SERVER4, str(PORT),
                                      str(CONNECTIONS // PROGRAMS)))
        for process in [*clients, server]:
            self.assertEqual(process.stdout.readline(), "all\n")
        lab.await_true(lambda: lab.counters(guard.status())["allowed"] >= CONNECTIONS,
                       "all to be judged")
        after = resident_kib(guard.process.pid)
        print(f"lab: witness {self.WITNESS}: resident with nothing {before} KiB, with {CONNECTIONS} "
              f"live connections {after} KiB", file=sys.stderr)
        self.assertLess(after, LIMIT_KIB)


class MemoryWithWitnessTest(stage.WithWitness, MemoryTest):
    pass


if __name__ == "__main__":
    lab.main()
