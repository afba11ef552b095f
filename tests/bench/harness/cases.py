# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""What is measured: kinds of load, each with a number of open fds elsewhere on the machine."""

import dataclasses

from . import lab

FD_COUNTS = (0, 10_000, 200_000)
FDS_PER_PROCESS = 200


@dataclasses.dataclass(frozen=True)
class Load:
    name: str
    title: str
    mode: str  # of load_client
    options: tuple = ()
    count: int = 10_000
    limit_ms: int = 2_000
    fd_counts: tuple = FD_COUNTS


@dataclasses.dataclass(frozen=True)
class Case:
    load: Load
    fds: int

    @property
    def name(self):
        return f"{self.load.name}@{self.fds}"

    def client_options(self, bin_dir, quick):
        """The command line of load_client."""
        count = self.load.count
        address = lab.SERVER
        if "mapped" in self.load.name:
            address = f"::ffff:{address}"
        return [bin_dir / "load_client", self.load.mode, address,
                "--program", bin_dir / "connect_once",
                "--port", lab.FIRST_PORT, "--ports", lab.PORT_COUNT,
                "--count", count if self.load.mode in ("flood", "old-processes") or not quick
                else count // 10,
                "--limit-ms", self.load.limit_ms, *self.load.options]


_WARM = ("--warmup", "100")
_LOADS = (
    Load("tcp-1", "TCP, 1 client", "threads", ("--protocol", "tcp", *_WARM)),
    Load("udp-1", "UDP, unconnected, 1 client", "threads", ("--protocol", "udp", *_WARM)),
    Load("udp-connected-1", "UDP, connected, 1 client", "threads",
         ("--protocol", "udp-connected", *_WARM)),
    Load("tcp-mapped-1", "TCP to a v4-mapped address, 1 client", "threads",
         ("--protocol", "tcp", *_WARM), fd_counts=(0,)),
    Load("tcp-8", "TCP, 8 threads", "threads",
         ("--protocol", "tcp", "--threads", "8", *_WARM), count=30_000),
    Load("udp-8", "UDP, unconnected, 8 threads", "threads",
         ("--protocol", "udp", "--threads", "8", *_WARM), count=30_000),
    Load("tcp-new", "TCP, a new process per connection", "new-processes",
         ("--protocol", "tcp", "--warmup", "5"), count=1_000),
    Load("udp-new", "UDP, a new process per connection", "new-processes",
         ("--protocol", "udp", "--warmup", "5"), count=1_000),
    Load("tcp-old", "TCP, first connection of an old process", "old-processes",
         ("--protocol", "tcp", "--timeout-ms", "10000"), count=64),
    Load("flood", "UDP, one datagram from each of 10,000 fresh sockets", "flood",
         ("--protocol", "udp"), limit_ms=30_000, fd_counts=(0,)),
)

ALL = tuple(Case(load, fds) for fds in FD_COUNTS for load in _LOADS if fds in load.fd_counts)


def select(names):
    """The cases whose name, or load's name, is listed; all for an empty list."""
    if not names:
        return list(ALL)
    known = {case.name for case in ALL} | {case.load.name for case in ALL}
    unknown = sorted(set(names) - known)
    if unknown:
        raise ValueError(f"no such case: {', '.join(unknown)} (there are {', '.join(sorted(known))})")
    return [case for case in ALL if case.name in names or case.load.name in names]
