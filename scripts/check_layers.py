#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""Holds the tree to its layers: docs/ARCHITECTURE.md says why, this says no.

usage: scripts/check_layers.py [ROOT]

Refuses: includes that point up or sideways, libraries in the wrong layer, kernel headers outside
.cc files, a .cc without its test, a file without its licence, names that mean nothing.
Warns (never fails) where a file outgrows its soft cap. Exit 1 if anything was refused.
"""

import pathlib
import re
import sys

# Which layers each layer may include, itself aside. Lower layers first.
BELOW = {
    "base": [],
    "net": ["base"],
    "attribution": ["base", "net"],
    "rules": ["base", "net"],  # and RULES_MAY_SEE
    "record": ["base", "net", "rules", "proto"],
    "diagnosis": ["base", "net", "attribution", "proto", "record"],
    "daemon": ["base", "net", "attribution", "rules", "proto", "record", "diagnosis"],
    "ui": ["base", "net", "attribution", "rules", "proto", "record", "diagnosis"],
}
# rules/ judges facts about a process: of attribution/ it sees the values, not the machinery.
RULES_MAY_SEE = {"attribution/process.h", "attribution/attribution.h",
                 "attribution/environment.h", "attribution/hashes.h"}
# External headers that only some layers may use.
EXTERNAL_ONLY_IN = {
    r"spdlog/.*": ["daemon"],
    r"grpc(pp|\+\+)?/.*": ["daemon", "ui"],
    r"google/protobuf/.*": ["record", "daemon", "ui"],
    r"sqlite3\.h": ["record"],
    r"prometheus/.*": ["daemon"],
    r"bpf/.*": ["attribution"],
    r"libmnl/.*": ["net"],
    r"libnetfilter_queue/.*": ["net"],
    r"re2/.*": ["rules"],
    r"CLI/.*": ["daemon", "ui"],
}
GENERATED = re.compile(r"(procwall/v1|opensnitch/v1[56])/[a-z_]+(\.grpc)?\.pb\.h")
# What runs in the kernel: C, whose parts are headers of one program.
IN_KERNEL = "attribution/witness/"
UAPI = re.compile(r"(linux|asm|asm-generic)/.*")
# Netlink's C structs lie in buffers of bytes; nowhere else is memory read as another type.
MAY_REINTERPRET = {"net/netlink.cc"}
NAMELESS = {"util", "utils", "common", "helper", "helpers", "manager", "misc"}
SOFT_CAPS = {".h": 120, ".cc": 250}
TEST_CAP = 400
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
SKIPPED_FOLDERS = {"build", ".git", "__pycache__"}
# Kinds of files that carry the two-line licence head.
LICENSED = {".h", ".cc", ".py", ".proto", ".cmake", ".sh"}


TESTED_BY = re.compile(r"^// Tested by (tests/lab/\w+_test\.(?:cc|py))\.$")


class Tree:
    def __init__(self, root):
        self.root = pathlib.Path(root).resolve()
        self.refusals = []
        self.warnings = []

    def refuse(self, path, line, reason):
        where = f"{path}:{line}" if line else str(path)
        self.refusals.append(f"{where}: {reason}")

    def files(self, folder="."):
        for path in sorted((self.root / folder).rglob("*")):
            relative = path.relative_to(self.root)
            if path.is_file() and not SKIPPED_FOLDERS.intersection(relative.parts):
                yield relative

    def text(self, path):
        return (self.root / path).read_text(encoding="utf-8", errors="replace")

    def exists(self, target):
        """A header of the tree, or one that the build makes of its .in."""
        return (self.root / target).is_file() or (self.root / f"{target}.in").is_file()

    def check(self):
        for path in self.files():
            self.check_head(path)
            if path.suffix in (".h", ".cc"):
                self.check_source(path)

    def check_head(self, path):
        in_scripts = path.parts[0] in ("scripts", ".ci") and path.suffix == ""
        if path.suffix in LICENSED or path.name == "CMakeLists.txt" or in_scripts:
            if "SPDX-License-Identifier: GPL-3.0-or-later" not in self.text(path)[:300]:
                self.refuse(path, 1, "no SPDX-License-Identifier in its first lines")

    def check_source(self, path):
        layer = path.parts[0]
        lines = self.text(path).splitlines()
        if path.suffix == ".h" and "#pragma once" not in lines:
            self.refuse(path, 1, "a header without #pragma once")
        if NAMELESS.intersection(re.split(r"[_.]", path.name)):
            self.refuse(path, 0, "named after nothing: say what it is")
        self.check_size(path, len(lines))
        for number, line in enumerate(lines, 1):
            if match := INCLUDE.match(line):
                self.check_include(path, number, layer, *match.groups())
            if layer in BELOW and re.search(r"\breinterpret_cast\b", line.split("//")[0]):
                if str(path) not in MAY_REINTERPRET:
                    self.refuse(path, number, "reinterpret_cast outside net/netlink.cc")
        if layer in BELOW and path.suffix == ".cc" and path.name != "main.cc":
            twin = pathlib.Path("tests/unit") / layer / f"{path.stem}_test.cc"
            for line in lines[:8]:  # what only the kernel can answer is tested in the lab
                if match := TESTED_BY.match(line):
                    twin = pathlib.Path(match.group(1))
            if not (self.root / twin).is_file():
                self.refuse(path, 0, f"has no test: {twin} is missing")

    def check_size(self, path, size):
        cap = TEST_CAP if path.parts[0] == "tests" else SOFT_CAPS[path.suffix]
        if str(path).startswith(IN_KERNEL):
            cap = SOFT_CAPS[".cc"]
        if size > cap:
            self.warnings.append(f"{path}: {size} lines, soft cap {cap}")

    def check_include(self, path, number, layer, bracket, target):
        if layer == "tests":  # tests may use everything
            if bracket == '"' and not GENERATED.fullmatch(target):
                if not self.exists(target) and not self.exists(path.parent / target):
                    self.refuse(path, number, f'"{target}" does not exist')
            return
        if layer not in BELOW:
            return
        if bracket == "<":
            self.check_external(path, number, layer, target)
        elif GENERATED.fullmatch(target):
            if "proto" not in BELOW[layer]:
                self.refuse(path, number, f"{layer}/ may not see the proto layer ({target})")
        elif not self.exists(target):
            self.refuse(path, number, f'"{target}" does not exist (write it from the root)')
        else:
            self.check_layer(path, number, layer, target)

    def check_external(self, path, number, layer, target):
        if GENERATED.fullmatch(target):
            self.refuse(path, number, f'our own header in <>: write "{target}"')
        in_kernel = str(path).startswith(IN_KERNEL)
        if UAPI.fullmatch(target) and path.suffix == ".h" and not in_kernel:
            self.refuse(path, number, f"<{target}>: kernel headers stay in .cc files")
        for pattern, layers in EXTERNAL_ONLY_IN.items():
            if re.fullmatch(pattern, target) and layer not in layers:
                self.refuse(path, number, f"<{target}> belongs in {' or '.join(layers)} only")

    def check_layer(self, path, number, layer, target):
        other = pathlib.PurePosixPath(target).parts[0]
        if other == layer or other in BELOW[layer]:
            return
        if layer == "rules" and target in RULES_MAY_SEE:
            return
        self.refuse(path, number, f"{layer}/ may not include {target}")


def main():
    root = sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent
    tree = Tree(root)
    tree.check()
    for warning in tree.warnings:
        print(f"warning: {warning}")
    for refusal in tree.refusals:
        print(f"refused: {refusal}")
    sources = sum(1 for path in tree.files() if path.suffix in (".h", ".cc"))
    print(f"layers: {sources} sources, {len(tree.refusals)} refused, {len(tree.warnings)} warnings")
    return 1 if tree.refusals else 0


if __name__ == "__main__":
    sys.exit(main())
