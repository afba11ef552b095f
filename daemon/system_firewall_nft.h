// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <set>
#include <string>
#include <vector>

#include "daemon/system_firewall_file.h"
#include "daemon/system_firewall_words.h"

namespace procwall {

// A chain of system-fw.json as nft is told it, in our own table.
struct NftSystemChain {
  std::string name;                // "system_mangle_output_0"
  std::string hook;                // "output", ...
  std::string head;                // "type filter hook ...;"; empty: our own chain jumps to it
  std::vector<std::string> rules;  // a line each, with a comment that names the file's line

  friend bool operator==(const NftSystemChain&, const NftSystemChain&) = default;
};
struct NftSystem {
  std::vector<NftSystemChain> chains;
  std::vector<RuleError> refused;  // lines and reasons
};

// `our_hooks`: where chains of ours feed the queue. Packets meet the file's mangle rules before
// them, so that what such a rule accepts or drops is not judged, as with opensnitchd. Rules of
// `without` (lines) are left out. `queue` is what feeds our own queues. Pure.
NftSystem SystemForNft(const SystemFirewall& system, const std::set<std::string>& our_hooks,
                       const std::string& queue, const std::set<int>& without);

// One rule without its comment; pure.
Translated<std::string> NftRuleText(const SystemRule& rule, SystemFirewall::Form form,
                                    const std::string& queue);

}  // namespace procwall
