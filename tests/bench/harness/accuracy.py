# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""scripts/bench accuracy: which program a firewall names, against who it was.

  scripts/bench accuracy                                 everything
  scripts/bench accuracy --cases exit,pass-udp4 --count 50 --background 0 --pace burst
  scripts/bench accuracy --subjects opensnitchd,procwalld-no-witness --json result.json

The cases are those of tests/lab/hard_cases.py: each connection is made by a program of its own, and
each program says what it is about to send. Runs in throwaway namespaces only (tests/lab/lab.py).
"""

import argparse
import contextlib
import json
import os
import pathlib
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests/lab"))

import hard_cases  # noqa: E402
import lab  # noqa: E402
import stage  # noqa: E402
import truth  # noqa: E402

from . import accuracy_report, accuracy_subjects, processes  # noqa: E402

FDS_PER_PROCESS = 200


def listed(text):
    return [word for word in text.split(",") if word]


def parse_pace(text):
    """Seconds between two starts, by their name: "5ms", or "burst" for none."""
    if text == "burst":
        return 0.0
    if text.endswith("ms") and text[:-2].isdecimal():
        return int(text[:-2]) / 1000
    raise argparse.ArgumentTypeError(f"a pace is burst or a number of ms: {text}")


def paces(text):
    return {word: parse_pace(word) for word in listed(text)}


def parse(arguments):
    known = {subject.name: subject for subject in accuracy_subjects.ALL}
    parser = argparse.ArgumentParser(prog="bench accuracy", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=listed, default=[], metavar="A,B",
                        help="names of cases (exit-udp4) or of kinds (exit); default all")
    parser.add_argument("--count", type=int, default=200, help="programs per measurement [200]")
    parser.add_argument("--subjects", type=listed, default=list(known), metavar="A,B")
    parser.add_argument("--background", type=listed, default=["0", "50000"], metavar="N,M",
                        help="open fds of idle programs [0,50000]")
    parser.add_argument("--pace", type=paces, default=paces("5ms,burst"), metavar="A,B",
                        help="time between two starts [5ms,burst]")
    parser.add_argument("--detail", action="store_true", help="a row for each single measurement, and what was recorded of each "
                             "packet that was not named right")
    parser.add_argument("--json", metavar="FILE", help="also write every single result there")
    parser.add_argument("--no-build", action="store_true", help="measure what is there")
    options = parser.parse_args(arguments)
    try:
        options.cases = hard_cases.select(options.cases)
        options.background = [int(number) for number in options.background]
    except ValueError as error:
        parser.error(str(error))
    strangers = [name for name in options.subjects if name not in known]
    if strangers:
        parser.error(f"no such subject: {strangers[0]} (there are {', '.join(known)})")
    options.subjects = [known[name] for name in options.subjects]
    return options


@contextlib.contextmanager
def background(fds):
    """Idle programs with that many open fds, older than the firewall."""
    if not fds:
        yield
        return
    process = processes.start_until_ready(
        [lab.program("background_fds"), str(fds), str(FDS_PER_PROCESS)])
    try:
        yield
    finally:
        process.communicate()  # it ends with its standard input


def measure(number, stage_, case, kind, count, pause, detail):
    """One case once: a firewall of its own, `count` runs, and what it said of them."""
    subject = kind(stage_.world, number)
    try:
        run = stage_.run(case, count, pause)
        try:
            sent = run.truths()
            recorded = stage.await_records(sent, subject.records, kind.limit, kind.quiet)
        finally:
            run.end()
    finally:
        subject.stop()
    if detail:
        for item in sent:
            records = [record for record in recorded if truth.key_of(record) == truth.key_of(item)]
            if truth.judge(item, records) != truth.RIGHT:
                print(f"bench: {case.name}: {item} was recorded as {records}", file=sys.stderr)
    expected = count * case.sends
    return accuracy_report.result_of(truth.compare(sent, recorded), expected - len(sent))


def measure_all(options):
    results, number = [], 0
    steps = [(kind, fds) for kind in options.subjects for fds in options.background]
    total = len(steps) * len(options.cases) * len(options.pace)
    for kind, fds in steps:
        with lab.World() as world, background(fds):
            stage_ = stage.Stage(world)
            for case in options.cases:
                if case.needs_root and not stage.is_real_root():
                    continue
                for pace, pause in options.pace.items():
                    number += 1
                    started = time.monotonic()
                    try:
                        result = measure(number, stage_, case, kind, options.count, pause,
                                         options.detail)
                    except (AssertionError, OSError, lab.Impossible) as error:
                        print(f"bench: {kind.name}, {case.name}: {error}", file=sys.stderr)
                        continue
                    result.update(case=case.name, subject=kind.name, background=fds, pace=pace)
                    results.append(result)
                    print(f"{number}/{total} {kind.name} {case.name} fds {fds} {pace}: "
                          f"{result['counts']} {time.monotonic() - started:.1f} s",
                          file=sys.stderr)
    order = [case.name for case in options.cases]
    return sorted(results, key=lambda result: order.index(result["case"]))


def print_report(results, detail):
    keys = ("case", "subject", "background", "pace") if detail else ("case", "subject")
    print(accuracy_report.table(results, keys))
    print()
    print(accuracy_report.table(results, ("subject", "background", "pace")))
    print()
    print(accuracy_report.summary(results))


def main(arguments, build):
    options = parse(arguments)
    try:
        if not options.no_build and lab.OUTSIDE not in os.environ:
            build("hard_case", "background_fds", "procwalld", "procwall")
        lab.enter()
    except lab.Impossible as reason:
        sys.exit(f"bench: cannot run here: {reason}")
    chosen = []
    for subject in options.subjects:
        if missing := subject.why_missing():
            print(f"bench: without {subject.name}: {missing}", file=sys.stderr)
        else:
            chosen.append(subject)
    options.subjects = chosen
    results = measure_all(options)
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps(results, indent=1), encoding="utf-8")
    print_report(results, options.detail)
    return 1 if accuracy_report.wrong_of_procwalld(results) else 0
