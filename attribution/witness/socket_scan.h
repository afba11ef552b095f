/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The Procwall authors */
/* Reads every descriptor of every process once: the sockets that were there before the witness. */
#pragma once

#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

#include "attribution/witness/actor.h"
#include "attribution/witness/socket_record.h"

SEC("iter/task_file")
int OnDescriptor(struct bpf_iter__task_file* context) {
  struct task_struct* task = context->task;
  struct file* file = context->file;
  if (!task || !file) return 0;
  struct socket* socket = bpf_sock_from_file(file);
  struct sock* inside = socket ? socket->sk : 0;
  if (!inside) return 0;
  u16 family = inside->__sk_common.skc_family;
  if (family != 2 && family != 10) return 0;
  u64 cookie = bpf_get_socket_cookie(inside);
  struct SocketSlot* slot = SlotOf(cookie);
  if (!slot) return 0;
  struct Actor holder = {};
  Describe(&holder, task);
  struct WitnessedSocket* known = Known(slot, cookie);
  if (known && known->hook != kHookScan) return 0; /* it was used since */
  if (known) {
    if (!RunSameProgram(&known->user, &holder)) known->flags |= kSharedAtScan;
    return 0;
  }
  if (slot->socket.hook > kHookScan || !BeginWriting(slot)) return 0; /* a younger one's */
  Clear(slot, cookie);
  slot->socket.user = holder;
  slot->socket.hook = kHookScan;
  EndWriting(slot);
  return 0;
}
