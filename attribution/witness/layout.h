/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SPDX-FileCopyrightText: The Procwall authors */
/* What the kernel's half of the witness leaves for the daemon: one description for both (C and
 * C++). Host byte order unless said otherwise; times are CLOCK_BOOTTIME in ns. */
#pragma once

#ifdef __cplusplus
#include <cstdint>
namespace procwall::witness {
using u8 = std::uint8_t;
using u16 = std::uint16_t;
using u32 = std::uint32_t;
using u64 = std::uint64_t;
using s32 = std::int32_t;
#else
typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef int s32;
#endif

enum {
  kMaxSockets = 65536,               /* that are remembered, the last ones; a power of two */
  kFlowSets = 1024,                  /* a power of two */
  kFlowWays = 16,                    /* flows in each; a power of two */
  kMaxFlows = kFlowSets * kFlowWays, /* whose sender is remembered, dead sockets' included */
  kEventRingBytes = 1 << 18,
  kMaxPathBytes = 4096,     /* a power of two */
  kMaxArgumentBytes = 4096, /* a power of two */
};

/* What the daemon tells, before the programs are loaded. */
struct Settings {
  u64 own_netns_cookie;   /* of the network namespace whose packets are watched */
  u32 pid_namespace;      /* inode of the daemon's, in which it reads /proc; 0: the initial one */
  u8 packets_are_watched; /* OnPacket runs there: what is sent need not be noted elsewhere */
  u8 others_are_noted;    /* flows that other network namespaces send: they may be forwarded */
  u8 padding[2];
  u64 flow_secret[2]; /* of PlaceOf() */
};

/* A process and the program it was running. kernel_pid 0: not known. */
struct Actor {
  u32 pid;         /* as the daemon's /proc shows it; 0: not there */
  u32 kernel_pid;  /* as the initial pid namespace counts */
  u32 uid;         /* effective, as the initial user namespace counts */
  u32 device;      /* of the executable, the kernel's encoding: major << 20 | minor */
  u64 start_time;  /* ns since boot */
  u64 exec_number; /* the kernel's count of this process's execs */
  u64 inode;       /* of the executable; 0: it has none (a kernel thread) */
  u64 cgroup_id;   /* cgroup v2 */
};

/* What was seen last. */
enum Hook {
  kHookNone = 0,
  kHookScan = 1,    /* the socket was there before the witness: found in a process's descriptors */
  kHookCreate = 2,  /* socket(2) */
  kHookConnect = 3, /* connect(2) */
  kHookSend = 4,    /* a datagram with an address */
  kHookPacket = 5,  /* the packet itself, on its way out */
};

enum SocketFlags {
  kSharedAtScan = 1, /* several programs held it when the witness began */
};

/* A socket, by its cookie. */
struct WitnessedSocket {
  struct Actor creator;
  struct Actor user; /* who used it last */
  u8 hook;           /* enum Hook: of `user` */
  u8 flags;          /* enum SocketFlags */
  u8 padding[6];
};

/* Where a socket is remembered: at its cookie modulo kMaxSockets. Cookies are counted, so that the
 * last kMaxSockets sockets of the machine are known; whoever finds another cookie here knows
 * nothing of his own. */
struct SocketSlot {
  u64 written; /* other than `writing` while it is written */
  u64 cookie;  /* 0: nobody's */
  struct WitnessedSocket socket;
  u32 is_taken; /* by one that writes */
  u32 padding;
  u64 writing; /* counts, from the start of each writing */
  u64 noted;   /* the flow that `user` was noted of last, and when: NotedNow(); 0: none */
};

/* A packet's addresses and ports. */
struct FlowName {
  u64 netns_cookie; /* the daemon's own, or 0: another */
  u8 local[16];     /* network order; IPv4 as ::ffff:a.b.c.d */
  u8 remote[16];
  u16 local_port; /* ICMP echo request: the identifier */
  u16 remote_port;
  u8 protocol; /* IPPROTO_* */
  u8 padding[3];
};

enum FlowFlags {
  kFromKernel = 1,  /* no program's socket sent it */
  kMoreSenders = 2, /* there were others before `previous`, not long ago */
  kSentByRaw = 4,   /* a raw socket, whatever protocol its packet says */
};

/* Who sent a flow's packets. */
struct WitnessedFlow {
  struct WitnessedSocket socket;
  u64 cookie;            /* 0: not known */
  u64 used_at;           /* the last time; a clock costs too much to note it of each socket */
  struct Actor previous; /* who sent the same flow before through another socket or program */
  u64 previous_until;    /* until then; 0: nobody */
  u32 flags;             /* enum FlowFlags */
  u32 padding;
};

/* A flow and its name: whole while `written` and `writing` are the same. */
struct FlowSlot {
  u64 written;
  struct FlowName name;
  struct WitnessedFlow flow;
  u64 writing; /* counts, from the start of each writing */
};

/* Where flows of one hash are remembered: the oldest gives way to a new one. What the daemon looks
 * through first is one line of the processor's cache. */
struct FlowSet {
  u32 tags[kFlowWays]; /* of PlaceOf(); 0: nobody's */
  struct FlowSlot slots[kFlowWays];
};

enum ProcessEventKind {
  kEventFork = 1,
  kEventExec = 2,
  kEventExit = 3,
};

/* In the ring; an exec's is followed by `path_bytes` of the path (no NUL) and `argument_bytes` of
 * arguments (each ends with NUL, the last one may be cut). */
struct ProcessRecord {
  u32 kind; /* enum ProcessEventKind */
  s32 exit_status;
  u64 time;
  struct Actor actor;
  u32 parent_pid;
  u16 path_bytes;
  u16 argument_bytes;
  u64 parent_start_time;
  u8 path_is_cut;
  u8 arguments_are_cut;
  u8 by_descriptor; /* executed through one that was open, as fexecve(3) does */
  u8 padding[5];
};

/* Counted by the kernel's half: what could not be kept, and how full its tables are. */
enum Counter {
  kEventsLost = 0,       /* the ring was full */
  kSocketsLost = 1,      /* two were written at once */
  kSlotsTaken = 2,       /* slots that were nobody's before */
  kSocketsDisplaced = 3, /* forgotten for a newer one */
  kFlowSlotsTaken = 4,
  kFlowsDisplaced = 5,
  kCounters = 8,
};

#ifdef __cplusplus
}  // namespace procwall::witness
#endif
