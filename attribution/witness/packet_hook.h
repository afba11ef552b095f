/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The Procwall authors */
/* Sees each packet of this network namespace on its way out, just before it is queued: whose socket
 * it comes from, and who is sending. It names what the hooks of connect(2) and sendmsg(2) do not
 * show, too: a connected datagram socket in other hands, ping and raw sockets, the paths that MPTCP
 * adds, and the kernel's own packets. Kernel 6.4. */
#pragma once

#include <linux/bpf.h>

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "attribution/witness/flow_record.h"
#include "attribution/witness/socket_record.h"

enum {
  kLetGo = 1, /* NF_ACCEPT */
  kIcmp = 1,
  kIcmp6 = 58,
  kDccp = 33,
  kSctp = 132,
  kUdpPorts = 17,
  kUdpLitePorts = 136,
  kRawSocket = 3, /* SOCK_RAW */
  kSynSent = 2,   /* TCP_SYN_SENT */
};

struct V4Header {
  u8 version_and_length;
  u8 unused[8];
  u8 protocol;
  u8 checksum[2];
  u32 source;
  u32 destination;
};

struct V6Header {
  u8 unused[6];
  u8 next_header;
  u8 hop_limit;
  u8 source[16];
  u8 destination[16];
};

/* As net/packet.h reads them: ICMP echo's identifier is a request's local port and a reply's remote
 * port. */
static __always_inline void ReadPorts(struct FlowName* name, const u8* transport) {
  u16 words[4];
  if (bpf_probe_read_kernel(words, sizeof(words), transport)) return;
  u8 type = ((u8*)words)[0];
  switch (name->protocol) {
    case kTcp:
    case kUdpPorts:
    case kUdpLitePorts:
    case kSctp:
    case kDccp:
      name->local_port = bpf_ntohs(words[0]);
      name->remote_port = bpf_ntohs(words[1]);
      break;
    case kIcmp:
      if (type == 8) name->local_port = bpf_ntohs(words[2]);
      if (type == 0) name->remote_port = bpf_ntohs(words[2]);
      break;
    case kIcmp6:
      if (type == 128) name->local_port = bpf_ntohs(words[2]);
      if (type == 129) name->remote_port = bpf_ntohs(words[2]);
      break;
    default:
      break;
  }
}

/* 0: it is not to be remembered. Of TCP only what begins a connection, and what raw sockets send,
 * is: `tcp_too`. */
static __always_inline int ReadV4(struct FlowName* name, const u8* network, int tcp_too) {
  struct V4Header header;
  if (bpf_probe_read_kernel(&header, sizeof(header), network)) return 0;
  if (header.protocol == kTcp && !tcp_too) return 0;
  name->protocol = header.protocol;
  MapV4(name->local, header.source);
  MapV4(name->remote, header.destination);
  ReadPorts(name, network + (header.version_and_length & 15) * 4);
  return 1;
}

static __always_inline int ReadV6(struct FlowName* name, const u8* network, int tcp_too) {
  struct V6Header header;
  if (bpf_probe_read_kernel(&header, sizeof(header), network)) return 0;
  u8 next = header.next_header;
  const u8* at = network + sizeof(header);
  for (int i = 0; i < 4; ++i) { /* hop-by-hop, routing, destination options */
    u8 extension[2];
    if (next != 0 && next != 43 && next != 60) break;
    if (bpf_probe_read_kernel(extension, sizeof(extension), at)) return 0;
    next = extension[0];
    at += (extension[1] + 1) * 8;
  }
  if (next == kTcp && !tcp_too) return 0;
  name->protocol = next;
  __builtin_memcpy(name->local, header.source, sizeof(name->local));
  __builtin_memcpy(name->remote, header.destination, sizeof(name->remote));
  ReadPorts(name, at);
  return 1;
}

/* Has a system call sent it? Whoever makes that is current. A socket's packet that is not of its
 * own protocol and port was wrapped by the kernel (IPsec), and what a tunnel of the kernel's sends
 * through a program's socket (L2TP, OpenVPN) is sent whenever it suits the kernel. */
static __always_inline int IsItsOwnPacket(struct sock* sender, const struct FlowName* name,
                                          int is_raw) {
  if (is_raw) return 1;
  if (sender->sk_protocol != name->protocol) return 0;
  if (name->protocol != kUdpPorts && name->protocol != kUdpLitePorts) return 1;
  if (sender->__sk_common.skc_num != name->local_port) return 0;
  return BPF_CORE_READ((struct udp_sock*)sender, encap_type) == 0;
}

/* The process that is sending now, whose system call it is. */
static __always_inline void NoteSender(const struct FlowName* name, u64 cookie,
                                       struct task_struct* task, u32 flags) {
  struct FlowPlace place = FindPlace(name);
  u64 noted = NotedNow(place);
  struct SocketSlot* slot = SlotOf(cookie);
  if (slot && slot->cookie == cookie && slot->noted == noted && IsActor(&slot->socket.user, task)) {
    return;
  }
  struct WitnessedSocket* known = NoteUse(cookie, task, kHookPacket);
  if (slot && known) {
    RememberAt(place, name, cookie, known, flags, 0);
    slot->noted = noted;
    return;
  }
  struct WitnessedSocket seen = {.hook = kHookPacket}; /* two send at once: the flow is ours */
  Describe(&seen.user, task);
  RememberAt(place, name, cookie, &seen, flags, 0);
}

/* MPTCP has a socket of its own for each path, made by the kernel but for the first: the program's
 * is behind them. Its cookie; 0: this is none of these. */
static __always_inline u64 CookieBehindPath(struct sock* path) {
  if (!bpf_core_field_exists(struct tcp_sock, is_mptcp)) return 0;
  if (!BPF_CORE_READ((struct tcp_sock*)path, is_mptcp)) return 0;
  struct mptcp_subflow_context* subflow =
      BPF_CORE_READ((struct inet_connection_sock*)path, icsk_ulp_data);
  return (u64)BPF_CORE_READ(subflow, conn, __sk_common.skc_cookie.counter);
}

/* The SYN. TCP sends the first in the system call that connects, and repeats it in an interrupt,
 * for whoever made that call. The paths that MPTCP adds are connected by a thread of the kernel's,
 * for whoever connected the first. */
static __always_inline void NoteConnecting(const struct FlowName* name, struct sock* sender) {
  u64 cookie = (u64)sender->__sk_common.skc_cookie.counter;
  u64 behind = CookieBehindPath(sender);
  struct socket* of_user = sender->sk_socket;
  if (!behind && (!of_user || !of_user->file)) {
    Remember(name, 0, 0, kFromKernel);
    return;
  }
  int is_again = BPF_CORE_READ((struct tcp_sock*)sender, segs_out) > 1;
  struct task_struct* task = bpf_get_current_task_btf();
  if (!is_again && task->mm) {
    NoteUse(behind, task, kHookPacket);
    NoteSender(name, cookie, task, 0);
    return;
  }
  struct WitnessedSocket* known = Known(SlotOf(cookie), cookie);
  RememberAt(FindPlace(name), name, cookie ? cookie : behind,
             known ? known : Known(SlotOf(behind), behind), 0, is_again);
}

SEC("netfilter")
int OnPacket(struct bpf_nf_ctx* context) {
  const struct nf_hook_state* state = context->state;
  struct sk_buff* packet = context->skb;
  struct sock* sender = state->sk;
  u8 condition = sender ? sender->__sk_common.skc_state : 0;
  /* TIME_WAIT and half-open connections are not whole sockets: the kernel sends for them. */
  int is_whole = sender && condition != 6 && condition != 12;
  int is_raw = is_whole && sender->sk_type == kRawSocket;
  int is_tcp = is_whole && !is_raw && sender->sk_protocol == kTcp;
  if (is_tcp && condition != kSynSent) return kLetGo; /* its SYN told all there is to know */
  const u8* network = packet->head + packet->network_header;
  struct FlowName name = {.netns_cookie = NamespaceOf(state->net->net_cookie)};
  int wanted = state->pf == 2 ? ReadV4(&name, network, is_raw || is_tcp)
                              : ReadV6(&name, network, is_raw || is_tcp);
  if (!wanted) return kLetGo;
  if (is_tcp) {
    if (name.protocol == kTcp) NoteConnecting(&name, sender); /* not as IPsec wraps it */
    return kLetGo;
  }

  struct socket* of_user = is_whole ? sender->sk_socket : 0;
  u64 cookie = of_user ? (u64)sender->__sk_common.skc_cookie.counter : 0;
  u32 flags = is_raw ? kSentByRaw : 0;
  if (!of_user || !of_user->file) {
    Remember(&name, 0, 0, flags | kFromKernel);
    return kLetGo;
  }
  struct task_struct* task = bpf_get_current_task_btf();
  if (task->mm && IsItsOwnPacket(sender, &name, is_raw)) {
    NoteSender(&name, cookie, task, flags);
  } else {
    Remember(&name, cookie, Known(SlotOf(cookie), cookie), flags);
  }
  return kLetGo;
}
