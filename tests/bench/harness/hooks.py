# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""scripts/bench hooks: what Procwall's witness in the kernel costs every connection and send.

  scripts/bench hooks                 24 rounds: some minutes
  scripts/bench hooks --rounds 3 --loads tcp,bulk-veth

The daemon runs with no firewall rule, so that no packet is queued: all that is left of it is its
hooks, or, without the witness, the tracepoints it has recorded. Both and no daemon at all take
turns within each round. The table shows medians, and medians of the ratios within each round with
the interval in which they lie with 95 % certainty; the "quiet" ones are ratios of each one's
quarter of rounds that other work on this machine disturbed least.

A second table tells, of one more round, what the kernel itself counts: how often each program of
the witness ran, and which part of the load's time it took, as if nothing else ran meanwhile. So it
is known also where the ratios drown in noise. What the call of a program costs is not in it.
"""

import contextlib
import os
import pathlib
import statistics
import sys
import tempfile
import time

from . import bpf_statistics, lab, processes, subjects, turns

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


@contextlib.contextmanager
def running(mode, work_dir):
    """A lab with that daemon, if any."""
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
        yield lab_


def run_mode(mode, loads, work_dir):
    """{load: value}, all in one lab with one daemon."""
    with running(mode, work_dir) as lab_:
        return {load: measure(lab_, load) for load in loads}


def count_runs(loads, work_dir):
    """{load: (nanoseconds it took, [Ran] of the witness's programs)}."""
    others, counted = bpf_statistics.programs(), {}
    with bpf_statistics.counting(), running(ON, work_dir) as lab_:
        for load in loads:
            before, start = bpf_statistics.programs(), time.monotonic_ns()
            measure(lab_, load)
            took, now = time.monotonic_ns() - start, bpf_statistics.programs()
            mine = {number: ran for number, ran in now.items() if number not in others}
            counted[load] = took, bpf_statistics.since(before, mine)
    return counted


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
        quarters = {mode: quiet(found, unit) if len(found) > 1 else found[0]
                    for mode, found in values.items()}
        cells = [f"{statistics.median(values[mode]):,.1f}" if mode in values else ""
                 for mode in modes]
        compared = [turns.shown(turns.ratios(results, load, mode, NONE)) for mode in (OFF, ON)]
        compared += [f"{quarters[mode] / quarters[NONE]:.3f}" if {mode, NONE} <= quarters.keys()
                     else "" for mode in (OFF, ON)]
        rows.append(f"| {load}, {unit} | " + " | ".join(cells + compared) + " |")
    return "\n".join(rows)


def table_of_runs(counted):
    """Markdown: a row per load and program of it, and one for all of them."""
    rows = ["| load | program | runs | ns each | of the time, % |", "|---|---|---:|---:|---:|"]
    for load, (took, programs) in counted.items():
        for ran in programs:
            rows.append(f"| {load} | {ran.name} | {ran.times:,} | "
                        f"{ran.nanoseconds / ran.times:.0f} | {100 * ran.nanoseconds / took:.3f} |")
        total = sum(ran.nanoseconds for ran in programs)
        rows.append(f"| {load} | all | {sum(ran.times for ran in programs):,} | | "
                    f"{100 * total / took:.3f} |")
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
    if ON in modes:
        with tempfile.TemporaryDirectory(prefix="procwall-bench-") as work_dir:
            print("\n" + table_of_runs(count_runs(options.loads, work_dir)))
