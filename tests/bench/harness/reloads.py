# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""scripts/bench reloads: what rules that change all the time cost those who connect.

  scripts/bench reloads                        10 rounds: five minutes
  scripts/bench reloads --rounds 5 --a-minute 3000

A directory of 200 rules is replaced as a whole (a link turned around) 1,050 times a minute, while one
client connects: as fast as it is let through, which on a machine of two processors leaves little for
those who read rules (changes that come meanwhile are one reload), or with a pause after each. Three modes take turns within each round: nothing
changes; the rules of a neighbour change, a second daemon beside the first that has no queue; the
rules of the firewall itself change. On a machine with few processors any work is felt by all: what
a reload costs beyond the same work in another program is the ratio to the neighbour's.
"""

import argparse
import contextlib
import json
import os
import pathlib
import statistics
import sys
import threading
import time

from . import lab, processes, subjects, turns

ROOT = pathlib.Path(__file__).resolve().parents[3]
BIN = ROOT / "build/release/bin"
_FILLERS = 200
QUIET, NEIGHBOUR, OWN = MODES = ("nothing", "a neighbour's", "its own")
# name: (protocol, microseconds between two connections, how many)
LOADS = {"tcp": ("tcp", 0, 80_000), "udp": ("udp", 0, 80_000),
         "tcp-paced": ("tcp", 200, 15_000), "udp-paced": ("udp", 200, 15_000)}


class _TwoVersions(subjects.Procwalld):
    """procwalld with a rule directory that is a link to one of two that have no file in common."""

    def _write_rules(self):
        rules_dir = super()._write_rules()
        for version in ("a", "b"):
            (self.work_dir / version).mkdir()
            for file in rules_dir.iterdir():
                (self.work_dir / version / f"{version}-{file.name}").write_text(
                    file.read_text(encoding="utf-8").replace("allow-", f"{version}-allow-"),
                    encoding="utf-8")
            for number in range(_FILLERS):
                self._write_filler(f"{version}-filler-{number:03}", version)
        (self.work_dir / "link").symlink_to("a")
        return self.work_dir / "link"

    def _write_filler(self, name, version):
        (self.work_dir / version / f"{name}.json").write_text(json.dumps({
            "created": "2026-01-01T00:00:00Z", "updated": "2026-01-01T00:00:00Z", "name": name,
            "enabled": True, "precedence": False, "action": "deny", "duration": "always",
            "operator": {"type": "simple", "operand": "process.path", "sensitive": False,
                         "data": f"/opt/programs/{name}", "list": []},
        }), encoding="utf-8")

    def _write_configuration(self):
        path = super()._write_configuration()
        known = json.loads(path.read_text(encoding="utf-8"))
        path.write_text(json.dumps({**known, "LogLevel": 1}), encoding="utf-8")  # tells of reloads
        return path

    def turn(self, version):
        (self.work_dir / "fresh").symlink_to(version)
        os.rename(self.work_dir / "fresh", self.work_dir / "link")

    def reload_count(self):
        log = (self.work_dir / "log").read_text(encoding="utf-8", errors="replace")
        return log.count("event=rules_loaded")


class _Neighbour(_TwoVersions):
    """Reads rules like the other one; no packet comes to it."""

    name = "neighbour"

    def start(self, lab_):
        self._start_daemon(
            lab_, self.bin_dir / "procwalld", "-rules-path", self._write_rules(),
            "-config-file", self._write_configuration(), "-firewall", "none", "-queue-num", 1,
            "-api-address", f"unix:{self.work_dir}/api.sock", "-journal",
            f"{self.work_dir}/journal.db", "-witness=off")
        self._wait_until(lambda: "ready" in self.log(), "start")


class _Turner:
    """Turns the link of a subject at a fixed rate, until it is stopped."""

    def __init__(self, subject, a_minute):
        self._subject = subject
        self._pause = 60.0 / a_minute
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self):
        due, number = time.monotonic(), 0
        while not self._ended.wait(max(0.0, due - time.monotonic())):
            self._subject.turn("ba"[number % 2])
            due, number = due + self._pause, number + 1

    def stop(self):
        self._ended.set()
        self._thread.join()


def measure(lab_, load):
    """{"p50_us", "p99_us"} of so many connections."""
    protocol, pause, count = LOADS[load]
    said = processes.run(lab_.client_command(
        BIN / "load_client", "threads", lab.SERVER, "--protocol", protocol, "--port",
        lab.FIRST_PORT, "--ports", lab.PORT_COUNT, "--count", count, "--warmup", 100, "--pause-us",
        pause, "--limit-ms", 20_000), input="go\n").stdout
    result = json.loads(said.splitlines()[-1])
    if result["errors"]:
        raise RuntimeError(f"{result['errors']} connections failed")
    return {"p50_us": result["p50_ns"] / 1000, "p99_us": result["p99_ns"] / 1000}


def run_mode(mode, loads, work_dir, a_minute):
    """{load: {"p50_us", "p99_us", "reloads_a_minute"}}, all in one lab."""
    with contextlib.ExitStack() as stack:
        lab_ = stack.enter_context(lab.Lab(BIN))
        daemons = {OWN: _TwoVersions(BIN, work_dir, [BIN / "load_client"]),
                   NEIGHBOUR: _Neighbour(BIN, work_dir, [])}
        for daemon in daemons.values():
            stack.callback(daemon.stop)
            daemon.start(lab_)
        for daemon in daemons.values():
            daemon.settle()
        measured = {}
        for load in loads:
            turned = daemons.get(mode)
            begun, before = time.monotonic(), turned.reload_count() if turned else 0
            turner = _Turner(turned, a_minute) if turned else None
            try:
                measured[load] = measure(lab_, load)
            finally:
                if turner:
                    turner.stop()
            count = turned.reload_count() - before if turned else 0
            measured[load]["reloads_a_minute"] = count / (time.monotonic() - begun) * 60
        if not lab_.queue_counters()["queued"]:
            raise RuntimeError("nothing came up to the firewall")
        return measured


def table(results):
    """Markdown: a row per load and mode; results is a list of {"round", "mode", load: {...}}."""
    rows = ["| load | rules that change | reloads a minute | p50, us | of none | of a neighbour's | "
            "p99, us | of none | of a neighbour's |", "|---|---|---:|---:|---:|---:|---:|---:|---:|"]
    for load in LOADS:
        for mode in MODES:
            mine = _of(results, mode, load)
            if not mine:
                continue
            cells = [f"{statistics.median(v['reloads_a_minute'] for v in mine.values()):,.0f}"]
            for key in ("p50_us", "p99_us"):
                cells.append(f"{statistics.median(v[key] for v in mine.values()):,.0f}")
                for base in (QUIET, NEIGHBOUR):
                    cells.append(_ratio(mine, _of(results, base, load), key))
            rows.append(f"| {load} | {mode} | " + " | ".join(cells) + " |")
    return "\n".join(rows)


def _of(results, mode, load):
    return {result["round"]: result[load] for result in results
            if result["mode"] == mode and load in result}


def _ratio(mine, base, key):
    """The median of the ratios that are taken within a round."""
    ratios = [values[key] / base[number][key] for number, values in mine.items() if number in base]
    return f"{statistics.median(ratios):.2f}" if ratios else ""


def main(arguments, build):
    extra = argparse.ArgumentParser(add_help=False)
    extra.add_argument("--a-minute", type=int, default=1050, metavar="N")
    chosen, rest = extra.parse_known_args(arguments)
    options = turns.parse("reloads", __doc__, LOADS, 10, rest)
    if os.geteuid() != 0:
        sys.exit("bench: the lab's mounts need root")
    if not options.no_build:
        build("load_client", "load_server", "procwalld")
    print(table(turns.take(options, MODES, lambda mode, loads, work_dir: run_mode(
        mode, loads, work_dir, chosen.a_minute))))
