// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <set>
#include <string>
#include <vector>

#include "daemon/system_firewall_file.h"
#include "daemon/system_firewall_words.h"
#include "net/ip_address.h"

namespace procwall {

// Rules of system-fw.json as iptables-restore is told them; they go to a chain of ours.
struct XtablesSystemChain {
  std::string table;               // "filter" or "mangle"
  std::string hook;                // "OUTPUT", ...
  std::vector<std::string> rules;  // "-p icmp -m comment ... -j ACCEPT", without the chain

  std::string Name() const { return "PROCWALL-SYS-" + hook; }
  friend bool operator==(const XtablesSystemChain&, const XtablesSystemChain&) = default;
};
struct XtablesSystem {
  std::vector<XtablesSystemChain> chains;  // one for each table and hook
  std::vector<RuleError> refused;          // lines and reasons
};

// What the file says, for one family: rules for the other one are left out. Rules of `without`
// (lines) are left out. `queue` is the target that feeds our own queues. Of the nftables form, what
// iptables cannot do is refused. Pure.
XtablesSystem SystemForXtables(const SystemFirewall& system, IpFamily family,
                               const std::string& queue, const std::set<int>& without);

// One rule as lines without their comment: several where iptables has no lists, none if it is for
// the other family. Pure.
Translated<std::vector<std::string>> XtablesRuleTexts(const SystemRule& rule,
                                                      SystemFirewall::Form form,
                                                      const std::string& table, IpFamily family,
                                                      const std::string& queue);

}  // namespace procwall
