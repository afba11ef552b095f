// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
// Tested by tests/lab/kernel_witness_test.cc.
#include "attribution/netfilter_link.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <linux/bpf.h>
#include <linux/netfilter.h>

#include <cerrno>

namespace procwall {
namespace {

// Before the queue's rule in the mangle table (-150) and behind conntrack (-200). Only one program
// may have a priority: several daemons take several.
constexpr int kFirstPriority = -199;
constexpr int kLastPriority = -151;

// <linux/bpf.h> of kernel 6.4: the part of bpf_attr that makes a netfilter link.
struct NetfilterLink {
  std::uint32_t program = 0;
  std::uint32_t target = 0;
  std::uint32_t attach_type = kNetfilterAttachType;
  std::uint32_t flags = 0;
  std::uint32_t family = 0;
  std::uint32_t hook = NF_INET_LOCAL_OUT;
  std::int32_t priority = 0;
  std::uint32_t netfilter_flags = 0;
};

}  // namespace

Result<UniqueFd> AttachNetfilterProgram(int program, std::uint32_t family) {
  NetfilterLink link;
  link.program = static_cast<std::uint32_t>(program);
  link.family = family;
  for (link.priority = kFirstPriority; link.priority <= kLastPriority; ++link.priority) {
    const long fd = ::syscall(SYS_bpf, BPF_LINK_CREATE, &link, sizeof(link));
    if (fd >= 0) return UniqueFd(static_cast<int>(fd));
    if (errno != EBUSY) break;
  }
  return SystemError(errno, "attach a program to packets");
}

}  // namespace procwall
