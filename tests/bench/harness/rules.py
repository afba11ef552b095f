# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""scripts/bench rules: what rule files cost at the start and for each connection.

  scripts/bench rules                             10, 1,000 and 10,000 rules: some minutes
  scripts/bench rules --sizes 10,1000 --rounds 1 --subjects procwalld

The same directory of simple rules for each subject: one allows the client that connects, the others
name programs that are not there. Guarded: the firewall's rules stand and somebody listens at the
queue. Ready: the first connection of the client has been decided.
"""

import argparse
import json
import os
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time

from . import lab, processes, subjects

ROOT = pathlib.Path(__file__).resolve().parents[3]
BIN = ROOT / "build/release/bin"
_CONNECTIONS = 3000


class _ManyRules:
    """Mixed into a subject: rules beside those that allow its programs."""

    extra = 0
    patience = 120.0

    def _write_rules(self):
        rules_dir = super()._write_rules()
        for number in range(self.extra):
            name = f"rule-{number:06}"
            (rules_dir / f"{name}.json").write_text(json.dumps({
                "created": "2026-01-01T00:00:00Z", "updated": "2026-01-01T00:00:00Z",
                "name": name, "enabled": True, "precedence": False, "action": "allow",
                "duration": "always",
                "operator": {"type": "simple", "operand": "process.path", "sensitive": False,
                             "data": f"/opt/programs/program-{number}", "list": []},
            }), encoding="utf-8")
        self.written_at = time.monotonic()
        return rules_dir


class Procwalld(_ManyRules, subjects.Procwalld):
    pass


class Opensnitchd(_ManyRules, subjects.Opensnitchd):
    pass


SUBJECTS = {"procwalld": Procwalld, "opensnitchd": Opensnitchd}


def firewall_stands(lab_):
    """Somebody listens, and what leaves is led there."""
    if not lab_.queue_counters()["listening"]:
        return False
    rules = lab_.run_client("sh", "-c", "nft list ruleset 2>&1; iptables-legacy -t mangle -S 2>&1")
    return "queue" in rules.lower()


def measure(name, size, work_dir, connections=_CONNECTIONS):
    """{"guarded_s", "ready_s", "p50_us", "p99_us", "failed", "memory_kb"} of one start."""
    kind = SUBJECTS[name]
    subject = kind(BIN, work_dir, [BIN / "load_client"])
    subject.extra = size - 1
    with lab.Lab(BIN) as lab_:
        watcher = _Guarded(lab_)
        try:
            subject.start(lab_)
            guarded = watcher.seen_at() - subject.written_at
            processes.run(lab_.client_command(*_load(1)), input="go\n")
            ready = time.monotonic() - subject.written_at
            said = processes.run(lab_.client_command(*_load(connections)), input="go\n").stdout
            result = json.loads(said.splitlines()[-1])
            memory = subject.memory_kb()
        finally:
            watcher.stop()
            subject.stop()
    return {"guarded_s": guarded, "ready_s": ready, "p50_us": result["p50_ns"] / 1000,
            "p99_us": result["p99_ns"] / 1000, "failed": result["errors"],
            "memory_kb": memory["VmRSS"]}


class _Guarded:
    """Notes the moment from which on the queue is guarded, while the subject starts."""

    def __init__(self, lab_):
        self._lab = lab_
        self._at = None
        self._ended = False
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self):
        while not self._ended:
            if firewall_stands(self._lab):
                self._at = time.monotonic()
                return

    def stop(self):
        self._ended = True
        self._thread.join()

    def seen_at(self):
        """Once the subject has started, which is when both of its signs are there."""
        self._thread.join(10)
        if self._at is None:
            raise RuntimeError("the queue was never guarded")
        return self._at


def _load(count):
    return [BIN / "load_client", "threads", lab.SERVER, "--protocol", "tcp", "--port",
            lab.FIRST_PORT, "--ports", lab.PORT_COUNT, "--count", count, "--warmup",
            100 if count > 1 else 0, "--limit-ms", 5000]


def table(results):
    """Markdown: a row per subject and number of rules, medians; the ratio is to its smallest."""
    rows = ["| rules | subject | guarded, s | ready, s | connection p50, us | ratio | p99, us | MB |",
            "|---:|---|---:|---:|---:|---:|---:|---:|"]
    names = list(dict.fromkeys(result["subject"] for result in results))
    sizes = sorted({result["rules"] for result in results})

    def median(name, size, key):
        values = [result[key] for result in results
                  if result["subject"] == name and result["rules"] == size]
        return statistics.median(values) if values else None
    for size in sizes:
        for name in names:
            if median(name, size, "p50_us") is None:
                continue
            ratio = median(name, size, "p50_us") / median(name, sizes[0], "p50_us")
            rows.append(
                f"| {size:,} | {name} | {median(name, size, 'guarded_s'):.2f} | "
                f"{median(name, size, 'ready_s'):.2f} | {median(name, size, 'p50_us'):,.0f} | "
                f"{ratio:.2f} | {median(name, size, 'p99_us'):,.0f} | "
                f"{median(name, size, 'memory_kb') / 1000:.0f} |")
    return "\n".join(rows)


def parse(arguments):
    parser = argparse.ArgumentParser(prog="bench rules", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=lambda text: [int(size) for size in text.split(",")],
                        default=[10, 1000, 10_000], metavar="N,M")
    parser.add_argument("--subjects", type=lambda text: text.split(","), default=list(SUBJECTS),
                        metavar="A,B", help=", ".join(SUBJECTS))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", metavar="FILE", help="also write every single result there")
    parser.add_argument("--no-build", action="store_true", help="measure what is there")
    options = parser.parse_args(arguments)
    if strangers := sorted(set(options.subjects) - set(SUBJECTS)):
        parser.error(f"no such subject: {strangers[0]} (there are {', '.join(SUBJECTS)})")
    return options


def main(arguments, build):
    options = parse(arguments)
    if os.geteuid() != 0:
        sys.exit("bench: opensnitchd and the lab's mounts need root")
    if not options.no_build:
        build("load_client", "load_server", "procwalld")
    names = []
    for name in options.subjects:
        if missing := SUBJECTS[name].why_missing(BIN):
            print(f"bench: without {name}: {missing}", file=sys.stderr)
        else:
            names.append(name)
    results, shuffle = [], random.Random(1)
    with tempfile.TemporaryDirectory(prefix="procwall-bench-") as work_dir:
        for number in range(options.rounds):
            for size in options.sizes:
                for name in shuffle.sample(names, len(names)):
                    try:
                        result = measure(name, size, work_dir)
                    except (RuntimeError, OSError, subprocess.SubprocessError) as error:
                        print(f"bench: {name}, {size} rules: {error}", file=sys.stderr)
                        continue
                    print(f"round {number + 1}  {size:6} rules  {name:12} {result}",
                          file=sys.stderr)
                    results.append({"round": number, "subject": name, "rules": size, **result})
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps(results, indent=1), encoding="utf-8")
    print(table(results))
