/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The Procwall authors */
/* What is remembered of a socket, and how it is written: by one at a time, so that whoever reads
 * meanwhile can tell (see SocketSlot). Nobody waits: the second one's news are lost, and counted.
 */
#pragma once

#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

#include "attribution/witness/actor.h"
#include "attribution/witness/maps.h"

static __always_inline struct SocketSlot* SlotOf(u64 cookie) {
  u32 index = (u32)cookie & (kMaxSockets - 1);
  return bpf_map_lookup_elem(&sockets, &index);
}

/* Null: nothing is known of it. */
static __always_inline struct WitnessedSocket* Known(struct SocketSlot* slot, u64 cookie) {
  return slot && cookie && slot->cookie == cookie ? &slot->socket : 0;
}

/* 0: another one writes. The exchanges are barriers as well. */
static __always_inline int BeginWriting(struct SocketSlot* slot) {
  if (__sync_lock_test_and_set(&slot->is_taken, 1)) {
    Count(kSocketsLost);
    return 0;
  }
  __sync_lock_test_and_set(&slot->writing, slot->written + 1);
  return 1;
}

static __always_inline void EndWriting(struct SocketSlot* slot) {
  __sync_lock_test_and_set(&slot->written, slot->writing);
  __sync_lock_test_and_set(&slot->is_taken, 0);
}

/* The slot is that socket's from now on; while it is written. */
static __always_inline void TakeSlot(struct SocketSlot* slot, u64 cookie) {
  Count(slot->cookie ? kSocketsDisplaced : kSlotsTaken);
  slot->noted = 0;
  slot->cookie = cookie;
}

/* A new record, of nobody; while it is written. */
static __always_inline void Clear(struct SocketSlot* slot, u64 cookie) {
  __builtin_memset(&slot->socket, 0, sizeof(slot->socket));
  TakeSlot(slot, cookie);
}

/* Notes that `task` used the socket; its record, as it is now. Null: another one writes it. */
static __always_inline struct WitnessedSocket* NoteUse(u64 cookie, struct task_struct* task,
                                                       enum Hook hook) {
  struct SocketSlot* slot = SlotOf(cookie);
  if (!slot || !cookie) return 0;
  if (slot->cookie != cookie || !IsActor(&slot->socket.user, task)) {
    if (!BeginWriting(slot)) return 0;
    if (slot->cookie != cookie) Clear(slot, cookie); /* the kernel's, or an old one */
    slot->noted = 0;                                 /* of the user before */
    Describe(&slot->socket.user, task);
    EndWriting(slot);
  }
  slot->socket.hook = (u8)hook;
  return &slot->socket;
}
