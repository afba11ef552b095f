// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/firewall_xtables.h"

#include <fcntl.h>
#include <unistd.h>

#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/file.h"
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

// Asking iptables-legacy about a table makes the kernel set it up, hooks and all: better not ask
// when it has none.
bool MayHaveMangleTable(FirewallKind kind, const char* family) {
  if (kind == FirewallKind::kIptablesNft) return true;
  const std::string names =
      fmt::format("/proc/self/net/{}_names",
                  family == std::string_view("iptables") ? "ip_tables" : "ip6_tables");
  const Result<std::string> tables = ReadFileAt(AT_FDCWD, names.c_str(), 4096);
  // Unreadable (in a user namespace) tells nothing.
  if (!tables) return tables.error().code != Errc::kNotFound;
  return tables->find("mangle") != std::string::npos;
}

constexpr int kMaxLeftovers = 8;  // jumps that killed predecessors may have left

void RemoveChain(const std::string& iptables, const std::string& hook) {
  const std::string chain = "PROCWALL-" + hook;
  const auto run = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {iptables, "-w", "5", "-t", "mangle"});
    return RunFirewallProgram(arguments, "").has_value();
  };
  if (!run({"-S", chain})) return;  // there is none
  for (int i = 0; i < kMaxLeftovers && run({"-D", hook, "-j", chain}); ++i) {
  }
  run({"-F", chain});
  run({"-X", chain});
}

class XtablesChains final : public FirewallTable {
 public:
  explicit XtablesChains(FirewallKind kind) : kind_(kind) {}
  ~XtablesChains() override { RemoveXtablesChains(kind_); }
  FirewallKind Kind() const override { return kind_; }

 private:
  FirewallKind kind_;
};

// Flows that were let through already go on.
std::string PassMarked(const char* hook, FlowMark mark) {
  if (mark == 0) return "";
  return fmt::format("-A PROCWALL-{0} -m connmark --mark {1:#x}/{1:#x} -j RETURN\n", hook, mark);
}

// What comes to the end of its way out was let through, by us too: its flow goes on. Here it costs
// no message of ours, and no packet of the flow can come in between.
std::string MarkPassed(FlowMark mark) {
  if (mark == 0) return "";
  return fmt::format(
      ":PROCWALL-POSTROUTING - [0:0]\n"
      "-A PROCWALL-POSTROUTING ! -p tcp -m conntrack --ctstate NEW "
      "-j CONNMARK --set-xmark {0:#x}/{0:#x}\n"
      "-A POSTROUTING -j PROCWALL-POSTROUTING\n",
      mark);
}

}  // namespace

std::string XtablesScript(const FirewallRules& rules) {
  const std::string queue = fmt::format("-j NFQUEUE --queue-num {}{}", rules.queue_number,
                                        rules.bypass ? " --queue-bypass" : "");
  // DNS answers only to what this host asked: nobody else may teach us names.
  // Our jump is the last of OUTPUT: an accepted packet skips the rest of this table, and other
  // people's marks must have been set by then.
  std::string script = fmt::format(
      "*mangle\n"
      ":PROCWALL-OUTPUT - [0:0]\n"
      ":PROCWALL-INPUT - [0:0]\n"
      "-A PROCWALL-OUTPUT -p tcp --tcp-flags FIN,SYN,RST,ACK SYN {0}\n"
      "{1}"
      "-A PROCWALL-OUTPUT ! -p tcp -m conntrack --ctstate NEW,RELATED,INVALID {0}\n"
      "-A PROCWALL-INPUT -p udp --sport 53 -m conntrack --ctstate ESTABLISHED {0}\n"
      "-A OUTPUT -j PROCWALL-OUTPUT\n"
      "-A INPUT -j PROCWALL-INPUT\n",
      queue, PassMarked("OUTPUT", rules.flow_mark));
  if (rules.forwarded) {
    script += fmt::format(
        ":PROCWALL-FORWARD - [0:0]\n"
        "-A PROCWALL-FORWARD -p tcp --tcp-flags FIN,SYN,RST,ACK SYN {0}\n"
        "{1}"
        "-A PROCWALL-FORWARD ! -p tcp -m conntrack --ctstate NEW,RELATED,INVALID {0}\n"
        "-A FORWARD -j PROCWALL-FORWARD\n",
        queue, PassMarked("FORWARD", rules.flow_mark));
  }
  return script + MarkPassed(rules.flow_mark) + "COMMIT\n";
}

void RemoveXtablesChains(FirewallKind kind) {
  for (const char* family : Families()) {
    if (!MayHaveMangleTable(kind, family)) continue;
    for (const char* hook : {"OUTPUT", "INPUT", "FORWARD", "POSTROUTING"}) {
      RemoveChain(ProgramName(kind, family, ""), hook);
    }
  }
}

tl::expected<std::unique_ptr<FirewallTable>, std::string> InstallXtablesChains(
    FirewallKind kind, const FirewallRules& rules) {
  auto chains =
      std::make_unique<XtablesChains>(kind);  // removes what was installed if a family fails
  for (const char* family : Families()) {
    auto installed = RunFirewallProgram(
        {ProgramName(kind, family, "-restore"), "-w", "5", "--noflush"}, XtablesScript(rules));
    if (!installed) return tl::unexpected(installed.error());
  }
  return chains;
}

}  // namespace procwall
