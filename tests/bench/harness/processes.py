# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""Child processes that cannot outlive the benchmark."""

import ctypes
import signal
import subprocess
import time

_LIBC = ctypes.CDLL(None, use_errno=True)
_PR_SET_PDEATHSIG = 1


def _die_with_parent():
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def start(command, **options):
    """Starts a program that the kernel kills when we die."""
    return subprocess.Popen(command, preexec_fn=_die_with_parent, text=True, **options)


def run(command, **options):
    """Runs a program to its end; CalledProcessError carries what it said."""
    return subprocess.run(command, check=True, text=True, capture_output=True, **options)


def start_until_ready(command, **options):
    """Starts one of our programs and waits for its line "ready" on stdout."""
    process = start(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, **options)
    line = process.stdout.readline().strip()
    if line != "ready":
        stop(process)
        raise RuntimeError(f"{command[0]} did not become ready: {line!r}")
    return process


def stop(process, patience=5.0):
    """SIGTERM, then SIGKILL; returns whether SIGTERM was enough."""
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(patience)
        return True
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return False


def wait_for(condition, what, seconds=20.0):
    """Polls until `condition` holds; RuntimeError after the deadline."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise RuntimeError(f"{what}: not within {seconds:.0f} s")
        time.sleep(0.02)
