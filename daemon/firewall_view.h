// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "net/nft_rules.h"
#include "net/xtables_table.h"

namespace procwall {

// What stands of our chains in one table of the kernel's. Two views of one table can be compared.
struct FirewallView {
  std::map<std::string, std::vector<std::string>> chains{};  // ours, and their rules
  std::set<std::string> led_to{};  // of ours, those that a chain of others leads to

  friend bool operator==(const FirewallView&, const FirewallView&) = default;
};

// Of chains that begin with `prefix`, which are ours.
FirewallView ViewOf(const std::vector<XtablesChain>& chains, std::string_view prefix);
// Rules are compared by their numbers, which are never given twice: a rule that was flushed and put
// back by somebody else counts as another.
FirewallView ViewOf(const std::vector<NftRule>& rules, std::string_view prefix);

// What of `installed` does not stand any more, for people: "the rules of PROCWALL-OUTPUT, the jump
// to PROCWALL-INPUT". Empty: all of it does. What came on top does not matter.
std::string MissingIn(const FirewallView& now, const FirewallView& installed);

}  // namespace procwall
