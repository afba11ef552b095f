// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/firewall_nft.h"

#include <linux/netlink.h>

#include <cstddef>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "daemon/firewall_command.h"
#include "daemon/firewall_demand.h"
#include "daemon/firewall_view.h"
#include "daemon/system_firewall_words.h"
#include "net/netlink.h"
#include "net/nft_rules.h"

namespace procwall {
namespace {

// Flows that were let through already go on.
std::string PassMarked(FlowMark mark) {
  if (mark == 0) return "";
  return fmt::format("    ct mark & {0:#x} == {0:#x} return\n", mark);
}

// What comes to the end of its way out was let through, by us too: its flow goes on. Here it costs
// no message of ours, and no packet of the flow can come in between.
std::string MarkPassed(FlowMark mark) {
  if (mark == 0) return "";
  return fmt::format(
      "  chain postrouting {{\n"
      "    type filter hook postrouting priority mangle; policy accept;\n"
      "    udp dport 53 return\n"
      "    meta l4proto != tcp ct state new ct mark set ct mark | {:#x}\n"
      "  }}\n",
      mark);
}

std::string QueueStatement(const FirewallRules& rules) {
  const std::string last =
      rules.queues > 1 ? fmt::format("-{}", rules.queue_number + rules.queues - 1) : "";
  return fmt::format("queue num {}{}{}", rules.queue_number, last, rules.bypass ? " bypass" : "");
}

// What a TCP client says first, of those flows that a verdict of ours has marked for it; another
// verdict takes the mark away.
std::string QueueFirstData(const FirewallRules& rules) {
  if (!rules.looks_into_tls || rules.flow_mark == 0) return "";
  return fmt::format(
      "    tcp flags & (fin | syn | rst | psh) == psh ct mark & {0:#x} == {0:#x} "
      "ct state established ct direction original {1}\n",
      rules.flow_mark, QueueStatement(rules));
}

// What begins a flow, of any protocol. Of `states`, those that a flow without an answer can be in.
std::string QueueNewFlows(const FirewallRules& rules, const char* states) {
  return fmt::format(
      "    tcp flags & (fin | syn | rst | ack) == syn {0}\n"
      "{1}"
      "    meta l4proto != tcp ct state {2} {0}\n",
      QueueStatement(rules), PassMarked(rules.flow_mark), states);
}

std::string Chain(const char* hook, const char* type, const std::string& rules) {
  return fmt::format(
      "  chain {0} {{\n"
      "    type {1} hook {0} priority mangle; policy accept;\n"
      "{2}"
      "  }}\n",
      hook, type, rules);
}

constexpr const char* kOwnStates = "new,related,invalid";

// Where chains of ours feed the queue.
std::set<std::string> OurHooks(const FirewallRules& rules) {
  std::set<std::string> hooks = {"output", "input"};
  if (rules.forwarded) hooks.insert("forward");
  return hooks;
}

// The jumps of our chain at this hook to the system rules that packets meet before.
std::string JumpsTo(const NftSystem& system, std::string_view hook) {
  std::string jumps;
  for (const NftSystemChain& chain : system.chains) {
    if (chain.head.empty() && chain.hook == hook) jumps += "    jump " + chain.name + "\n";
  }
  return jumps;
}

std::string SystemChains(const NftSystem& system) {
  std::string text;
  for (const NftSystemChain& chain : system.chains) {
    text += "  chain " + chain.name + " {\n";
    if (!chain.head.empty()) text += "    " + chain.head + "\n";
    for (const std::string& rule : chain.rules) text += "    " + rule + "\n";
    text += "  }\n";
  }
  return text;
}

// What nft is to be told, and what of it is refused.
struct Draft {
  std::string script;
  std::vector<RuleError> refused;
};

Draft Write(const FirewallRules& rules, const std::set<int>& without) {
  Draft draft;
  NftSystem system;
  if (rules.system) {
    system = SystemForNft(*rules.system, OurHooks(rules), QueueStatement(rules), without);
  }
  draft.script = NftScript(rules, system);
  draft.refused = std::move(system.refused);
  return draft;
}

class NftTable final : public FirewallTable {
 public:
  explicit NftTable(const FirewallRules& rules) : rules_(rules) {
    if (auto socket = NetlinkSocket::Open(NETLINK_NETFILTER)) socket_.emplace(*std::move(socket));
    if (auto news = OpenNetlinkNews(NETLINK_NETFILTER, kNftNews)) news_ = *std::move(news);
  }
  ~NftTable() override {
    if (!Stays()) RemoveNftTable();
  }
  FirewallKind Kind() const override { return FirewallKind::kNft; }
  int UnsafeNewsFd() const override { return news_.UnsafeFd(); }
  std::vector<RuleError> Refused() const override { return refused_; }

  tl::expected<std::string, std::string> Missing() override {
    const auto now = Look();
    if (!now) return tl::unexpected(now.error().ToString());
    if (!installed_) installed_ = Installed(*now, demand_);  // it could not be looked at before
    return MissingIn(*now, *installed_);
  }
  tl::expected<void, std::string> PutBack() override { return Replace(FirewallRules(rules_)); }

  // System rules that nft complains about are left out, one after the other.
  tl::expected<void, std::string> Replace(const FirewallRules& rules) override {
    std::set<int> without;
    std::vector<RuleError> by_nft;
    for (;;) {
      Draft draft = Write(rules, without);
      std::string output;
      const auto ran = RunFirewallProgram({"nft", "-f", "-"}, draft.script, &output);
      if (ran) {
        refused_ = std::move(draft.refused);
        refused_.insert(refused_.end(), by_nft.begin(), by_nft.end());
        demand_ = DemandOfNft(draft.script);
        break;
      }
      const int line = LineOfSystemComment(ScriptLine(draft.script, FailedScriptLine(output)));
      if (line == 0 || !without.insert(line).second || without.size() > kMostRefused) return ran;
      by_nft.push_back({"", line, 0, ran.error()});
    }
    rules_ = rules;
    installed_.reset();
    if (const auto now = Look()) installed_ = Installed(*now, demand_);
    return {};
  }

 private:
  static constexpr std::size_t kMostRefused = 64;  // then all of them are

  Result<FirewallView> Look() {
    if (!socket_) return Error{Errc::kUnsupported, 0, "read nftables rules"};
    return ViewOf(PROCWALL_TRY(ReadNftRules(*socket_, NftFamily::kInet, "procwall")), "");
  }

  FirewallRules rules_;
  std::vector<RuleError> refused_;
  std::optional<NetlinkSocket> socket_;
  UniqueFd news_;
  FirewallDemand demand_;
  std::optional<FirewallView> installed_;
};

}  // namespace

std::string NftScript(const FirewallRules& rules, const NftSystem& system) {
  // "add" before "delete": deleting a table that is not there would fail the transaction.
  // DNS answers only to what this host asked: nobody else may teach us names. Every query over UDP,
  // so that each is judged by its name and we know whose its answer is; their flows get no mark.
  // Untracked packets (IPv6 neighbour discovery) are left alone: the host is deaf without them.
  std::string output = JumpsTo(system, "output");
  if (!rules.loopback) output += "    oifname \"lo\" return\n";
  output += QueueFirstData(rules) + QueueNewFlows(rules, kOwnStates);
  output += fmt::format("    udp dport 53 {}\n", QueueStatement(rules));
  std::string input = JumpsTo(system, "input") + fmt::format(
                                                     "    udp sport 53 ct state established {0}\n"
                                                     "    tcp sport 53 ct state established {0}\n",
                                                     QueueStatement(rules));
  if (rules.incoming) {
    // What comes from this host itself was judged on its way out. Errors about our own flows
    // (related) are no flows.
    input += "    iifname \"lo\" return\n" + QueueNewFlows(rules, "new,invalid");
  }
  std::string script =
      "add table inet procwall\n"
      "delete table inet procwall\n"
      "table inet procwall {\n";
  script += SystemChains(system);  // jumps need them
  script += Chain("output", "route", output) + Chain("input", "filter", input);
  if (rules.forwarded) {
    script += Chain(
        "forward", "filter",
        JumpsTo(system, "forward") + QueueFirstData(rules) + QueueNewFlows(rules, kOwnStates));
  }
  return script + MarkPassed(rules.flow_mark) + "}\n";
}

void RemoveNftTable() {
  // Fails where there is none, or no nft: nothing to remove either way.
  (void)RunFirewallProgram({"nft", "delete", "table", "inet", "procwall"}, "");
}

tl::expected<std::unique_ptr<FirewallTable>, std::string> InstallNftTable(
    const FirewallRules& rules) {
  auto table = std::make_unique<NftTable>(rules);  // its end removes what is installed
  if (auto installed = table->Replace(rules); !installed) {
    if (!rules.bypass) table->Stay();  // a predecessor's, that keep the host closed
    return tl::unexpected(installed.error());
  }
  return table;
}

}  // namespace procwall
