/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The Procwall authors */
/* Reads every descriptor of every process once: the sockets that were there before the witness. */
#pragma once

#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

#include "attribution/witness/actor.h"
#include "attribution/witness/maps.h"

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
  struct WitnessedSocket seen = {.hook = kHookScan, .used_at = bpf_ktime_get_boot_ns()};
  Describe(&seen.user, task);
  struct WitnessedSocket* known = bpf_map_lookup_elem(&sockets, &cookie);
  if (!known) {
    if (bpf_map_update_elem(&sockets, &cookie, &seen, BPF_NOEXIST)) Count(kSocketsLost);
  } else if (known->hook == kHookScan &&
             (known->user.inode != seen.user.inode || known->user.device != seen.user.device)) {
    known->flags |= kSharedAtScan;
  }
  return 0;
}
