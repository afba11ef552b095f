// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/requirements.h"

#include <unistd.h>

#include <linux/capability.h>

#include <fmt/format.h>

#include "attribution/socket_diag.h"
#include "base/capabilities.h"

namespace procwall {

std::vector<Requirement> CheckRequirements() {
  const Capabilities capabilities = OwnCapabilities();
  const bool queue = ::access("/proc/self/net/netfilter/nfnetlink_queue", F_OK) == 0;
  return {
      {"CAP_NET_ADMIN", capabilities.Has(CAP_NET_ADMIN), true,
       "needed to own a packet queue and the firewall rules that feed it: run procwalld as root "
       "(or, to try it, in a "
       "namespace of its own: scripts/run)"},
      {"NFQUEUE", queue, false,
       "the kernel module nfnetlink_queue is not loaded; it is loaded on demand where the kernel "
       "has it "
       "(CONFIG_NETFILTER_NETLINK_QUEUE)"},
      {"inet_diag", SocketDiag::Open().has_value(), true,
       "needed to find the socket of a packet (CONFIG_INET_DIAG, CONFIG_INET_UDP_DIAG)"},
      {"CAP_SYS_PTRACE", capabilities.Has(CAP_SYS_PTRACE), false,
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
