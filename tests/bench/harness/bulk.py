# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""scripts/bench bulk: what is left of a transfer's rate when a firewall looks on.

  scripts/bench bulk                  15 rounds: some minutes
  scripts/bench bulk --rounds 5 --loads udp

One flow each: over a virtual cable, which is as fast as the processor and so shows all that a
firewall takes of it, and over one of 1 Gbit/s, where it has time left. No firewall, connection
tracking alone (a rule that asks for a flow's state, as every firewall on Linux has) and procwalld
take turns within each round; the table shows medians, and the median of each round's ratio to no
firewall.
"""

import contextlib
import os
import pathlib
import statistics
import sys

from . import lab, processes, subjects, turns

ROOT = pathlib.Path(__file__).resolve().parents[3]
BIN = ROOT / "build/release/bin"
_SINK_PORT = 6900
_MILLISECONDS = 1000
# name: (what hook_load does, the cable's speed)
LOADS = {"tcp": ("bulk", None), "udp": ("bulk-udp", None),
         "tcp-1g": ("bulk", "1gbit"), "udp-1g": ("bulk-udp", "1gbit")}
NONE, TRACKED, GUARDED = MODES = ("no firewall", "conntrack alone", "procwalld")


class Tracked(subjects.Subject):
    """Flows are known to the kernel, and nobody is asked."""

    name = "tracked"

    def start(self, lab_):
        lab_.run_client("iptables-legacy", "-t", "mangle", "-A", "OUTPUT", "-m", "conntrack",
                        "--ctstate", "NEW", "-j", "ACCEPT")


def subject_of(mode, work_dir):
    kind = {NONE: subjects.Subject, TRACKED: Tracked, GUARDED: subjects.Procwalld}[mode]
    return kind(BIN, work_dir, [BIN / "hook_load"])


def measure(lab_, load):
    what, speed = LOADS[load]
    shape = ["tc", "qdisc", "replace", "dev", "toserver", "root"]
    shape += ["tbf", "rate", speed, "burst", "256kb", "latency", "20ms"] if speed else ["noqueue"]
    lab_.run_client(*shape)
    return float(lab_.run_client(BIN / "hook_load", what, lab.SERVER, _SINK_PORT, _MILLISECONDS))


def run_mode(mode, loads, work_dir):
    """{load: Gbit/s}, all in one lab."""
    with contextlib.ExitStack() as stack:
        lab_ = stack.enter_context(lab.Lab(BIN))
        sink = [str(BIN / "hook_load"), "sink", str(_SINK_PORT)]
        stack.callback(processes.stop, processes.start_until_ready(lab_.server_command(*sink)))
        subject = subject_of(mode, work_dir)
        stack.callback(subject.stop)
        subject.start(lab_)
        subject.settle()
        rates = {load: measure(lab_, load) for load in loads}
        if mode == GUARDED and not lab_.queue_counters()["queued"]:
            raise RuntimeError("nothing came up to the firewall")
        return rates


def table(results):
    """Markdown: a row per load and mode; results is a list of {"round", "mode", load: Gbit/s}."""
    rows = ["| load | | Gbit/s | of no firewall |", "|---|---|---:|---:|"]
    for load in LOADS:
        for mode in MODES:
            mine = [result for result in results if result["mode"] == mode and load in result]
            if not mine:
                continue
            ratio = turns.shown(turns.ratios(results, load, mode, NONE))
            rows.append(f"| {load} | {mode} | "
                        f"{statistics.median(result[load] for result in mine):.2f} | {ratio} |")
    return "\n".join(rows)


def main(arguments, build):
    options = turns.parse("bulk", __doc__, LOADS, 15, arguments)
    if os.geteuid() != 0:
        sys.exit("bench: the lab's mounts need root")
    if not options.no_build:
        build("hook_load", "load_server", "procwalld")
    print(table(turns.take(options, MODES, run_mode)))
