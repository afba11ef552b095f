// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
// Tested by tests/lab/firewall_test.py.
#include "daemon/own_firewall.h"

#include <utility>

namespace procwall {
namespace {

FirewallRules RulesOf(const Settings& settings, std::shared_ptr<const SystemFirewall> system) {
  return {.queue_number = settings.queue_number,
          .queues = settings.queues,
          .bypass = settings.queue_bypass,
          .incoming = settings.incoming,
          .forwarded = settings.forwarded,
          .loopback = settings.loopback,
          .flow_mark = settings.flow_mark,
          .looks_into_tls = settings.LooksIntoTls(),
          .system = std::move(system)};
}

}  // namespace

tl::expected<std::unique_ptr<FirewallTable>, std::string> InstallOwnFirewall(
    const Settings& settings, SystemRules& system_rules) {
  auto table = InstallFirewall(settings.firewall, RulesOf(settings, system_rules.Current()));
  if (table) system_rules.TellInstalled((*table)->Refused(), "");
  if (table || !system_rules.Current()) return table;
  auto without = InstallFirewall(settings.firewall, RulesOf(settings, nullptr));
  if (without) system_rules.TellInstalled({}, table.error());
  return without;
}

void ReplaceSystemRules(const Settings& settings, SystemRules& system_rules, FirewallTable* table) {
  if (!system_rules.OnChange() || table == nullptr) return;
  const auto replaced = table->Replace(RulesOf(settings, system_rules.Current()));
  system_rules.TellInstalled(table->Refused(), replaced ? "" : replaced.error());
}

}  // namespace procwall
