// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <memory>
#include <string>

#include "daemon/firewall_table.h"
#include "daemon/system_firewall_nft.h"

namespace procwall {

// The nft script that replaces our table whole, in one transaction.
std::string NftScript(const FirewallRules& rules, const NftSystem& system = {});

// Table "inet procwall", by the nft program. Needs a kernel with nft's queue statement
// (CONFIG_NFT_QUEUE).
tl::expected<std::unique_ptr<FirewallTable>, std::string> InstallNftTable(
    const FirewallRules& rules);

// Removes our table, if there is one: that of a predecessor that was killed.
void RemoveNftTable();

}  // namespace procwall
