#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""clang-tidy over our own .cc files, in parallel; files that passed unchanged are not read again.

usage: scripts/tidy.py BUILD_FOLDER [FILE...]

BUILD_FOLDER holds compile_commands.json and the generated protobuf code. Without files: every .cc
of the layers that the build compiles. What passed is remembered in BUILD_FOLDER/tidy by the content
of the file, of every header of ours it reaches, its compile command and the settings.
"""

import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import time

LAYERS = ("base", "net", "attribution", "rules", "daemon", "ui")
INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)


def reached(root, path, seen):
    """The file and every header of the tree that it includes, directly or not."""
    if path in seen or not (root / path).is_file():
        return seen
    seen.add(path)
    for target in INCLUDE.findall((root / path).read_text(encoding="utf-8", errors="replace")):
        reached(root, target, seen)
    return seen


def fingerprint(root, path, command, settings):
    digest = hashlib.sha256(settings)
    digest.update(command.encode())
    for name in sorted(reached(root, path, set())):
        digest.update(name.encode())
        digest.update((root / name).read_bytes())
    for contract in sorted((root / "proto").rglob("*.proto")):
        digest.update(contract.read_bytes())
    return digest.hexdigest()


def tidy(root, build, path):
    started = time.monotonic()
    done = subprocess.run(["clang-tidy", "-p", str(build), "--quiet", str(root / path)],
                          capture_output=True, text=True, check=False)
    return path, done, time.monotonic() - started


def main():
    if len(sys.argv) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    root = pathlib.Path(__file__).resolve().parent.parent
    build = pathlib.Path(sys.argv[1]).resolve()
    database = build / "compile_commands.json"
    if not database.is_file():
        print(f"tidy: {database} is missing: run cmake --preset {build.name}", file=sys.stderr)
        return 1
    commands = {}
    for entry in json.loads(database.read_text(encoding="utf-8")):
        path = pathlib.Path(entry["directory"], entry["file"]).resolve()
        if path.is_relative_to(root):
            commands[str(path.relative_to(root))] = entry["command"]
    if any("/Unity/unity_" in path for path in commands):
        print(f"tidy: {build} compiles files together: configure it with -DPROCWALL_UNITY=OFF",
              file=sys.stderr)
        return 1
    asked = [str(pathlib.Path(name).resolve().relative_to(root)) for name in sys.argv[2:]]
    paths = [path for path in (asked or sorted(commands))
             if path in commands and (asked or path.split("/")[0] in LAYERS)]

    version = subprocess.run(["clang-tidy", "--version"], capture_output=True, check=True).stdout
    settings = version + (root / ".clang-tidy").read_bytes()
    memory = build / "tidy"
    memory.mkdir(exist_ok=True)
    marks = {path: memory / fingerprint(root, path, commands[path], settings) for path in paths}
    todo = [path for path in paths if not marks[path].exists()]

    started = time.monotonic()
    failed = 0
    slowest = (0.0, "")
    with concurrent.futures.ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        for path, done, seconds in pool.map(lambda path: tidy(root, build, path), todo):
            slowest = max(slowest, (seconds, path))
            if done.returncode == 0:
                marks[path].touch()
                continue
            failed += 1
            print(f"refused: {path}\n{done.stdout}{done.stderr}")
    print(f"tidy: {len(paths)} files, {len(paths) - len(todo)} unchanged since they passed, "
          f"{failed} refused, {time.monotonic() - started:.0f} s"
          + (f" (slowest {slowest[1]}, {slowest[0]:.0f} s)" if todo else ""))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
