/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The Procwall authors */
/* Who makes a socket, who connects it, and who sends through it. All of them only watch: they
 * return 1, "go on". */
#pragma once

#include <linux/bpf.h>

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "attribution/witness/flow_record.h"
#include "attribution/witness/socket_record.h"

enum {
  kWatchOn = 1,
  kInet = 2,   /* AF_INET */
  kInet6 = 10, /* AF_INET6 */
};

/* Four words of the context, which the verifier allows to be read one by one only. */
static __always_inline void CopyWords(u8* to, const u32* from) {
  const volatile u32* words = from;
  u32 copy[4];
  copy[0] = words[0];
  copy[1] = words[1];
  copy[2] = words[2];
  copy[3] = words[3];
  __builtin_memcpy(to, copy, sizeof(copy));
}

SEC("cgroup/sock_create")
int OnSocketCreate(struct bpf_sock* socket) {
  if (socket->family != kInet && socket->family != kInet6) return kWatchOn;
  u64 cookie = bpf_get_socket_cookie(socket);
  struct SocketSlot* slot = SlotOf(cookie);
  if (!slot || !BeginWriting(slot)) return kWatchOn;
  TakeSlot(slot, cookie);
  Describe(&slot->socket.creator, bpf_get_current_task_btf());
  slot->socket.user = slot->socket.creator;
  slot->socket.hook = kHookCreate;
  slot->socket.flags = 0;
  EndWriting(slot);
  return kWatchOn;
}

/* What is below is told by the packets themselves where they can be watched: these programs are
 * for other namespaces then, and not even loaded where those do not matter. */

/* Notes that the current process used the socket. */
static __always_inline struct WitnessedSocket* Note(u64 cookie, enum Hook hook) {
  return NoteUse(cookie, bpf_get_current_task_btf(), hook);
}

static __always_inline int NoteConnect(struct bpf_sock_addr* address) {
  u64 netns_cookie = NamespaceOf(bpf_get_netns_cookie(address));
  if (!IsToldByPackets(netns_cookie)) Note(bpf_get_socket_cookie(address), kHookConnect);
  return kWatchOn;
}

SEC("cgroup/connect4")
int OnConnect4(struct bpf_sock_addr* address) { return NoteConnect(address); }

SEC("cgroup/connect6")
int OnConnect6(struct bpf_sock_addr* address) { return NoteConnect(address); }

/* TCP: the port is chosen, the SYN is next. */
SEC("sockops")
int OnTcpConnect(struct bpf_sock_ops* socket) {
  if (socket->op != BPF_SOCK_OPS_TCP_CONNECT_CB) return kWatchOn;
  struct FlowName name = {.protocol = kTcp};
  name.netns_cookie = NamespaceOf(bpf_get_netns_cookie(socket));
  if (!IsNoted(&name) || IsToldByPackets(name.netns_cookie)) return kWatchOn;
  u64 cookie = bpf_get_socket_cookie(socket);
  name.local_port = (u16)socket->local_port;
  name.remote_port = bpf_ntohs((u16)(socket->remote_port >> 16));
  CopyWords(name.local, socket->local_ip6);
  CopyWords(name.remote, socket->remote_ip6);
  if (socket->family != kInet6 || IsMapped(name.remote)) {
    MapV4(name.local, socket->local_ip4);
    MapV4(name.remote, socket->remote_ip4);
  }
  Remember(&name, cookie, Known(SlotOf(cookie), cookie), 0);
  return kWatchOn;
}

/* A datagram with an address. The local address may not be chosen yet: the daemon asks for that,
 * too. */
static __always_inline void NoteDatagram(struct bpf_sock_addr* address, struct FlowName* name) {
  struct bpf_sock* socket = address->sk;
  if (!socket) return;
  name->netns_cookie = NamespaceOf(bpf_get_netns_cookie(address));
  if (!IsNoted(name) || IsToldByPackets(name->netns_cookie)) return;
  u64 cookie = bpf_get_socket_cookie(address);
  name->protocol = (u8)socket->protocol;
  name->local_port = (u16)socket->src_port;
  name->remote_port = bpf_ntohs((u16)address->user_port);
  Remember(name, cookie, Note(cookie, kHookSend), 0);
}

SEC("cgroup/sendmsg4")
int OnSend4(struct bpf_sock_addr* address) {
  struct FlowName name = {};
  MapV4(name.local, address->msg_src_ip4);
  MapV4(name.remote, address->user_ip4);
  NoteDatagram(address, &name);
  return kWatchOn;
}

SEC("cgroup/sendmsg6")
int OnSend6(struct bpf_sock_addr* address) {
  struct FlowName name = {};
  CopyWords(name.local, address->msg_src_ip6);
  CopyWords(name.remote, address->user_ip6);
  NoteDatagram(address, &name);
  return kWatchOn;
}
