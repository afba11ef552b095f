/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The Procwall authors */
/* Who sends the packets of a flow: kept beyond the life of socket and process, so that a packet
 * that is all that is left of them still has a name. */
#pragma once

#include <linux/bpf.h>

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "attribution/witness/actor.h"
#include "attribution/witness/flow_hash.h"
#include "attribution/witness/maps.h"

enum { kTcp = 6 }; /* IPPROTO_TCP */

/* What other namespaces send is kept under one name, 0: where it is forwarded, nobody knows which
 * one it was. Two that use one address at a time are told apart as `previous` senders are. Where
 * nothing is forwarded, nobody will ask: see IsNoted(). */
static __always_inline u64 NamespaceOf(u64 netns_cookie) {
  return netns_cookie == settings.own_netns_cookie ? netns_cookie : 0;
}

static __always_inline int IsNoted(const struct FlowName* name) {
  return name->netns_cookie || settings.others_are_noted;
}

/* OnPacket sees all of that namespace, of NamespaceOf(). */
static __always_inline int IsToldByPackets(u64 netns_cookie) {
  return netns_cookie && settings.packets_are_watched;
}

/* So long after another socket or program has sent the same flow, a packet that waits in a queue
 * may still be the former's. */
#define PREVIOUS_SENDER_NS 2000000000ULL

static __always_inline int IsMapped(const u8* address) {
  u32 words[4];
  __builtin_memcpy(words, address, sizeof(words));
  return words[0] == 0 && words[1] == 0 && words[2] == bpf_htonl(0xffff);
}

static __always_inline void MapV4(u8* address, u32 v4) { /* network order */
  u32 words[4] = {0, 0, bpf_htonl(0xffff), v4};
  __builtin_memcpy(address, words, sizeof(words));
}

/* The same flow came from somebody else not long ago: a packet of that one may still wait. Of
 * several, those of one program count as one: the last. */
static __always_inline void Succeed(struct WitnessedFlow* flow, u64 now) {
  if (flow->previous_until <= now) {
    flow->flags &= ~kMoreSenders;
  } else if (!RunSameProgram(&flow->previous, &flow->socket.user)) {
    flow->flags |= kMoreSenders;
  }
  flow->previous = flow->socket.user;
  flow->previous_until = now + PREVIOUS_SENDER_NS;
}

static __always_inline int IsSameName(const struct FlowName* one, const struct FlowName* other) {
  u64 a[sizeof(*one) / sizeof(u64)];
  u64 b[sizeof(*one) / sizeof(u64)];
  __builtin_memcpy(a, one, sizeof(a));
  __builtin_memcpy(b, other, sizeof(b));
  return a[0] == b[0] && a[1] == b[1] && a[2] == b[2] && a[3] == b[3] && a[4] == b[4] &&
         a[5] == b[5];
}
_Static_assert(sizeof(struct FlowName) == 6 * sizeof(u64), "IsSameName() compares six words");

/* The exchanges are barriers as well. */
static __always_inline void BeginFlow(struct FlowSlot* slot) {
  __sync_lock_test_and_set(&slot->writing, slot->written + 1);
}

static __always_inline void EndFlow(struct FlowSlot* slot) {
  __sync_lock_test_and_set(&slot->written, slot->writing);
}

/* kFlowWays: it is not known. */
static __always_inline u32 WayOf(const struct FlowSet* set, u32 tag, const struct FlowName* name) {
  u32 way = 0;
  for (; way < kFlowWays; ++way) {
    if (set->tags[way] == tag && IsSameName(&set->slots[way].name, name)) break;
  }
  return way;
}

static __always_inline void SetSender(struct WitnessedFlow* flow, u64 cookie,
                                      const struct WitnessedSocket* socket) {
  flow->cookie = cookie;
  if (socket) {
    flow->socket = *socket;
  } else {
    __builtin_memset(&flow->socket, 0, sizeof(flow->socket));
  }
}

/* While it is locked: no calls. What it displaced: a Counter's number. */
static __always_inline u32 Begin(struct FlowSet* set, struct FlowWriter* writer, u32 tag,
                                 const struct FlowName* name, u64 cookie,
                                 const struct WitnessedSocket* socket, u32 flags, u64 now) {
  u32 way = writer->next & (kFlowWays - 1);
  writer->next = way + 1;
  u32 displaced = set->tags[way] ? kFlowsDisplaced : kFlowSlotsTaken;
  struct FlowSlot* slot = &set->slots[way];
  set->tags[way] = tag;
  BeginFlow(slot);
  slot->name = *name;
  SetSender(&slot->flow, cookie, socket);
  slot->flow.used_at = now;
  slot->flow.previous_until = 0;
  slot->flow.flags = flags;
  EndFlow(slot);
  return displaced;
}

static __always_inline void Continue(struct FlowSlot* slot, u64 cookie,
                                     const struct WitnessedSocket* socket, u32 flags, u64 now,
                                     int is_again) {
  struct WitnessedFlow* known = &slot->flow;
  int same = known->cookie == cookie &&
             (is_again || !socket || IsSameActor(&known->socket.user, &socket->user));
  if (!same) {
    BeginFlow(slot);
    Succeed(known, now);
    SetSender(known, cookie, socket);
    known->flags = (known->flags & kMoreSenders) | flags;
    EndFlow(slot);
  }
  known->used_at = now;
}

static __always_inline struct FlowPlace FindPlace(const struct FlowName* name) {
  const u64 secret[2] = {settings.flow_secret[0], settings.flow_secret[1]};
  return PlaceOf(name, secret);
}

/* Who notes a flow in the same tick of the kernel's clock again has nothing to add. Of two flows
 * that are taken for one (32 bits are compared) the second is not noted, and looked up therefore.
 */
static __always_inline u64 NotedNow(struct FlowPlace place) {
  return (u64)place.tag << 32 | (u32)bpf_jiffies64();
}

/* `is_again`: the kernel repeats what this socket has sent before, for whoever that was. */
static __always_inline void RememberAt(struct FlowPlace place, const struct FlowName* name,
                                       u64 cookie, const struct WitnessedSocket* socket, u32 flags,
                                       int is_again) {
  struct FlowSet* set = bpf_map_lookup_elem(&flows, &place.set);
  struct FlowWriter* writer = bpf_map_lookup_elem(&flow_writers, &place.set);
  if (!set || !writer) return; /* cannot be: for the verifier */
  u64 now = bpf_ktime_get_boot_ns();
  u32 displaced = kCounters;
  bpf_spin_lock(&writer->lock);
  u32 way = WayOf(set, place.tag, name);
  if (way < kFlowWays) {
    Continue(&set->slots[way], cookie, socket, flags, now, is_again);
  } else {
    displaced = Begin(set, writer, place.tag, name, cookie, socket, flags, now);
  }
  bpf_spin_unlock(&writer->lock);
  if (displaced != kCounters) Count(displaced);
}

static __always_inline void Remember(const struct FlowName* name, u64 cookie,
                                     const struct WitnessedSocket* socket, u32 flags) {
  RememberAt(FindPlace(name), name, cookie, socket, flags, 0);
}
