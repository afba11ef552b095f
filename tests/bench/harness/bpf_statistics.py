# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""How often BPF programs ran, and for how long, as the kernel counts it while somebody asks it to.

Counting takes two looks at the clock for each run: it belongs beside measurements, not into them.
Needs root. Source: linux/bpf.h (BPF_ENABLE_STATS, struct bpf_prog_info), bpf(2).
"""

import collections
import contextlib
import ctypes
import os
import platform
import struct

_SYSCALL = {"x86_64": 321, "aarch64": 280}
_PROG_GET_NEXT_ID, _PROG_GET_FD_BY_ID, _OBJ_GET_INFO_BY_FD, _ENABLE_STATS = 11, 13, 15, 32
_STATS_RUN_TIME = 0
_INFO_SIZE = 208  # up to run_cnt
_NAME, _RUNS = slice(64, 80), slice(192, 208)

Ran = collections.namedtuple("Ran", "name times nanoseconds")


def _bpf(command, attributes):
    """What bpf(2) returns; `attributes` is changed in place."""
    libc = ctypes.CDLL(None, use_errno=True)
    result = libc.syscall(_SYSCALL[platform.machine()], command,
                          (ctypes.c_char * len(attributes)).from_buffer(attributes),
                          len(attributes))
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), f"bpf({command})")
    return result


@contextlib.contextmanager
def counting():
    """As long as it lasts, the kernel counts."""
    descriptor = _bpf(_ENABLE_STATS, bytearray(struct.pack("I", _STATS_RUN_TIME)))
    try:
        yield
    finally:
        os.close(descriptor)


def _ids():
    last = 0
    while True:
        attributes = bytearray(struct.pack("III", last, 0, 0))
        try:
            _bpf(_PROG_GET_NEXT_ID, attributes)
        except FileNotFoundError:
            return
        last = struct.unpack_from("I", attributes, 4)[0]
        yield last


def parse(info):
    times, = struct.unpack("8xQ", info[_RUNS])
    return Ran(info[_NAME].split(b"\0")[0].decode(), times, struct.unpack("Q8x", info[_RUNS])[0])


def programs():
    """{id: Ran} of all programs there are."""
    found = {}
    for number in _ids():
        try:
            descriptor = _bpf(_PROG_GET_FD_BY_ID, bytearray(struct.pack("III", number, 0, 0)))
        except FileNotFoundError:
            continue  # it ended meanwhile
        try:
            info = (ctypes.c_char * _INFO_SIZE)()
            _bpf(_OBJ_GET_INFO_BY_FD, bytearray(
                struct.pack("IIQ", descriptor, _INFO_SIZE, ctypes.addressof(info))))
            found[number] = parse(bytes(info))
        finally:
            os.close(descriptor)
    return found


def since(before, now):
    """[Ran] of what has run meanwhile, the longest first."""
    ran = []
    for number, program in now.items():
        former = before.get(number, Ran(program.name, 0, 0))
        if program.times > former.times:
            ran.append(Ran(program.name, program.times - former.times,
                           program.nanoseconds - former.nanoseconds))
    return sorted(ran, key=lambda program: -program.nanoseconds)
