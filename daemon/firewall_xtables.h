// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <memory>
#include <set>
#include <string>
#include <utility>

#include "daemon/firewall_table.h"
#include "daemon/system_firewall_xtables.h"

namespace procwall {

// What of ours stands in the kernel: tables and chains.
struct XtablesStanding {
  std::set<std::pair<std::string, std::string>> led_to{};         // there is a jump to it already
  std::set<std::pair<std::string, std::string>> system_chains{};  // to be emptied
};

// The input of iptables-restore --noflush (and ip6tables-restore) that puts our chains into the
// mangle table, and those of the system rules where they belong, whatever was in them.
std::string XtablesScript(const FirewallRules& rules, const XtablesSystem& system = {},
                          const XtablesStanding& standing = {});

// Chains PROCWALL-OUTPUT and PROCWALL-INPUT in the mangle tables of IPv4 and, where the kernel has
// it, IPv6. `kind`: kIptablesLegacy or kIptablesNft.
tl::expected<std::unique_ptr<FirewallTable>, std::string> InstallXtablesChains(
    FirewallKind kind, const FirewallRules& rules);

// Removes our chains, as far as there are any: those of a predecessor that was killed.
void RemoveXtablesChains(FirewallKind kind);

}  // namespace procwall
