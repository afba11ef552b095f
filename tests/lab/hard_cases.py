# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""The hard cases of attribution, by name. stage.py plays them, truth.py judges."""

import dataclasses

ECHO, DISCARD = 7, 9


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
    *_cases("lend-twice", "udp4", sends=2),
    *_cases("lend-far", "udp4 tcp4"),
    *_cases("lend-gone", "udp4"),
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
