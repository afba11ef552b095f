// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/firewall_xtables.h"

#include <unistd.h>

#include <utility>
#include <vector>

#include <fmt/format.h>

#include "daemon/firewall_command.h"

namespace procwall {
namespace {

// "iptables-nft", "ip6tables-legacy-restore", ...
std::string ProgramName(FirewallKind kind, const char* family, const char* suffix) {
  return fmt::format("{}-{}{}", family, kind == FirewallKind::kIptablesNft ? "nft" : "legacy",
                     suffix);
}

std::vector<const char*> Families() {
  std::vector<const char*> families = {"iptables"};
  if (::access("/proc/sys/net/ipv6", F_OK) == 0) families.push_back("ip6tables");
  return families;
}

constexpr int kMaxLeftovers = 8;  // jumps that killed predecessors may have left

void RemoveChains(FirewallKind kind, const char* family) {
  const std::string iptables = ProgramName(kind, family, "");
  for (const std::string hook : {"OUTPUT", "INPUT"}) {
    const std::string chain = "PROCWALL-" + hook;
    for (int i = 0; i < kMaxLeftovers; ++i) {
      if (!RunFirewallProgram({iptables, "-w", "5", "-t", "mangle", "-D", hook, "-j", chain}, ""))
        break;
    }
    (void)RunFirewallProgram({iptables, "-w", "5", "-t", "mangle", "-F", chain}, "");
    (void)RunFirewallProgram({iptables, "-w", "5", "-t", "mangle", "-X", chain}, "");
  }
}

class XtablesChains final : public FirewallTable {
 public:
  explicit XtablesChains(FirewallKind kind) : kind_(kind) {}
  ~XtablesChains() override {
    for (const char* family : Families()) RemoveChains(kind_, family);
  }
  FirewallKind Kind() const override { return kind_; }

 private:
  FirewallKind kind_;
};

}  // namespace

std::string XtablesScript(const FirewallRules& rules) {
  const std::string queue = fmt::format("-j NFQUEUE --queue-num {}{}", rules.queue_number,
                                        rules.bypass ? " --queue-bypass" : "");
  // Our jump is the last of OUTPUT: an accepted packet skips the rest of this table, and other
  // people's marks must have been set by then.
  return fmt::format(
      "*mangle\n"
      ":PROCWALL-OUTPUT - [0:0]\n"
      ":PROCWALL-INPUT - [0:0]\n"
      "-A PROCWALL-OUTPUT -p tcp --tcp-flags FIN,SYN,RST,ACK SYN {0}\n"
      "-A PROCWALL-OUTPUT ! -p tcp -m conntrack --ctstate NEW,RELATED,INVALID {0}\n"
      "-A PROCWALL-INPUT -p udp --sport 53 {0}\n"
      "-A OUTPUT -j PROCWALL-OUTPUT\n"
      "-A INPUT -j PROCWALL-INPUT\n"
      "COMMIT\n",
      queue);
}

tl::expected<std::unique_ptr<FirewallTable>, std::string> InstallXtablesChains(
    FirewallKind kind, const FirewallRules& rules) {
  auto chains =
      std::make_unique<XtablesChains>(kind);  // removes what was installed if a family fails
  for (const char* family : Families()) {
    RemoveChains(kind, family);
    auto installed = RunFirewallProgram(
        {ProgramName(kind, family, "-restore"), "-w", "5", "--noflush"}, XtablesScript(rules));
    if (!installed) return tl::unexpected(installed.error());
  }
  return chains;
}

}  // namespace procwall
