# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""Who really sent a packet, what a firewall recorded, and whether the two agree. Pure."""

import collections
import dataclasses
import json
import re

# What a record can turn out to be. Only `wrong` is a fault of the firewall's honesty.
RIGHT, UNKNOWN, AMBIGUOUS, WRONG, MISSING = VERDICTS = (
    "right", "unknown", "ambiguous", "wrong", "no record")


@dataclasses.dataclass(frozen=True)
class Truth:
    """One packet, as its sender announced it. No program: the kernel itself sent it."""

    protocol: str  # "tcp", "udp", "udplite", "icmp", or a number
    address: str
    port: int  # 0 where the protocol has none
    program: str | None
    pid: int = 0
    local_port: int = 0  # 0: the kernel chose one later
    uid: int = 0
    time_ns: int = 0


@dataclasses.dataclass(frozen=True)
class Record:
    """What a firewall said of one packet."""

    protocol: str
    address: str
    port: int
    programs: tuple  # none: unknown; several: ambiguous
    pids: tuple = ()
    confidence: str = ""  # as the firewall words it
    why: str = ""  # the named reason, or the evidence


def protocol_of(word):
    """The protocol without its family: "tcp6" is tcp, "icmpv6" is icmp."""
    word = word.lower()
    for name in ("udplite", "tcp", "udp", "icmp"):
        if name in word:
            return name
    return word


def key_of(item):
    """What makes the packets of one run one packet: every sender has an address of its own."""
    protocol = protocol_of(item.protocol)
    with_port = protocol in ("tcp", "udp", "udplite")
    address = item.address.removeprefix("::ffff:")
    # Protocols without a name are written in many ways; only an ICMP error can be mistaken for one.
    return (protocol if with_port or protocol == "icmp" else "other", address,
            item.port if with_port else 0)


def judge_record(truth, record):
    if truth.program is None:
        return WRONG if record.programs else RIGHT
    if not record.programs:
        return UNKNOWN
    if truth.program not in record.programs:
        return WRONG
    return RIGHT if len(set(record.programs)) == 1 else AMBIGUOUS


def judge(truth, records):
    """The verdict on all that was recorded of one packet, first to last. A packet that was sent
    again is recorded again: one wrong record is enough, otherwise the first counts."""
    verdicts = [judge_record(truth, record) for record in records]
    if WRONG in verdicts:
        return WRONG
    return verdicts[0] if verdicts else MISSING


@dataclasses.dataclass
class Comparison:
    counts: collections.Counter
    other_pid: int  # the right program, but another process than the one that sent
    reasons: collections.Counter  # why, of all that were not right
    wrong: list  # (truth, its records)

    def share(self, verdict):
        total = sum(self.counts.values())
        return self.counts[verdict] / total if total else 0.0


def compare(truths, records):
    by_key = collections.defaultdict(list)
    for record in records:
        by_key[key_of(record)].append(record)
    result = Comparison(collections.Counter(), 0, collections.Counter(), [])
    for truth in truths:
        found = by_key[key_of(truth)]
        verdict = judge(truth, found)
        result.counts[verdict] += 1
        if verdict == RIGHT and found and found[0].pids and truth.pid not in found[0].pids:
            result.other_pid += 1
        if verdict == WRONG:
            result.wrong.append((truth, found))
        if verdict != RIGHT:
            result.reasons[reason_of(found)] += 1
    return result


def reason_of(records):
    """Without the numbers that differ each time."""
    return re.sub(r"\d+", "N", f"{records[0].confidence}: {records[0].why}") if records else MISSING


def truths_of(text):
    """(truths, failures) of what the senders wrote, a JSON value a line. What failed was not sent:
    it is no truth. The last line may be half written."""
    truths, failures = [], []
    for line in text.splitlines(keepends=True):
        if not line.endswith("\n"):
            break
        said = json.loads(line)
        if "failed" in said:
            failed = Truth(said["protocol"], said["address"], said["port"], None)
            truths = [truth for truth in truths if key_of(truth) != key_of(failed)]
            failures.append(said["failed"])
        else:
            truths.append(Truth(said["protocol"], said["address"], said["port"], said["exe"],
                                said["pid"], said["local_port"], said["uid"], said["time_ns"]))
    return truths, failures


def record_of_event(event):
    """One line of `procwall watch --json`."""
    named = [event, *event["alternatives"]] if event["process_path"] else []
    why = event["unknown_reason"] or event["evidence"]
    return Record(event["protocol"], event["dst_ip"], event["dst_port"],
                  tuple(process["process_path"] for process in named),
                  tuple(process["pid"] for process in named), event["confidence"], why)
