// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "net/ip_address.h"

namespace procwall {

// A rule of iptables-legacy, as far as it can be compared with another.
struct XtablesRule {
  std::string leads_to{};  // the chain it jumps or goes to; empty: none
  // Conditions and target as the kernel keeps them, without counters and without the place of the
  // chain it leads to: equal bytes, equal rules.
  std::string content{};

  friend bool operator==(const XtablesRule&, const XtablesRule&) = default;
};

struct XtablesChain {
  std::string name;  // "OUTPUT", or a user's own
  std::vector<XtablesRule> rules;

  friend bool operator==(const XtablesChain&, const XtablesChain&) = default;
};

// Where the built-in chains begin; struct ipt_getinfo of <linux/netfilter_ipv4/ip_tables.h>.
struct XtablesHooks {
  std::uint32_t valid = 0;  // bit N: hook N (NF_INET_*) has a chain
  std::array<std::uint32_t, 5> entries{};
};

// The chains of a table from its entries (struct ipt_entry, ip6t_entry), in the kernel's order. A
// built-in chain's policy counts as its last rule. Total: any bytes give chains or an error.
Result<std::vector<XtablesChain>> ParseXtables(IpFamily family, const XtablesHooks& hooks,
                                               Bytes entries);

// The same of the table `name` of iptables-legacy in the calling thread's network namespace, by two
// calls of getsockopt: some 10 us for a small table, no program is run and nothing is locked. A
// table that does not exist yet is made by the question (as iptables does it). kNotFound: the
// kernel has no such table. kPermission without CAP_NET_ADMIN and CAP_NET_RAW. kBusy: it keeps
// changing.
Result<std::vector<XtablesChain>> ReadXtables(IpFamily family, const char* name);

}  // namespace procwall
