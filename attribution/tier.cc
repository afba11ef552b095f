// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/tier.h"

#include <array>

namespace procwall {
namespace {

using Loss = TierNeed::Loss;

constexpr std::string_view kRunAsRoot = "run procwalld as root";
constexpr std::string_view kKernelForWitness =
    "procwalld as root and without -witness=off, on a kernel from 5.15 on with BTF "
    "(CONFIG_DEBUG_INFO_BTF), BPF for cgroups (CONFIG_CGROUP_BPF) and cgroup v2 mounted";
constexpr std::string_view kKernelForEvents =
    "a kernel with BTF (CONFIG_DEBUG_INFO_BTF) and tracing (CONFIG_FTRACE, CONFIG_BPF_EVENTS), for "
    "what is executed from 5.17 on; procwalld as root";

constexpr std::array kNeeds = {
    TierNeed{"CAP_NET_ADMIN", "", Loss::kUnguarded, "all: nothing can be guarded without it",
             kRunAsRoot},
    TierNeed{"packet queue", "", Loss::kUnguarded, "all: no packet can be held until it is decided",
             "the kernel module nfnetlink_queue (CONFIG_NETFILTER_NETLINK_QUEUE)"},
    TierNeed{"connection tracking", "", Loss::kUnguarded,
             "all: it cannot be told which packet begins a connection",
             "the kernel module nf_conntrack (CONFIG_NF_CONNTRACK)"},
    TierNeed{"CAP_SYS_PTRACE", "", Loss::kUncertain,
             "programs of other users than the daemon's, unless the kernel saw them", kRunAsRoot},
    TierNeed{"CAP_BPF", "witness tcp-connect", Loss::kUncertain,
             "short-lived programs, sockets that are handed on or shared", kRunAsRoot},
    TierNeed{"initial user namespace", "", Loss::kUncertain,
             "packets whose socket is shared: their users cannot be compared with those of sockets",
             "run procwalld outside of containers and user namespaces"},
    TierNeed{"BTF", "witness exec", Loss::kUncertain,
             "short-lived programs, sockets that are handed on or shared",
             "a kernel with CONFIG_DEBUG_INFO_BTF"},
    TierNeed{"cgroup v2", "witness connect4", Loss::kUncertain,
             "short-lived programs, sockets that are handed on or shared",
             "mount cgroup2 somewhere, as systemd does at /sys/fs/cgroup"},
    TierNeed{"inet_diag tcp", "", Loss::kUncertain,
             "TCP connections whose program the kernel's witness did not see",
             "the kernel module tcp_diag (CONFIG_INET_DIAG)"},
    TierNeed{"inet_diag udp", "witness packets", Loss::kUncertain, "every UDP datagram",
             "the kernel module udp_diag (CONFIG_INET_UDP_DIAG)"},
    TierNeed{"inet_diag udplite", "witness packets", Loss::kUncertain, "UDP-Lite datagrams",
             "the kernel module udp_diag (CONFIG_INET_UDP_DIAG)"},
    TierNeed{"inet_diag raw", "witness packets", Loss::kUncertain,
             "programs that build their packets themselves (raw sockets, as some ping do)",
             "the kernel module raw_diag (CONFIG_INET_RAW_DIAG)"},
    TierNeed{"SOCK_DESTROY", "", Loss::kWeaker,
             "reject acts as deny: the program waits instead of failing at once",
             "a kernel with CONFIG_INET_DIAG_DESTROY"},
    TierNeed{"proc connector", "perf events", Loss::kWeaker,
             "the user of a process that changes it is known later",
             "a kernel with CONFIG_PROC_EVENTS; procwalld in the initial network, pid and user "
             "namespaces"},
    TierNeed{"perf events", "witness exec", Loss::kUncertain,
             "programs that execute another one right after they sent",
             "a kernel with CONFIG_PERF_EVENTS; procwalld as root"},
    TierNeed{
        "tracepoints", "witness tcp-connect", Loss::kUncertain,
        "sockets that are handed on or shared, programs that close theirs at once",
        "tracefs at /sys/kernel/tracing, a kernel from 5.1 on with CONFIG_EVENT_TRACING (datagrams "
        "of connected sockets: from 6.3 on); procwalld as root"},
    TierNeed{"packet_diag", "", Loss::kWeaker,
             "who goes below the firewall with AF_PACKET sockets is not listed here",
             "the kernel module packet_diag (CONFIG_PACKET_DIAG)"},
    TierNeed{"witness", "", Loss::kUncertain,
             "short-lived programs, sockets that are handed on or shared, ping and raw sockets",
             kKernelForWitness},
    TierNeed{"witness exec", "", Loss::kUncertain,
             "programs that end before they are looked at: the socket is known, its program not",
             kKernelForEvents},
    TierNeed{"witness fork", "", Loss::kUncertain,
             "children that use a socket of their parent and end at once", kKernelForEvents},
    TierNeed{"witness exit", "", Loss::kWeaker,
             "ended programs are forgotten later than they could be", kKernelForEvents},
    TierNeed{"witness socket-create", "", Loss::kUncertain,
             "sockets that were made by one program and used by another: who made them",
             kKernelForWitness},
    TierNeed{"witness connect4", "", Loss::kUncertain,
             "IPv4 programs that connect and close or end at once", kKernelForWitness},
    TierNeed{"witness connect6", "", Loss::kUncertain,
             "IPv6 programs that connect and close or end at once", kKernelForWitness},
    TierNeed{"witness tcp-connect", "", Loss::kUncertain,
             "TCP programs that connect and end at once; sockets that are handed on",
             kKernelForWitness},
    TierNeed{"witness send4", "", Loss::kUncertain,
             "IPv4 programs that send one datagram and close or end at once", kKernelForWitness},
    TierNeed{"witness send6", "", Loss::kUncertain,
             "IPv6 programs that send one datagram and close or end at once", kKernelForWitness},
    TierNeed{"witness packets", "", Loss::kUncertain,
             "connected datagrams on shared sockets, UDP ports that several programs share, ping, "
             "raw sockets, and what the kernel sends itself",
             "a kernel from 6.4 on with CONFIG_NETFILTER_BPF_LINK"},
    TierNeed{"witness scan", "", Loss::kUncertain,
             "datagrams on sockets that are older than the daemon",
             "a kernel with CONFIG_BPF_SYSCALL and BTF from 5.12 on; or restart those programs"},
};

}  // namespace

const char* TierStateName(Tier::State state) {
  switch (state) {
    case Tier::State::kRuns:
      return "runs";
    case Tier::State::kMissing:
      return "missing";
    case Tier::State::kUnknown:
      return "unknown";
  }
  return "unknown";
}

std::span<const TierNeed> TierNeeds() { return kNeeds; }

const TierNeed* FindTierNeed(std::string_view tier) {
  for (const TierNeed& need : kNeeds) {
    if (need.tier == tier) return &need;
  }
  return nullptr;
}

}  // namespace procwall
