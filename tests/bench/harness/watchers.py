# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""scripts/bench watchers: what those who watch cost a connection.

  scripts/bench watchers                          0 and 10 watchers, by turns: a few minutes
  scripts/bench watchers --counts 0,1,10,64 --rounds 9

60,000 connections are made one after the other, as fast as they are let through; the watchers read
every decision and throw it away, at the lowest priority: their own work is not the daemon's. What
counts is the ratio of the medians to those without a watcher. A client's connection also waits for
processors that the watchers have; the daemon's own figure, from reading a packet to having answered
it, is that of its last decisions.
"""

import argparse
import dataclasses
import json
import os
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile

from . import cases, measurement, processes, subjects

ROOT = pathlib.Path(__file__).resolve().parents[3]
BIN = ROOT / "build/release/bin"
KEPT = 4096  # decisions that the daemon remembers
_BASE = cases.select(["tcp-1@0"])[0]
CASE = dataclasses.replace(_BASE, load=dataclasses.replace(_BASE.load, count=60_000, limit_ms=20_000))


class WatchedProcwalld(subjects.Procwalld):
    """The daemon, with so many watchers."""

    count = 0

    def start(self, lab):
        super().start(lab)
        self.watchers = None
        if self.count:
            self.watchers = processes.start_until_ready(lab.client_command(
                "nice", "-n", "19", self.bin_dir / "watch_load",
                f"unix:{self.work_dir}/api.sock", self.count))

    def stop(self):
        self.heard = {"messages": 0, "bytes": 0}
        self.verdicts = self.last_latencies()
        if getattr(self, "watchers", None):
            said, _ = self.watchers.communicate("")  # it ends with its input
            if said:
                self.heard = json.loads(said.splitlines()[-1])
        super().stop()


    def last_latencies(self):
        """Of its last decisions, sorted, in us."""
        said = subprocess.run([self.bin_dir / "procwall", "--address", f"unix:{self.work_dir}/api.sock",
                               "watch", "--json", "--recent", str(KEPT), "--count", str(KEPT)],
                              stdout=subprocess.PIPE, text=True, timeout=60, check=True).stdout
        return sorted(json.loads(line)["latency_us"] for line in said.splitlines())


def at(ordered, part):
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]


def measure(count, work_dir, quick):
    subject = WatchedProcwalld(BIN, work_dir, [BIN / "load_client", BIN / "connect_once"])
    subject.count = count
    result = measurement.measure(CASE, subject, BIN, quick)
    return {"watchers": count, "p50_us": result["p50_ns"] / 1000, "p90_us": result["p90_ns"] / 1000, "p99_us": result["p99_ns"] / 1000,
            "verdict_p50_us": at(subject.verdicts, 0.5), "verdict_p99_us": at(subject.verdicts, 0.99),
            "rate": result["rate"], "cpu_us": result["cpu_us"], "failed": result["errors"],
            "connections": result["count"], **subject.heard}


def table(results):
    """Markdown: a row per number of watchers, medians; ratios are to the fewest."""
    rows = ["| watchers | p50, us | ratio | p90, us | ratio | p99, us | ratio | verdict p50, us | ratio | "
            "verdict p99, us | ratio | connections/s | daemon's CPU, us | messages to each | MB to each |",
            "|---:|" + "---:|" * 14]
    counts = sorted({result["watchers"] for result in results})

    def median(count, key):
        return statistics.median(r[key] for r in results if r["watchers"] == count)
    for count in counts:
        cells = []
        for key in ("p50_us", "p90_us", "p99_us", "verdict_p50_us", "verdict_p99_us"):
            cells += [f"{median(count, key):.1f}",
                      f"{median(count, key) / median(counts[0], key):.3f}"]
        cells += [f"{median(count, 'rate'):,.0f}", f"{median(count, 'cpu_us'):.1f}",
                  f"{median(count, 'messages') / max(count, 1):,.0f}",
                  f"{median(count, 'bytes') / max(count, 1) / 1e6:,.1f}"]
        rows.append(f"| {count} | " + " | ".join(cells) + " |")
    return "\n".join(rows)


def parse(arguments):
    parser = argparse.ArgumentParser(prog="bench watchers", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--counts", type=lambda text: [int(count) for count in text.split(",")],
                        default=[0, 10], metavar="N,M")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--quick", action="store_true", help="a tenth of the connections")
    parser.add_argument("--json", metavar="FILE", help="also write every single result there")
    parser.add_argument("--no-build", action="store_true", help="measure what is there")
    return parser.parse_args(arguments)


def main(arguments, build):
    options = parse(arguments)
    if os.geteuid() != 0:
        sys.exit("bench: the lab's mounts need root")
    if not options.no_build:
        build("load_client", "load_server", "connect_once", "background_fds", "watch_load",
              "procwalld", "procwall")
    results, shuffle = [], random.Random(1)
    with tempfile.TemporaryDirectory(prefix="procwall-bench-") as work_dir:
        for number in range(options.rounds):
            for count in shuffle.sample(options.counts, len(options.counts)):
                try:
                    result = measure(count, work_dir, options.quick)
                except (RuntimeError, OSError, ValueError, subprocess.SubprocessError) as error:
                    print(f"bench: {count} watchers: {error}", file=sys.stderr)
                    continue
                print(f"round {number + 1}  {result}", file=sys.stderr)
                results.append({"round": number, **result})
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps(results, indent=1), encoding="utf-8")
    print(table(results))
