// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/firewall_xtables.h"

#include <fcntl.h>
#include <unistd.h>

#include <linux/netlink.h>

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/file.h"
#include "daemon/firewall_command.h"
#include "daemon/firewall_demand.h"
#include "daemon/firewall_view.h"
#include "daemon/system_firewall_words.h"
#include "net/netlink.h"
#include "net/nft_rules.h"
#include "net/xtables_table.h"

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
bool MayHaveTable(FirewallKind kind, std::string_view family, const char* table) {
  if (kind == FirewallKind::kIptablesNft) return true;
  const std::string names =
      fmt::format("/proc/self/net/{}_names", family == "iptables" ? "ip_tables" : "ip6_tables");
  const Result<std::string> tables = ReadFileAt(AT_FDCWD, names.c_str(), 4096);
  // Unreadable (in a user namespace) tells nothing.
  if (!tables) return tables.error().code != Errc::kNotFound;
  return tables->find(table) != std::string::npos;
}

constexpr int kMaxLeftovers = 8;  // jumps that killed predecessors may have left

void RemoveChain(const std::string& iptables, const std::string& table, const std::string& hook,
                 const std::string& chain) {
  const auto run = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {iptables, "-w", "5", "-t", table});
    return RunFirewallProgram(arguments, "").has_value();
  };
  if (!run({"-S", chain})) return;  // there is none
  for (int i = 0; i < kMaxLeftovers && run({"-D", hook, "-j", chain}); ++i) {
  }
  run({"-F", chain});
  run({"-X", chain});
}

// Flows that were let through already go on.
std::string PassMarked(const char* hook, FlowMark mark) {
  if (mark == 0) return "";
  return fmt::format("-A PROCWALL-{0} -m connmark --mark {1:#x}/{1:#x} -j RETURN\n", hook, mark);
}

// What comes to the end of its way out was let through, by us too: its flow goes on. Here it costs
// no message of ours, and no packet of the flow can come in between.
std::string MarkWhatPassed(FlowMark mark) {
  if (mark == 0) return "";
  return fmt::format(
      "-A PROCWALL-POSTROUTING -p udp --dport 53 -j RETURN\n"
      "-A PROCWALL-POSTROUTING ! -p tcp -m conntrack --ctstate NEW "
      "-j CONNMARK --set-xmark {0:#x}/{0:#x}\n",
      mark);
}

std::string QueueTarget(const FirewallRules& rules) {
  const std::string numbers = rules.queues > 1
                                  ? fmt::format("--queue-balance {}:{}", rules.queue_number,
                                                rules.queue_number + rules.queues - 1)
                                  : fmt::format("--queue-num {}", rules.queue_number);
  return fmt::format("-j NFQUEUE {}{}", numbers, rules.bypass ? " --queue-bypass" : "");
}

// What a TCP client says first, of those flows that a verdict of ours has marked for it; another
// verdict takes the mark away.
std::string QueueFirstData(const FirewallRules& rules, const char* hook) {
  if (!rules.looks_into_tls || rules.flow_mark == 0) return "";
  return fmt::format(
      "-A PROCWALL-{0} -p tcp -m connmark --mark {1:#x}/{1:#x} -m conntrack --ctstate ESTABLISHED "
      "--ctdir ORIGINAL -m tcp --tcp-flags FIN,SYN,RST,PSH PSH {2}\n",
      hook, rules.flow_mark, QueueTarget(rules));
}

// What begins a flow, of any protocol. Of `states`, those that a flow without an answer can be in.
std::string QueueNewFlows(const FirewallRules& rules, const char* hook, const char* states) {
  return fmt::format(
      "-A PROCWALL-{0} -p tcp --tcp-flags FIN,SYN,RST,ACK SYN {1}\n"
      "{2}"
      "-A PROCWALL-{0} ! -p tcp -m conntrack --ctstate {3} {1}\n",
      hook, QueueTarget(rules), PassMarked(hook, rules.flow_mark), states);
}

constexpr const char* kOwnCtStates = "NEW,RELATED,INVALID";

constexpr const char* kHooks[] = {"OUTPUT", "INPUT", "FORWARD", "POSTROUTING"};

// Those of them that these rules need a chain at.
std::vector<const char*> Hooks(const FirewallRules& rules) {
  std::vector<const char*> hooks = {"OUTPUT", "INPUT"};
  if (rules.forwarded) hooks.push_back("FORWARD");
  if (rules.flow_mark != 0) hooks.push_back("POSTROUTING");
  return hooks;
}

constexpr const char* kOurPrefix = "PROCWALL-";
constexpr std::string_view kSystemPrefix = "PROCWALL-SYS-";
constexpr const char* kTables[] = {"mangle", "filter"};  // that we may have chains in

// Our chains in one table of a family, as the kernel has them.
class KernelChains {
 public:
  explicit KernelChains(FirewallKind kind) : kind_(kind) {
    if (kind != FirewallKind::kIptablesNft) return;
    if (auto socket = NetlinkSocket::Open(NETLINK_NETFILTER)) socket_.emplace(*std::move(socket));
  }
  Result<FirewallView> Look(std::string_view family, const char* table) {
    const bool is_v4 = family == "iptables";
    if (kind_ == FirewallKind::kIptablesLegacy) {
      if (!MayHaveTable(kind_, family, table)) return FirewallView{};
      const IpFamily ip_family = is_v4 ? IpFamily::kV4 : IpFamily::kV6;
      return ViewOf(PROCWALL_TRY(ReadXtables(ip_family, table)), kOurPrefix);
    }
    if (!socket_) return Error{Errc::kUnsupported, 0, "read nftables rules"};
    const NftFamily nft_family = is_v4 ? NftFamily::kIpv4 : NftFamily::kIpv6;
    return ViewOf(PROCWALL_TRY(ReadNftRules(*socket_, nft_family, table)), kOurPrefix);
  }

 private:
  const FirewallKind kind_;
  std::optional<NetlinkSocket> socket_;
};

// All of a table's that we have to know to change it.
std::set<std::string> NamesOf(const FirewallView& view) {
  std::set<std::string> names = view.led_to;
  for (const auto& [name, rules] : view.chains) names.insert(name);
  return names;
}

// What was asked for in one table, and what stood then.
struct TableState {
  FirewallDemand demand;
  std::optional<FirewallView> installed;  // none: it could not be looked at
};
// Where the chains of one family stand, and what of the rules was refused.
struct FamilyState {
  XtablesStanding standing;
  std::map<std::string, TableState> tables;
  std::vector<RuleError> refused;
};

class XtablesChains final : public FirewallTable {
 public:
  XtablesChains(FirewallKind kind, const FirewallRules& rules)
      : kind_(kind), rules_(rules), chains_(kind) {
    if (kind != FirewallKind::kIptablesNft) return;
    if (auto news = OpenNetlinkNews(NETLINK_NETFILTER, kNftNews)) news_ = *std::move(news);
  }
  ~XtablesChains() override {
    if (!Stays()) RemoveXtablesChains(kind_);
  }
  FirewallKind Kind() const override { return kind_; }
  int UnsafeNewsFd() const override { return news_.UnsafeFd(); }
  bool CanLook() {
    return std::ranges::all_of(
        Families(), [&](const char* family) { return chains_.Look(family, "mangle").has_value(); });
  }
  tl::expected<void, std::string> PutBack() override { return Replace(FirewallRules(rules_)); }

  // All of a family or nothing; if the second family fails, the first gets its old rules again.
  tl::expected<void, std::string> Replace(const FirewallRules& rules) override {
    std::vector<const char*> done;
    for (const char* family : Families()) {
      if (const auto put = Put(family, rules); !put) {
        for (const char* other : done) (void)Put(other, rules_);
        return put;
      }
      done.push_back(family);
    }
    rules_ = rules;
    return {};
  }

  tl::expected<std::string, std::string> Missing() override {
    std::string missing;
    for (auto& [family, state] : families_) {
      for (auto& [table, of] : state.tables) {
        const auto now = chains_.Look(family, table.c_str());
        if (!now) return tl::unexpected(now.error().ToString());
        if (!of.installed) of.installed = Installed(*now, of.demand);
        const std::string of_table = MissingIn(*now, *of.installed);
        if (of_table.empty()) continue;
        missing +=
            (missing.empty() ? "" : "; ") + fmt::format("{} {}: {}", family, table, of_table);
      }
    }
    return missing;
  }

  // A rule that is for one family alone, and refused there.
  std::vector<RuleError> Refused() const override {
    std::vector<RuleError> refused;
    for (const auto& [family, state] : families_) {
      for (const RuleError& error : state.refused) {
        const bool is_told = std::ranges::any_of(
            refused, [&](const RuleError& other) { return other.line == error.line; });
        if (!is_told) refused.push_back(error);
      }
    }
    return refused;
  }

 private:
  static constexpr std::size_t kMostRefused = 64;  // then all system rules are

  // System rules that iptables complains about are left out, one after the other.
  tl::expected<void, std::string> Put(const std::string& family, const FirewallRules& rules) {
    const IpFamily ip_family = family == "iptables" ? IpFamily::kV4 : IpFamily::kV6;
    FamilyState& state = families_[family];
    std::set<int> without;
    std::vector<RuleError> refused;
    XtablesSystem system;
    for (;;) {
      if (rules.system) {
        system = SystemForXtables(*rules.system, ip_family, QueueTarget(rules), without);
      }
      const std::string script = XtablesScript(rules, system, LookAtAll(family, state));
      std::string output;
      const auto restored = RunFirewallProgram(
          {ProgramName(kind_, family.c_str(), "-restore"), "-w", "5", "--noflush"}, script,
          &output);
      if (restored) break;
      const int line = LineOfSystemComment(ScriptLine(script, FailedScriptLine(output)));
      const bool is_new = line != 0 && without.insert(line).second;
      if (!is_new || without.size() > kMostRefused) return restored;
      refused.push_back({"", line, 0, restored.error()});
    }
    refused.insert(refused.end(), system.refused.begin(), system.refused.end());
    state.refused = std::move(refused);
    Remember(family, rules, system, state);
    return {};
  }

  XtablesStanding LookAtAll(const std::string& family, const FamilyState& state) {
    XtablesStanding standing = state.standing;  // chains without rules cannot always be seen
    standing.led_to.clear();
    for (const char* table : kTables) {
      const auto now = chains_.Look(family, table);
      if (!now) continue;
      for (const std::string& chain : NamesOf(*now)) {
        if (chain.starts_with(kSystemPrefix)) standing.system_chains.insert({table, chain});
      }
      for (const std::string& chain : now->led_to) standing.led_to.insert({table, chain});
    }
    return standing;
  }

  void Remember(const std::string& family, const FirewallRules& rules, const XtablesSystem& system,
                FamilyState& state) {
    for (const XtablesSystemChain& chain : system.chains) {
      state.standing.system_chains.insert({chain.table, chain.Name()});
    }
    state.tables.clear();
    // All of it, whatever stood when the script was written.
    for (auto& [table, demand] : DemandsOfXtables(XtablesScript(rules, system), kOurPrefix)) {
      TableState& of = state.tables[table];
      of.demand = demand;
      if (const auto now = chains_.Look(family, table.c_str())) {
        of.installed = Installed(*now, demand);
      }
    }
  }

  const FirewallKind kind_;
  FirewallRules rules_;
  KernelChains chains_;
  UniqueFd news_;
  std::map<std::string, FamilyState> families_;
};

// What feeds our queues.
std::string QueueRules(const FirewallRules& rules) {
  // DNS answers only to what this host asked: nobody else may teach us names. Every query over UDP,
  // so that each is judged by its name and we know whose its answer is; their flows get no mark.
  std::string script;
  if (!rules.loopback) script += "-A PROCWALL-OUTPUT -o lo -j RETURN\n";
  script += QueueFirstData(rules, "OUTPUT") + QueueNewFlows(rules, "OUTPUT", kOwnCtStates);
  script += fmt::format(
      "-A PROCWALL-OUTPUT -p udp --dport 53 {0}\n"
      "-A PROCWALL-INPUT -p udp --sport 53 -m conntrack --ctstate ESTABLISHED {0}\n"
      "-A PROCWALL-INPUT -p tcp --sport 53 -m conntrack --ctstate ESTABLISHED {0}\n",
      QueueTarget(rules));
  if (rules.incoming) {
    // What comes from this host itself was judged on its way out. Errors about our own flows
    // (RELATED) are no flows.
    script += "-A PROCWALL-INPUT -i lo -j RETURN\n" + QueueNewFlows(rules, "INPUT", "NEW,INVALID");
  }
  if (rules.forwarded) {
    script += QueueFirstData(rules, "FORWARD") + QueueNewFlows(rules, "FORWARD", kOwnCtStates);
  }
  return script;
}

// A table's system chains: emptied if they stand, filled, and met before all other rules.
std::string SystemPart(const char* table, const XtablesSystem& system,
                       const XtablesStanding& standing) {
  std::set<std::string> names;
  for (const auto& [of_table, chain] : standing.system_chains) {
    if (of_table == table) names.insert(chain);
  }
  std::string rules;
  for (const XtablesSystemChain& chain : system.chains) {
    if (chain.table != table) continue;
    names.insert(chain.Name());
    for (const std::string& rule : chain.rules) {
      rules += fmt::format("-A {} {}\n", chain.Name(), rule);
    }
    if (!standing.led_to.contains({table, chain.Name()})) {
      rules += fmt::format("-I {} 1 -j {}\n", chain.hook, chain.Name());
    }
  }
  std::string script;
  for (const std::string& name : names) script += fmt::format(":{} - [0:0]\n", name);
  return script + rules;
}

// Chains that stand at hooks where none is needed any more, a predecessor's, go with the rest.
std::string WithoutOthers(const std::vector<const char*>& needed, const XtablesStanding& standing) {
  std::string script;
  for (const char* hook : kHooks) {
    if (std::find(needed.begin(), needed.end(), std::string_view(hook)) != needed.end()) continue;
    if (!standing.led_to.contains({"mangle", fmt::format("PROCWALL-{}", hook)})) continue;
    script += fmt::format("-D {0} -j PROCWALL-{0}\n-F PROCWALL-{0}\n-X PROCWALL-{0}\n", hook);
  }
  return script;
}

}  // namespace

std::string XtablesScript(const FirewallRules& rules, const XtablesSystem& system,
                          const XtablesStanding& standing) {
  std::string script = "*mangle\n";
  for (const char* hook : Hooks(rules)) script += fmt::format(":PROCWALL-{} - [0:0]\n", hook);
  script += SystemPart("mangle", system, standing) + QueueRules(rules);
  // Our jumps are the last: an accepted packet skips the rest of this table, and other people's
  // marks must have been set by then.
  for (const char* hook : Hooks(rules)) {
    if (hook == std::string_view("POSTROUTING")) script += MarkWhatPassed(rules.flow_mark);
    if (standing.led_to.contains({"mangle", fmt::format("PROCWALL-{}", hook)})) continue;
    script += fmt::format("-A {0} -j PROCWALL-{0}\n", hook);
  }
  script += WithoutOthers(Hooks(rules), standing) + "COMMIT\n";
  const std::string filter = SystemPart("filter", system, standing);
  return filter.empty() ? script : script + "*filter\n" + filter + "COMMIT\n";
}

void RemoveXtablesChains(FirewallKind kind) {
  KernelChains kernel(kind);
  for (const char* family : Families()) {
    const std::string iptables = ProgramName(kind, family, "");
    for (const char* table : kTables) {
      if (!MayHaveTable(kind, family, table)) continue;
      // Most have no system rules: the kernel tells for less than a program costs.
      const auto standing = kernel.Look(family, table);
      if (!standing) continue;
      for (const std::string& chain : NamesOf(*standing)) {
        if (!chain.starts_with(kSystemPrefix)) continue;
        RemoveChain(iptables, table, chain.substr(kSystemPrefix.size()), chain);
      }
    }
    if (!MayHaveTable(kind, family, "mangle")) continue;
    for (const char* hook : kHooks) {
      RemoveChain(iptables, "mangle", hook, fmt::format("PROCWALL-{}", hook));
    }
  }
}

tl::expected<std::unique_ptr<FirewallTable>, std::string> InstallXtablesChains(
    FirewallKind kind, const FirewallRules& rules) {
  // Its end removes what was installed if a family fails.
  auto chains = std::make_unique<XtablesChains>(kind, rules);
  // Where it cannot be seen what stands, a second jump to our chains would be added.
  if (!chains->CanLook()) RemoveXtablesChains(kind);
  if (auto installed = chains->Replace(rules); !installed) {
    if (!rules.bypass) chains->Stay();  // a predecessor's, that keep the host closed
    return tl::unexpected(installed.error());
  }
  return chains;
}

}  // namespace procwall
