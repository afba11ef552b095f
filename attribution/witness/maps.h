/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The Procwall authors */
/* Where the kernel's half of the witness keeps what it saw: bounded, the oldest go first. */
#pragma once

#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

#include "attribution/witness/layout.h"

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY); /* a hash costs each socket a third more, and wants a release */
  __uint(max_entries, kMaxSockets);
  __type(key, u32); /* SO_COOKIE modulo kMaxSockets */
  __type(value, struct SocketSlot);
} sockets SEC(".maps");

/* The kernel's own LRU map would cost each new flow a microsecond, and the daemon a system call for
 * each that it looks up: it reads this one where it lies. */
struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(map_flags, BPF_F_MMAPABLE);
  __uint(max_entries, kFlowSets);
  __type(key, u32); /* PlaceOf() */
  __type(value, struct FlowSet);
} flows SEC(".maps");

/* Who writes in a set: what holds locks cannot be read where it lies. */
struct FlowWriter {
  struct bpf_spin_lock lock;
  u32 next; /* the slot that is given away next */
};

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, kFlowSets);
  __type(key, u32);
  __type(value, struct FlowWriter);
} flow_writers SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_RINGBUF);
  __uint(max_entries, kEventRingBytes);
} process_records SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
  __uint(max_entries, kCounters);
  __type(key, u32);
  __type(value, u64);
} counters SEC(".maps");

static __always_inline void Count(u32 which) {
  u64* count = bpf_map_lookup_elem(&counters, &which);
  if (count) ++*count;
}
