# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""scripts/bench hooks: what Procwall's witness in the kernel costs every connection and send.

  scripts/bench hooks                 24 rounds: some minutes
  scripts/bench hooks --rounds 3 --loads tcp,bulk-veth

The daemon runs with no firewall rule, so that no packet is queued: all that is left of it is its
hooks, or, without the witness, the tracepoints it has recorded. Both and no daemon at all take
turns within each round. The table shows medians, and their ratios; the "quiet" ones are of each
one's quarter of rounds that other work on this machine disturbed least.
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
_LOOPBACK = "127.0.0.1"
# name: (what hook_load does, to whom, which port, how much, unit)
LOADS = {
    "tcp": ("tcp", lab.SERVER, lab.FIRST_PORT, 6_000, "ns"),
    "udp": ("udp", lab.SERVER, _SINK_PORT, 60_000, "ns"),
    "send": ("send", lab.SERVER, _SINK_PORT, 60_000, "ns"),
    "bulk-veth": ("bulk", lab.SERVER, _SINK_PORT, 700, "Gbit/s"),
    "bulk-loopback": ("bulk", _LOOPBACK, _SINK_PORT, 700, "Gbit/s"),
}
NONE, OFF, ON = MODES = ("no daemon", "witness off", "witness on")


class Hooked(subjects.Procwalld):
    """procwalld without firewall rules."""

    def __init__(self, work_dir, witness):
        super().__init__(BIN, work_dir, [])
        self._witness = witness

    def start(self, lab_):
        self._start_daemon(
            lab_, self.bin_dir / "procwalld", "-rules-path", self._write_rules(),
            "-config-file", self._write_configuration(), "-firewall", "none", "-queue-num", 0,
            "-api-address", f"unix:{self.work_dir}/api.sock", "-journal",
            f"{self.work_dir}/journal.db", *self._witness)
        self._wait_until(lambda: "ready" in self.log(), "start")


def witness_is_known():
    return "--witness" in processes.run([str(BIN / "procwalld"), "--help"]).stdout


def measure(lab_, load):
    what, address, port, amount, _ = LOADS[load]
    said = lab_.run_client(BIN / "hook_load", what, address, port, amount)
    return float(said)


def run_mode(mode, loads, work_dir):
    """{load: value}, all in one lab with one daemon."""
    witness = {OFF: ["-witness=off"], ON: ["-witness=auto"]}.get(mode) if witness_is_known() else []
    with contextlib.ExitStack() as stack:
        lab_ = stack.enter_context(lab.Lab(BIN))
        sink = [str(BIN / "hook_load"), "sink", str(_SINK_PORT)]
        for command in (lab_.client_command(*sink), lab_.server_command(*sink)):
            stack.callback(processes.stop, processes.start_until_ready(command))
        if mode != NONE:
            daemon = Hooked(work_dir, witness)
            stack.callback(daemon.stop)
            daemon.start(lab_)
        return {load: measure(lab_, load) for load in loads}


def quiet(values, unit):
    """The quarter that was disturbed least: noise adds time, and takes throughput."""
    return statistics.quantiles(values, n=4, method="inclusive")[0 if unit == "ns" else 2]


def table(results):
    """Markdown: a row per load; results is a list of {"mode", load: value, ...}."""
    modes = [mode for mode in MODES if any(result["mode"] == mode for result in results)]
    rows = ["| load | " + " | ".join(modes) + " | off / none | on / none | quiet: off / none | "
            "on / none |", "|---|" + "---:|" * (len(modes) + 4)]
    for load, (*_, unit) in LOADS.items():
        values = {mode: [result[load] for result in results
                         if result["mode"] == mode and load in result] for mode in modes}
        values = {mode: found for mode, found in values.items() if found}
        if not values:
            continue
        medians = {mode: statistics.median(found) for mode, found in values.items()}
        quarters = {mode: quiet(found, unit) if len(found) > 1 else found[0]
                    for mode, found in values.items()}
        cells = [f"{medians[mode]:,.1f}" if mode in medians else "" for mode in modes]
        compared = [f"{of[mode] / of[NONE]:.3f}" if {mode, NONE} <= of.keys() else ""
                    for of in (medians, quarters) for mode in (OFF, ON)]
        rows.append(f"| {load}, {unit} | " + " | ".join(cells + compared) + " |")
    return "\n".join(rows)


def main(arguments, build):
    options = turns.parse("hooks", __doc__, LOADS, 24, arguments)
    if os.geteuid() != 0:
        sys.exit("bench: hooks in the kernel need root")
    if not options.no_build:
        build("hook_load", "load_server", "procwalld")
    modes = list(MODES)
    if not witness_is_known():
        print("bench: this procwalld has no -witness: there is nothing to switch on", file=sys.stderr)
        modes.remove(ON)
    print(table(turns.take(options, modes, run_mode)))
