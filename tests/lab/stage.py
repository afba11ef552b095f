# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""Plays hard cases: programs of their own names that send, and say who they are.

Every sender has an address of its own to send to: whatever a firewall records of that address is
about that sender. The addresses all belong to the server (or to lo), which listens on all of them.
"""

import itertools
import os
import pathlib
import subprocess
import sys
import time
import unittest

import lab
import truth

PATIENCE = 5.0  # seconds for all programs of a run to say what they do
_POLL = 0.01

_SERVER_SENDS = """
import socket, sys, time
for number in range(int(sys.argv[1]), int(sys.argv[2])):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.bind((f"10.88.{number >> 8}.{number & 255}", 0))
        sender.sendto(b"nobody listens", (sys.argv[3], 9))
    time.sleep(float(sys.argv[4]))
"""
# The interpreter pauses between two spawns anyway; ICMP errors have a budget of their own.
_SHORTEST_PAUSE = 0.002


class Stage:
    """A World prepared for hard cases: addresses without end, and programs of distinct names."""

    def __init__(self, world):
        self.world = world
        self.original = lab.program("hard_case")
        self.numbers = itertools.count(1)
        self.said = world.folder / "said"
        self.other_netns = None
        server = self._in_netns_of(world.server)
        for family, network, gateway in (("-4", "10.88.0.0/15", lab.SERVER4),
                                         ("-6", "fd88::/64", lab.SERVER6)):
            lab.must(*server, "ip", family, "route", "add", "local", network, "dev", "lo")
            lab.must("ip", family, "route", "add", network, "via", gateway)
        local = ("local", "fd8a::/64", "dev", "lo")
        lab.must("ip", "-6", "route", "add", *local)
        world.stack.callback(lambda: lab.run("ip", "-6", "route", "del", *local))
        lab.must("ip", "route", "add", "239.88.0.0/16", "dev", "pw0")
        self._set("ipv4/ping_group_range", "0 0")  # group 0 is ours, as whoever we came
        self._set("ipv6/ip_nonlocal_bind", "1")  # IPv4 allows it on what is routed to lo
        self._set("ipv4/conf/all/force_igmp_version", "2")
        self._set("ipv4/ip_forward", "1")
        self._set("ipv4/tcp_fastopen", "5")  # a client's; it sends data without any cookie
        # On the way to a hundred connections in no time, none of them is a flood.
        self._set("ipv4/icmp_msgs_per_sec", "100000")
        self._open_other_netns()

    @staticmethod
    def _set(name, value):
        try:
            pathlib.Path("/proc/sys/net", name).write_text(value, encoding="ascii")
        except OSError as error:
            print(f"lab: {name} stays as it is: {error.strerror}", file=sys.stderr)

    @staticmethod
    def _in_netns_of(process):
        return ["nsenter", "--target", str(process.pid), "--net", "--"]

    def _open_other_netns(self):
        self.other_netns = subprocess.Popen(
            ["unshare", "--net", "--", "sh", "-c", "echo ready; read _"], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True)
        self.world.stack.callback(lab.end, self.other_netns)
        self.other_netns.stdout.readline()
        lab.must("ip", "link", "add", "name", "pw2", "type", "veth", "peer", "name", "pw3", "netns",
                 str(self.other_netns.pid))
        self.world.stack.callback(lambda: lab.run("ip", "link", "del", "pw2"))
        lab.must("ip", "addr", "add", "10.90.0.1/24", "dev", "pw2")
        lab.must("ip", "link", "set", "pw2", "up")
        inside = self._in_netns_of(self.other_netns)
        lab.must(*inside, "ip", "addr", "add", "10.90.0.2/24", "dev", "pw3")
        lab.must(*inside, "ip", "link", "set", "pw3", "up")
        lab.must(*inside, "ip", "route", "add", "default", "via", "10.90.0.1")

    @staticmethod
    def _address(case, number):
        high, low = number >> 8, number & 255
        if case.family == 6 and case.where != "mapped":
            return f"{'fd8a' if case.where == 'loopback' else 'fd88'}::{number:x}"
        net = {"loopback": "127.88", "group": "239.88", "dnat": "10.89"}.get(case.where, "10.88")
        return f"{'::ffff:' if case.where == 'mapped' else ''}{net}.{high}.{low}"

    def program(self, role, number):
        """A program of its own: not a link, another file with another inode."""
        name = f"{role}{number:04}"
        path = self.world.folder / "bin" / name
        if not path.exists():
            self.world.executable_copy(self.original, name)
            if role == "b" and os.geteuid() == 0:
                path.chmod(0o4755)  # for the case `setuid`; to root it makes no difference
        return str(path)

    def run(self, case, count, pause):
        """Starts the case `count` times, `pause` seconds apart; a Run, whose programs live on."""
        programs = [(self.program("a", i), self.program("b", i)) for i in range(count)]
        self.said.write_text("", encoding="utf-8")
        return Run(self, case, programs, pause)

    def nat(self, action):
        """DNAT before (or after) our hook: what the program asked for is not what is sent."""
        lab.must("iptables", "-t", "nat", action, "OUTPUT", "-d", "10.89.0.0/16", "-j", "DNAT",
                 "--to-destination", lab.SERVER4)


class Run:
    """The programs of one case, running; end() before the next."""

    def __init__(self, stage, case, programs, pause):
        self.stage, self.case, self.count = stage, case, len(programs)
        self.failures = []
        self.numbers = [next(stage.numbers) for _ in programs]
        self.groups = []
        self.stdin, self.stop = os.pipe()
        if case.where == "dnat":
            stage.nat("-A")
        if case.where == "from server":
            lab.must(*stage._in_netns_of(stage.world.server), lab.PYTHON, "-I", "-c",
                     _SERVER_SENDS, str(self.numbers[0]), str(self.numbers[-1] + 1), lab.HOST4,
                     str(max(pause, _SHORTEST_PAUSE)))
            return
        next_start = time.monotonic()
        for number, (first, second) in zip(self.numbers, programs):
            self._start(first, second, stage._address(case, number))
            self._reap(os.WNOHANG)
            next_start += pause
            time.sleep(max(0.0, next_start - time.monotonic()) if pause else 0)

    def _start(self, first, second, address):
        command = [first, self.case.part, self.case.transport, address, str(self.case.port), second]
        if self.case.where == "other netns":
            command = ["/usr/bin/nsenter", "--target", str(self.stage.other_netns.pid), "--net", "--",
                       *command]
        actions = [(os.POSIX_SPAWN_DUP2, self.stdin, 0),
                   (os.POSIX_SPAWN_OPEN, 1, str(self.stage.said), os.O_WRONLY | os.O_APPEND, 0)]
        # A process group each, so that also orphans can be waited for and nobody else is.
        self.groups.append(os.posix_spawn(command[0], command, os.environ, file_actions=actions,
                                          setpgroup=0))

    def _reap(self, flags):
        """Forgets the groups of which nobody is left."""
        left = []
        for group in self.groups:
            try:
                while os.waitpid(-group, flags)[0]:
                    pass
                left.append(group)
            except ChildProcessError:
                pass
        self.groups = left

    def truths(self):
        """What the programs said, as soon as all have; fewer when some never do."""
        if self.case.where == "from server":
            return self._kernel_truths("icmp")
        if self.case.where == "group":
            return self._kernel_truths("igmp")
        limit = time.monotonic() + PATIENCE
        wanted = self.count * self.case.sends
        while True:
            found, self.failures = truth.truths_of(self.stage.said.read_text(encoding="utf-8"))
            if len(found) + len(self.failures) >= wanted or time.monotonic() > limit:
                return found
            time.sleep(_POLL)

    def _kernel_truths(self, protocol):
        return [truth.Truth(protocol, self.stage._address(self.case, number), 0, None)
                for number in self.numbers]

    def end(self):
        """Ends every program and waits until it has."""
        os.close(self.stop)
        os.close(self.stdin)
        lab.await_true(lambda: self._reap(os.WNOHANG) or not self.groups, "the programs to end")
        if self.case.where == "dnat":
            self.stage.nat("-D")


def await_records(truths, records, seconds=10.0, quiet=1.0):
    """All that `records()` gives, as soon as every truth has one; or when nothing more comes."""
    wanted = {truth.key_of(item) for item in truths}
    limit = time.monotonic() + seconds
    seen, since = -1, time.monotonic()
    while True:
        found = records()
        if len(found) != seen:
            seen, since = len(found), time.monotonic()
        done = wanted <= {truth.key_of(record) for record in found}
        now = time.monotonic()
        if done or now > limit or now - since > quiet:
            return found
        time.sleep(_POLL)


def guard_flags(witness):
    """The daemon's flags: the witness "auto" or "off", and other namespaces' packets, too."""
    return (f"-witness={witness}", "-forwarded")


def is_real_root():
    """Root of the machine, not only of a user namespace."""
    mapped = pathlib.Path("/proc/self/uid_map").read_text(encoding="ascii").split()
    return os.geteuid() == 0 and mapped == ["0", "0", "4294967295"]


class WithWitness:
    """Before a test class that has WITNESS: the same with the kernel's witness."""
    WITNESS = "auto"

    @classmethod
    def setUpClass(cls):
        if not is_real_root():
            raise unittest.SkipTest("only the machine's root may load BPF programs")
        super().setUpClass()
