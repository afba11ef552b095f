# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""Modes that take turns within each round, under loads that can be chosen: hooks and bulk."""

import argparse
import json
import math
import pathlib
import random
import statistics
import sys
import tempfile


def parse(name, description, loads, rounds, arguments):
    parser = argparse.ArgumentParser(prog=f"bench {name}", description=description,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=rounds)
    parser.add_argument("--loads", type=lambda text: text.split(","), default=list(loads),
                        metavar="A,B", help=", ".join(loads))
    parser.add_argument("--json", metavar="FILE", help="also write every single result there")
    parser.add_argument("--no-build", action="store_true", help="measure what is there")
    options = parser.parse_args(arguments)
    if strangers := sorted(set(options.loads) - set(loads)):
        parser.error(f"no such load: {strangers[0]} (there are {', '.join(loads)})")
    return options


def take(options, modes, run_mode):
    """[{"round", "mode", load: value}] of run_mode(mode, loads, work_dir), in another order each round."""
    results, shuffle = [], random.Random(1)
    with tempfile.TemporaryDirectory(prefix="procwall-bench-") as work_dir:
        for number in range(options.rounds):
            for mode in shuffle.sample(modes, len(modes)):
                result = run_mode(mode, options.loads, work_dir)
                print(f"round {number + 1}  {mode:16}  {result}", file=sys.stderr)
                results.append({"round": number, "mode": mode, **result})
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps(results, indent=1), encoding="utf-8")
    return results


def ratios(results, load, mode, base):
    """Of each round in which both had this load, what `mode` took of what `base` took."""
    def took(name):
        return {result["round"]: result[load] for result in results
                if result["mode"] == name and load in result}

    mine, others = took(mode), took(base)
    return [mine[number] / others[number] for number in mine.keys() & others.keys()]


def interval_of_median(values):
    """(low, high), two of the values, between which the median of what they were drawn from lies
    with 95 % certainty at least, whatever its distribution is (a binomial sign test); None for
    less than six values, of which none can tell."""
    ordered, below = sorted(values), 0.0
    outside = -1  # how many of the lowest, and of the highest, can be left out
    while below <= 0.025:
        outside += 1
        below += math.comb(len(ordered), outside) / 2 ** len(ordered)
    return (ordered[outside - 1], ordered[-outside]) if outside else None


def shown(values):
    """The median of ratios, with its interval if there is one."""
    if not values:
        return ""
    interval = interval_of_median(values)
    between = f" ({interval[0]:.3f} to {interval[1]:.3f})" if interval else ""
    return f"{statistics.median(values):.3f}{between}"
