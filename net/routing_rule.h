// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace procwall {

// A rule of policy routing (`ip rule`), as far as marks go.
struct RoutingRule {
  std::uint32_t priority = 0;
  std::uint32_t mark = 0;
  std::uint32_t mask = 0;  // 0: it does not look at marks

  friend bool operator==(const RoutingRule&, const RoutingRule&) = default;
};

// The question for the rules of both families, over NETLINK_ROUTE.
std::vector<std::byte> EncodeRoutingRulesDump();
// One message of the answer (struct fib_rule_hdr of <linux/fib_rules.h>). Total.
Result<RoutingRule> DecodeRoutingRule(Bytes message);

// Those that look at marks, of the calling thread's network namespace.
Result<std::vector<RoutingRule>> ReadRulesByMark();

}  // namespace procwall
