// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
// What the kernel says of its firewall and routing rules: the first byte chooses who reads it. A
// table of iptables-legacy that is read twice reads the same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "net/nft_rules.h"
#include "net/routing_rule.h"
#include "net/xtables_table.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using procwall::IpFamily;
  if (size == 0) return 0;
  const procwall::Bytes bytes = std::as_bytes(std::span(data + 1, size - 1));
  if (data[0] % 4 == 0) {
    (void)procwall::DecodeNftRule(bytes);
  } else if (data[0] % 4 == 1) {
    (void)procwall::DecodeRoutingRule(bytes);
  } else {
    const IpFamily family = data[0] % 4 == 2 ? IpFamily::kV4 : IpFamily::kV6;
    const procwall::XtablesHooks hooks{.valid = 0x1f, .entries = {0, 152, 304, 456, 608}};
    const auto once = procwall::ParseXtables(family, hooks, bytes);
    const auto again = procwall::ParseXtables(family, hooks, bytes);
    if (once.has_value() != again.has_value() || (once && *once != *again)) std::abort();
  }
  return 0;
}
