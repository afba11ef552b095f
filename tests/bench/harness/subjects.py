# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""What is compared: each subject is a firewall that is started on the client's side of a lab."""

import json
import os
import pathlib
import shutil
import subprocess
import time

from . import processes

_QUEUE_RULE = ("OUTPUT", "-m", "conntrack", "--ctstate", "NEW,RELATED",
               "-j", "NFQUEUE", "--queue-num", "0", "--queue-bypass")

_SETTLE_SECONDS = 5.0
_SETTLE_STEP_SECONDS = 0.2
_IDLE_CPU_SECONDS = 0.002  # in a step


class Subject:
    """No firewall at all. The others override start() and set `process`."""

    name = "none"
    is_default = True
    patience = 20.0  # seconds until it must have started

    def __init__(self, bin_dir, work_dir, programs):
        self.bin_dir = bin_dir
        self.work_dir = pathlib.Path(work_dir) / self.name
        self.programs = programs  # the paths that the rules allow
        self.process = None
        shutil.rmtree(self.work_dir, ignore_errors=True)
        self.work_dir.mkdir(parents=True)

    @classmethod
    def why_missing(cls, _bin_dir):
        return None

    def start(self, lab):
        pass

    def stop(self):
        if self.process:
            processes.stop(self.process)

    def cpu_seconds(self):
        """Processor time of all its threads, also ended ones, in user and kernel mode."""
        if not self.process:
            return 0.0
        return time.clock_gettime(_process_clock(self.process.pid))

    def settle(self):
        """Waits until it has done what it does at its start, at most some seconds: what a machine
        costs that has just started a firewall is another question."""
        deadline = time.monotonic() + _SETTLE_SECONDS
        before = -1.0
        while self.process and time.monotonic() < deadline:
            now = self.cpu_seconds()
            if now - before < _IDLE_CPU_SECONDS:
                return
            before = now
            time.sleep(_SETTLE_STEP_SECONDS)

    def memory_kb(self):
        """{"VmHWM": peak, "VmRSS": now}"""
        if not self.process:
            return {"VmHWM": 0, "VmRSS": 0}
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text(encoding="utf-8")
        lines = dict(line.split(":", 1) for line in status.splitlines() if ":" in line)
        return {key: int(lines[key].split()[0]) for key in ("VmHWM", "VmRSS")}

    def _start_daemon(self, lab, *command):
        with open(self.work_dir / "log", "w", encoding="utf-8") as log:
            self.process = processes.start(lab.client_command(*command), cwd=self.work_dir,
                                           stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def _wait_until(self, condition, what):
        def holds():
            if self.process.poll() is not None:
                raise RuntimeError(f"{self.name} ended with {self.process.returncode}:\n{self.log()}")
            return condition()
        try:
            processes.wait_for(holds, f"{self.name}: {what}", self.patience)
        except RuntimeError as error:
            raise RuntimeError(f"{error}:\n{self.log()}") from error

    def log(self):
        return (self.work_dir / "log").read_text(encoding="utf-8", errors="replace")[-2000:]

    def _write_rules(self):
        """One rule file per program, in OpenSnitch's format: allow this path."""
        rules_dir = self.work_dir / "rules"
        rules_dir.mkdir()
        for program in self.programs:
            name = f"allow-{os.path.basename(program)}"
            rule = {
                "created": "2026-01-01T00:00:00Z", "updated": "2026-01-01T00:00:00Z",
                "name": name, "enabled": True, "precedence": False, "action": "allow",
                "duration": "always",
                "operator": {"type": "simple", "operand": "process.path", "sensitive": False,
                             "data": str(program), "list": []},
            }
            (rules_dir / f"{name}.json").write_text(json.dumps(rule), encoding="utf-8")
        return rules_dir

    def _write_configuration(self):
        """OpenSnitch's configuration keys. Denies what no rule allows, so that a program that is
        not recognised shows as failed connections and not as fast ones."""
        path = self.work_dir / "config.json"
        path.write_text(json.dumps({
            "Server": {"Address": f"unix://{self.work_dir}/ui.sock"},
            "DefaultAction": "deny", "DefaultDuration": "once", "InterceptUnknown": False,
            "ProcMonitorMethod": "proc", "LogLevel": 2, "Firewall": "iptables",
            "Stats": {"MaxEvents": 150, "MaxStats": 25},
        }), encoding="utf-8")
        return path


class NullQueue(Subject):
    name = "null"

    def start(self, lab):
        lab.run_client("iptables", "-t", "mangle", "-A", *_QUEUE_RULE)
        self.process = processes.start_until_ready(
            lab.client_command(self.bin_dir / "null_queue", 0))


class Procwalld(Subject):
    name = "procwalld"
    _flags = ()

    @classmethod
    def why_missing(cls, bin_dir):
        return None if (bin_dir / "procwalld").exists() else "not built"

    def start(self, lab):
        self._start_daemon(
            lab, self.bin_dir / "procwalld", "-rules-path", self._write_rules(),
            "-config-file", self._write_configuration(), "-queue-num", 0,
            "-default-action", "deny", "-api-address", f"unix:{self.work_dir}/api.sock",
            "-journal", f"{self.work_dir}/journal.db", *self._flags)
        self._wait_until(lambda: "ready" in self.log() and lab.queue_counters()["listening"],
                         "start")


class ProcwalldWithoutWitness(Procwalld):
    """As on a kernel that cannot run it. Only when it is asked for."""
    name = "procwalld-no-witness"
    is_default = False
    _flags = ("-witness=off",)


class Opensnitchd(Subject):
    name = "opensnitchd"
    _default_config = pathlib.Path("/etc/opensnitchd/default-config.json")

    @classmethod
    def why_missing(cls, _bin_dir):
        if not shutil.which("opensnitchd"):
            return "not installed (Debian package opensnitch)"
        return None if cls._default_config.exists() else f"{cls._default_config} is missing"

    def start(self, lab):
        # It reads its configuration from one fixed place: ours lies over it, in the lab only.
        lab.run_client("mount", "--bind", self._write_configuration(), self._default_config)
        self._start_daemon(lab, "opensnitchd", "-rules-path", self._write_rules(), "-queue-num", 0,
                           "-process-monitor-method", "proc",
                           "-ui-socket", f"unix://{self.work_dir}/ui.sock")
        self._wait_until(lambda: lab.queue_counters()["listening"] and self._rules_stand(lab),
                         "start")

    def _rules_stand(self, lab):
        return "NFQUEUE" in lab.run_client("iptables", "-t", "mangle", "-S", "OUTPUT")


ALL = (Subject, NullQueue, Procwalld, ProcwalldWithoutWitness, Opensnitchd)


def _process_clock(pid):
    """The clock id of a process's processor time: clock_getcpuclockid(3) has no Python name."""
    scheduler_clock = 2
    return (~pid << 3) | scheduler_clock
