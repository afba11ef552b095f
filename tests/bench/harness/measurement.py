# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""One measurement: one case against one subject in a lab of its own."""

import json
import subprocess

from . import cases, processes
from .lab import Lab

_TIMEOUT_SECONDS = 180


def measure(case, subject, bin_dir, quick):
    """Returns what load_client said plus what the subject cost and the kernel lost."""
    with Lab(bin_dir) as lab:
        background = client = None
        try:
            command = lab.client_command(*case.client_options(bin_dir, quick))
            if case.load.mode == "old-processes":  # older than all others, and the firewall
                client = processes.start_until_ready(command)
            background = processes.start_until_ready(
                [str(bin_dir / "background_fds"), str(case.fds), str(cases.FDS_PER_PROCESS)])
            subject.start(lab)
            subject.settle()
            if not client:
                client = processes.start(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            result = _load(client, subject)
            result.update(subject.memory_kb())
            result.update(lab.queue_counters())
            result["arrived"] = sum(lab.end_server().values())
        finally:
            if client and client.poll() is None:
                client.kill()
            subject.stop()
            if background:
                background.communicate()  # it ends with its standard input
    _refuse_a_firewall_that_was_not_there(case, subject, result)
    return result


def _load(client, subject):
    before = subject.cpu_seconds()
    said, _ = client.communicate("go\n", timeout=_TIMEOUT_SECONDS)
    cpu = subject.cpu_seconds() - before
    if client.returncode != 0:
        raise RuntimeError(f"load_client ended with {client.returncode}")
    result = json.loads(said.splitlines()[-1])
    result["cpu_us"] = cpu * 1e6 / max(1, result["count"])
    return result


def _refuse_a_firewall_that_was_not_there(case, subject, result):
    """A low latency because the packets went around the queue is no result."""
    if subject.process and result["queued"] < 0.9 * result["count"]:
        raise RuntimeError(f"{subject.name}, {case.name}: only {result['queued']} of "
                           f"{result['count']} connections were queued")
