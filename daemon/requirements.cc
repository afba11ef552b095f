// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/requirements.h"

#include <fcntl.h>
#include <unistd.h>

#include <linux/capability.h>

#include <charconv>
#include <cstdint>
#include <string_view>

#include <fmt/format.h>

#include "attribution/socket_diag.h"
#include "base/file.h"

namespace procwall {
namespace {

// The effective capability set, from the CapEff line of /proc/self/status. 0 when it cannot be
// read.
std::uint64_t EffectiveCapabilities() {
  const Result<std::string> status = ReadFileAt(AT_FDCWD, "/proc/self/status", 65536);
  if (!status) return 0;
  constexpr std::string_view kKey = "CapEff:\t";
  const std::size_t at = status->find(kKey);
  if (at == std::string::npos) return 0;
  std::uint64_t set = 0;
  const char* const first = status->data() + at + kKey.size();
  std::from_chars(first, status->data() + status->size(), set, 16);
  return set;
}

bool Has(std::uint64_t set, int capability) { return ((set >> capability) & 1U) != 0; }

}  // namespace

std::vector<Requirement> CheckRequirements() {
  const std::uint64_t capabilities = EffectiveCapabilities();
  const bool queue = ::access("/proc/self/net/netfilter/nfnetlink_queue", F_OK) == 0;
  return {
      {"CAP_NET_ADMIN", Has(capabilities, CAP_NET_ADMIN), true,
       "needed to own a packet queue and the firewall rules that feed it: run procwalld as root "
       "(or, to try it, in a "
       "namespace of its own: scripts/run)"},
      {"NFQUEUE", queue, false,
       "the kernel module nfnetlink_queue is not loaded; it is loaded on demand where the kernel "
       "has it "
       "(CONFIG_NETFILTER_NETLINK_QUEUE)"},
      {"inet_diag", SocketDiag::Open().has_value(), true,
       "needed to find the socket of a packet (CONFIG_INET_DIAG, CONFIG_INET_UDP_DIAG)"},
      {"CAP_SYS_PTRACE", Has(capabilities, CAP_SYS_PTRACE), false,
       "without it only the programs of this user can be named; the others are \"unknown\""},
  };
}

RequirementsReport Describe(const std::vector<Requirement>& requirements) {
  RequirementsReport report;
  for (const Requirement& requirement : requirements) {
    const char* const state = requirement.met         ? "ok"
                              : requirement.essential ? "MISSING"
                                                      : "missing";
    report.text += fmt::format("{:<8} {}", state, requirement.name);
    if (!requirement.met) report.text += fmt::format(": {}", requirement.advice);
    report.text += '\n';
    report.essential_missing =
        report.essential_missing || (requirement.essential && !requirement.met);
  }
  return report;
}

}  // namespace procwall
