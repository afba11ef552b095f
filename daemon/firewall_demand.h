// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "daemon/firewall_view.h"

namespace procwall {

// What a script of ours asks the kernel for in one of its tables. What stands after the script ran
// has to be compared with it: somebody may have flushed the table just before we looked, and what
// he left must not be taken for all that we wanted.
struct FirewallDemand {
  std::map<std::string, std::size_t> chains{};  // ours, and how many rules each has at least
  std::set<std::string> led_to{};  // of ours, those that a chain of others has to lead to

  friend bool operator==(const FirewallDemand&, const FirewallDemand&) = default;
};

// By table, of the input of iptables-restore; a line is a rule at least. Ours are the chains that
// begin with `prefix`.
std::map<std::string, FirewallDemand> DemandsOfXtables(const std::string& script,
                                                       std::string_view prefix);
// Of the input of nft, one table of our own with one rule a line.
FirewallDemand DemandOfNft(const std::string& script);

// What a later look is to be compared with (MissingIn), of what was seen right after the script.
// Where that is less than the script asked for, the chain or jump is missing from the beginning.
FirewallView Installed(const FirewallView& seen, const FirewallDemand& demand);

}  // namespace procwall
