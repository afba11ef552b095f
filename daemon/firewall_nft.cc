// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/firewall_nft.h"

#include <utility>

#include <fmt/format.h>

#include "base/child_program.h"
#include "daemon/firewall_command.h"

namespace procwall {
namespace {

class NftTable final : public FirewallTable {
 public:
  ~NftTable() override { RemoveNftTable(); }
  FirewallKind Kind() const override { return FirewallKind::kNft; }
};

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
      "    meta l4proto != tcp ct state new ct mark set ct mark | {:#x}\n"
      "  }}\n",
      mark);
}

}  // namespace

std::string NftScript(const FirewallRules& rules) {
  const std::string queue =
      fmt::format("queue num {}{}", rules.queue_number, rules.bypass ? " bypass" : "");
  // "add" before "delete": deleting a table that is not there would fail the transaction.
  // DNS answers only to what this host asked: nobody else may teach us names.
  // Untracked packets (IPv6 neighbour discovery) are left alone: the host is deaf without them.
  std::string script = fmt::format(
      "add table inet procwall\n"
      "delete table inet procwall\n"
      "table inet procwall {{\n"
      "  chain output {{\n"
      "    type route hook output priority mangle; policy accept;\n"
      "    tcp flags & (fin | syn | rst | ack) == syn {0}\n"
      "{1}"
      "    meta l4proto != tcp ct state new,related,invalid {0}\n"
      "  }}\n"
      "  chain input {{\n"
      "    type filter hook input priority mangle; policy accept;\n"
      "    udp sport 53 ct state established {0}\n"
      "  }}\n",
      queue, PassMarked(rules.flow_mark));
  if (rules.forwarded) {
    script += fmt::format(
        "  chain forward {{\n"
        "    type filter hook forward priority mangle; policy accept;\n"
        "    tcp flags & (fin | syn | rst | ack) == syn {0}\n"
        "{1}"
        "    meta l4proto != tcp ct state new,related,invalid {0}\n"
        "  }}\n",
        queue, PassMarked(rules.flow_mark));
  }
  return script + MarkPassed(rules.flow_mark) + "}\n";
}

void RemoveNftTable() {
  // Fails where there is none, or no nft: nothing to remove either way.
  (void)RunFirewallProgram({"nft", "delete", "table", "inet", "procwall"}, "");
}

tl::expected<std::unique_ptr<FirewallTable>, std::string> InstallNftTable(
    const FirewallRules& rules) {
  auto installed = RunFirewallProgram({"nft", "-f", "-"}, NftScript(rules));
  if (!installed) return tl::unexpected(installed.error());
  return std::make_unique<NftTable>();
}

}  // namespace procwall
