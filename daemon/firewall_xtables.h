// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <memory>
#include <string>

#include "daemon/firewall_table.h"

namespace procwall {

// The input of iptables-restore --noflush (and ip6tables-restore) that puts our chains into the
// mangle table.
std::string XtablesScript(const FirewallRules& rules);

// Chains PROCWALL-OUTPUT and PROCWALL-INPUT in the mangle tables of IPv4 and, where the kernel has
// it, IPv6. `kind`: kIptablesLegacy or kIptablesNft.
tl::expected<std::unique_ptr<FirewallTable>, std::string> InstallXtablesChains(
    FirewallKind kind, const FirewallRules& rules);

// Removes our chains, as far as there are any: those of a predecessor that was killed.
void RemoveXtablesChains(FirewallKind kind);

}  // namespace procwall
