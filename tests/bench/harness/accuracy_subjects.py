# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""The firewalls whose records are compared with the truth; each runs in a tests/lab world."""

import itertools
import json
import pathlib
import re
import shutil
import subprocess

import lab
import stage
import truth


class Procwalld:
    """Today's daemon, asked to allow everything; its records are what `procwall watch` tells."""

    name = ""
    witness = ""
    quiet, limit = 1.5, 30.0  # seconds without a new record, and in all: then nothing more comes

    def __init__(self, world, _number):
        self._daemon = world.daemon(flags=stage.guard_flags(self.witness))

    @classmethod
    def why_missing(cls):
        return None

    def records(self):
        return [truth.record_of_event(event) for event in self._daemon.events.all()]

    def stop(self):
        self._daemon.end()


class WithWitness(Procwalld):
    name = "procwalld-witness"
    witness = "auto"

    def __init__(self, world, number):
        super().__init__(world, number)
        witness = self._daemon.status()["witness"]
        if not all(part["runs"] for part in witness["parts"]) or not witness["runs"]:
            raise lab.Impossible(f"the witness does not run whole here: {witness}")


class WithoutWitness(Procwalld):
    name = "procwalld-no-witness"
    witness = "off"


_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_SEEN = re.compile(r"new connection (\S+) => \d+:\S+ -> (\S+):(\d+) uid")
_NAMED = re.compile(r"[✔✘] (.*) -> (\S+):(\d+) \(")
_NOT_FOUND = re.compile(r"Could not find process by its pid .* ->\((\S+)\)-> (\S+):(\d+)")


def records_of_log(text):
    """What opensnitchd -debug wrote: which program it named, and that it looked in vain."""
    protocols, records = {}, []
    for line in _COLOUR.sub("", text).splitlines():
        if found := _SEEN.search(line):
            protocols[found[2], found[3]] = found[1]
        elif found := _NAMED.search(line):
            program, address, port = found.groups()
            known = (program,) if program.startswith("/") else ()
            records.append(truth.Record(protocols.get((address, port), "udp"), address, int(port),
                                        known, why="" if known else program))
        elif found := _NOT_FOUND.search(line):
            records.append(truth.Record(found[1], found[2], int(found[3]), (),
                                        confidence="unknown", why="default action"))
    return records


class Opensnitchd:
    """Debian's opensnitchd with one rule that allows everything, read from its debug log."""

    name = "opensnitchd"
    quiet, limit = 3.0, 120.0
    _default_config = pathlib.Path("/etc/opensnitchd/default-config.json")

    def __init__(self, world, number):
        self._folder = world.folder / f"opensnitchd{number}"
        rules = self._folder / "rules"
        rules.mkdir(parents=True)
        allow = {**lab.rule("allow-all", "allow", "true", ""), "updated": "2026-01-01T00:00:00Z"}
        (rules / "allow-all.json").write_text(json.dumps(allow), encoding="utf-8")
        socket = f"unix://{self._folder}/ui.sock"
        config = self._folder / "config.json"
        config.write_text(json.dumps({
            "Server": {"Address": socket}, "DefaultAction": "allow", "DefaultDuration": "once",
            "InterceptUnknown": False, "ProcMonitorMethod": "proc", "LogLevel": 0,
            "Firewall": "iptables", "Stats": {"MaxEvents": 150, "MaxStats": 25}}),
            encoding="utf-8")
        # It reads its configuration from one fixed place: ours lies over it, in this world only.
        lab.must("mount", "--bind", str(config), str(self._default_config))
        self._log = self._folder / "log"
        with self._log.open("w", encoding="utf-8") as log:
            self._process = subprocess.Popen(
                ["opensnitchd", "-debug", "-rules-path", str(rules), "-queue-num", "0",
                 "-process-monitor-method", "proc", "-ui-socket", socket], cwd=self._folder,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            lab.await_true(lambda: "NFQUEUE" in lab.must("iptables", "-t", "mangle", "-S", "OUTPUT")
                           and "Running on netfilter queue" in self._text(), "opensnitchd")
        except BaseException:
            self.stop()
            raise

    @classmethod
    def why_missing(cls):
        if not shutil.which("opensnitchd"):
            return "not installed (Debian package opensnitch)"
        return None if cls._default_config.exists() else f"{cls._default_config} is missing"

    def _text(self):
        return self._log.read_text(encoding="utf-8", errors="replace")

    def records(self):
        return records_of_log(self._text())

    def stop(self):
        self._process.kill()  # SIGTERM makes it hang half of the time
        self._process.wait()
        lab.must("umount", str(self._default_config))
        for tool, table in itertools.product(("iptables", "ip6tables"), ("mangle", "filter")):
            lab.run(tool, "-t", table, "-F")


ALL = (WithWitness, WithoutWitness, Opensnitchd)
