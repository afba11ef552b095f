// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "rules/facts.h"

namespace procwall {

// What kind of values an operand has: this says which types of conditions make sense, and what
// `simple` means.
enum class OperandKind : std::uint8_t {
  kTrue,         // no value: always matches
  kText,         // any text
  kPath,         // a text that is a path
  kHash,         // hexadecimal digits, whose case never matters
  kNumber,       // compared as a number
  kAddress,      // an IP address
  kNetwork,      // an IP address that is only compared with networks
  kDomain,       // a host name that is compared with domains
  kVariable,     // a text: an environment variable, named in the operand
  kUser,         // a number, given as a name
  kGroup,        // a number, given as the name of a group it must be in
  kTime,         // a time of the week
  kListDomains,  // what list files are compared with: dest.host ...
  kListPatterns,
  kListAddresses,  // ... dest.ip ...
  kListHashes,     // ... process.hash.md5
};

// One thing that can be asked of a subject: a row of the table in operand.cc, which is the only
// place that knows their names.
struct Operand {
  std::string_view name;  // a name that ends in a dot stands for all that begin so
  OperandKind kind = OperandKind::kTrue;
  TextFact text{};        // the value as text: all kinds that have one
  NumberFact number{};    // kNumber, kUser, kGroup
  AddressFact address{};  // kAddress, kNetwork, kListAddresses
};

// The row of that name, or why there is none. Then the rule is refused: a deny rule that silently
// never matches is a leak.
tl::expected<const Operand*, std::string> FindOperand(std::string_view name);
// For whoever goes through all of them: a test fails when one is added that nobody judges.
std::span<const Operand> AllOperands();

}  // namespace procwall
