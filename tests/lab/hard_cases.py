# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""The hard cases of attribution: programs of their own names that send, and who it was.

Every sender has an address of its own to send to: whatever a firewall records of that address is
about that sender. The addresses all belong to the server (or to lo), which listens on all of them.
"""

import dataclasses
import itertools
import os
import pathlib
import subprocess
import sys
import time

import lab
import truth

ECHO, DISCARD = 7, 9
PATIENCE = 5.0  # seconds for all programs of a run to say what they do
_ENDED = 0.01


@dataclasses.dataclass(frozen=True)
class Case:
    """One way to use the network; `part` is what the program is told (tests/lab/hard_case)."""

    name: str
    part: str
    transport: str
    family: int = 4
    where: str = "server"  # or "mapped", "loopback", "group", "dnat", "other netns", "from server"
    sends: int = 1  # packets to different places that each run announces
    port: int = DISCARD
    needs_root: bool = False  # not even root in a user namespace will do

    @property
    def is_kernel_traffic(self):
        return self.where in ("group", "from server")


_LABELS = {"udp4": ("udp", 4, "server"), "udp6": ("udp", 6, "server"),
           "udp-mapped": ("udp", 6, "mapped"), "udpc4": ("udp-connected", 4, "server"),
           "udpc6": ("udp-connected", 6, "server"), "udpc-mapped": ("udp-connected", 6, "mapped"),
           "tcp4": ("tcp", 4, "server"), "tcp6": ("tcp", 6, "server"),
           "tcp-mapped": ("tcp", 6, "mapped")}


def _cases(part, labels, **more):
    made = []
    for label in labels.split():
        transport, family, where = _LABELS[label]
        fields = {"where": where, "port": ECHO if transport == "tcp" else DISCARD, **more}
        made.append(Case(f"{part}-{label}", part, transport, family, **fields))
    return made


ALL = (
    *_cases("stay", "udp4 udp6 udp-mapped udpc4 udpc6 udpc-mapped tcp4 tcp6 tcp-mapped"),
    *_cases("exit", "udp4 udp6 udp-mapped udpc4 tcp4 tcp6"),
    *_cases("close", "udp4 udp6 udpc4 tcp4 tcp6"),
    *_cases("fork", "udp4 tcp4"),
    *_cases("fork-exit", "udp4 tcp4"),
    *_cases("threads", "udp4 tcp4", sends=4),
    *_cases("late-thread", "udp4 tcp4"),
    *_cases("pass", "udp4 udpc4 tcp4"),
    *_cases("pass-gone", "udp4 udpc4 tcp4"),
    *_cases("activate", "udp4 udpc4"),
    *_cases("activate-gone", "udp4"),
    *_cases("give-connected", "udpc4"),
    *_cases("give-connected-gone", "udpc4"),
    *_cases("lend", "udp4 udpc4 tcp4"),
    *_cases("exec-early", "udp4 tcp4"),
    *_cases("exec-late", "udp4 tcp4", port=ECHO),
    *_cases("exec-then-send", "udp4 tcp4"),
    *_cases("exec-between", "udp4 tcp4", port=ECHO, sends=2),
    *_cases("pid-reuse", "udp4 tcp4", sends=2),
    *_cases("setuid", "udp4 tcp4", needs_root=True),
    *_cases("drop-uid", "udp4 tcp4", needs_root=True),
    *_cases("reuse-address", "udp4 tcp4", sends=2),
    *_cases("reuse-port", "udp4 tcp4", sends=2),
    *_cases("reuse-gone", "udp4"),
    *_cases("port-again", "udp4"),
    *_cases("ring", "udp4 tcp4"),
    *_cases("ring-worker", "udp4 tcp4"),
    *_cases("ring-poller", "udp4 tcp4"),
    *_cases("sendmmsg", "udp4", sends=3),
    *_cases("sendfile", "udpc4"),
    Case("stay-udplite4", "stay", "udplite"),
    Case("exit-udplite4", "exit", "udplite"),
    Case("stay-ping4", "stay", "ping"),
    Case("stay-ping6", "stay", "ping", 6),
    Case("exit-ping4", "exit", "ping"),
    Case("stay-raw-icmp4", "stay", "raw-icmp"),
    Case("stay-raw-icmp6", "stay", "raw-icmp", 6),
    Case("stay-raw-ip4", "stay", "raw-ip"),
    Case("exit-raw-ip4", "exit", "raw-ip"),
    Case("stay-fast-open", "stay", "tcp-fast-open", port=ECHO),
    Case("stay-fast-open-connect", "stay", "tcp-fast-open-connect", port=ECHO),
    Case("stay-mptcp", "stay", "mptcp", port=ECHO),
    Case("exit-mptcp", "exit", "mptcp", port=ECHO),
    Case("loopback-udp4", "to-other", "udp", where="loopback"),
    Case("loopback-tcp4", "to-other", "tcp", where="loopback"),
    Case("loopback-tcp6", "to-other", "tcp", 6, where="loopback"),
    Case("activate-listener", "activate-listener", "tcp", where="loopback"),
    Case("dnat-udp4", "stay", "udp", where="dnat"),
    Case("dnat-tcp4", "stay", "tcp", where="dnat", port=ECHO),
    Case("other-netns-udp4", "stay", "udp", where="other netns"),
    Case("other-netns-tcp4", "stay", "tcp", where="other netns", port=ECHO),
    Case("kernel-icmp", "", "icmp", where="from server"),
    Case("kernel-igmp", "join-group", "udp", where="group"),
)

# Without the family in the name: what --cases takes besides whole names.
PARTS = {case.part for case in ALL if case.part}


def select(names):
    """The cases whose name or part is listed; all for an empty list. ValueError names a stranger."""
    known = {case.name for case in ALL} | PARTS
    strangers = sorted(set(names) - known)
    if strangers:
        raise ValueError(f"no such case: {', '.join(strangers)} (there are "
                         f"{', '.join(case.name for case in ALL)})")
    return [case for case in ALL if not names or case.name in names or case.part in names]


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
        lab.must("ip", "-6", "route", "add", "local", "fd8a::/64", "dev", "lo")
        lab.must("ip", "route", "add", "239.88.0.0/16", "dev", "pw0")
        self._set("ipv4/ping_group_range", "0 0")  # group 0 is ours, as whoever we came
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
            time.sleep(_ENDED)

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
        time.sleep(_ENDED)


def witness_flags(mode):
    """The daemon's flag for `mode` ("auto" or "off"); none for a daemon that knows no witness."""
    return (f"-witness={mode}",) if has_witness_flag() else ()


def has_witness_flag():
    return "--witness" in lab.run(lab.program("procwalld"), "--help").output


def is_real_root():
    """Root of the machine, not only of a user namespace."""
    mapped = pathlib.Path("/proc/self/uid_map").read_text(encoding="ascii").split()
    return os.geteuid() == 0 and mapped == ["0", "0", "4294967295"]
