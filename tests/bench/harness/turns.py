# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""Modes that take turns within each round, under loads that can be chosen: hooks and bulk."""

import argparse
import json
import pathlib
import random
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
