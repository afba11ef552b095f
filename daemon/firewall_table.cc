// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/firewall_table.h"

#include <array>
#include <utility>

#include <fmt/format.h>

#include "daemon/firewall_nft.h"
#include "daemon/firewall_xtables.h"

namespace procwall {
namespace {

// The queue is fed by rules that somebody else keeps.
class ForeignTable final : public FirewallTable {
 public:
  FirewallKind Kind() const override { return FirewallKind::kNone; }
};

tl::expected<std::unique_ptr<FirewallTable>, std::string> Install(FirewallKind kind,
                                                                  const FirewallRules& rules) {
  switch (kind) {
    case FirewallKind::kNone:
      return std::make_unique<ForeignTable>();
    case FirewallKind::kNft:
      return InstallNftTable(rules);
    case FirewallKind::kIptablesLegacy:
    case FirewallKind::kIptablesNft:
      return InstallXtablesChains(kind, rules);
    case FirewallKind::kAuto:
      break;
  }
  std::string failures;
  for (const FirewallKind candidate :
       {FirewallKind::kNft, FirewallKind::kIptablesLegacy, FirewallKind::kIptablesNft}) {
    auto installed = Install(candidate, rules);
    if (installed) return installed;
    failures += fmt::format("\n  {}: {}", FirewallKindName(candidate), installed.error());
  }
  return tl::unexpected("none of the firewall programs could install the queue rules:" + failures);
}

void RemoveAllBut(FirewallKind kept) {
  if (kept != FirewallKind::kNft) RemoveNftTable();
  for (const FirewallKind kind : {FirewallKind::kIptablesLegacy, FirewallKind::kIptablesNft}) {
    if (kind != kept) RemoveXtablesChains(kind);
  }
}

}  // namespace

tl::expected<std::unique_ptr<FirewallTable>, std::string> InstallFirewall(
    FirewallKind kind, const FirewallRules& rules) {
  if (kind == FirewallKind::kNone) return Install(kind, rules);
  auto installed = Install(kind, rules);
  // A predecessor that was killed may have used another program than we do. Its rules go when ours
  // stand: they may be what keeps the host closed.
  if (installed || rules.bypass) {
    RemoveAllBut(installed ? (*installed)->Kind() : FirewallKind::kNone);
  }
  return installed;
}

void RemoveFirewall() { RemoveAllBut(FirewallKind::kNone); }

}  // namespace procwall
