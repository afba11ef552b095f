/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The Procwall authors */
/* Who sends the packets of a flow: kept beyond the life of socket and process, so that a packet
 * that is all that is left of them still has a name. */
#pragma once

#include <linux/bpf.h>

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "attribution/witness/actor.h"
#include "attribution/witness/maps.h"

/* What other namespaces send is kept under one name, 0: where it is forwarded, nobody knows which
 * one it was. Two that use one address at a time are told apart as `previous` senders are. Where
 * nothing is forwarded, nobody will ask: see IsNoted(). */
static __always_inline u64 NamespaceOf(u64 netns_cookie) {
  return netns_cookie == settings.own_netns_cookie ? netns_cookie : 0;
}

static __always_inline int IsNoted(const struct FlowName* name) {
  return name->netns_cookie || settings.others_are_noted;
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

static __always_inline void Remember(const struct FlowName* name, u64 cookie,
                                     const struct WitnessedSocket* socket, u32 flags) {
  u64 now = bpf_ktime_get_boot_ns();
  struct WitnessedFlow* known = bpf_map_lookup_elem(&flows, name);
  if (!known) {
    struct WitnessedFlow flow = {.cookie = cookie, .used_at = now, .flags = flags};
    if (socket) flow.socket = *socket;
    Count(bpf_map_update_elem(&flows, name, &flow, BPF_ANY) ? kFlowsLost : kFlowsNoted);
    return;
  }
  int same =
      known->cookie == cookie && (!socket || IsSameActor(&known->socket.user, &socket->user));
  if (!same) {
    Succeed(known, now);
    known->cookie = cookie;
    if (socket) {
      known->socket = *socket;
    } else {
      struct WitnessedSocket nobody = {};
      known->socket = nobody;
    }
    known->flags = (known->flags & kMoreSenders) | flags;
  }
  known->used_at = now;
}
