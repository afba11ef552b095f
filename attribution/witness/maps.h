/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The Procwall authors */
/* Where the kernel's half of the witness keeps what it saw: bounded, the longest unused go first.
 */
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

struct {
  __uint(type, BPF_MAP_TYPE_LRU_HASH);
  __uint(max_entries, kMaxFlows);
  __type(key, struct FlowName);
  __type(value, struct WitnessedFlow);
} flows SEC(".maps");

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
