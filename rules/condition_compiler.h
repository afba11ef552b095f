// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "rules/condition.h"
#include "rules/rule.h"

namespace procwall {

// Which part of an Operator is wrong, so that its place in a file can be found.
enum class OperatorPart : std::uint8_t { kWhole, kType, kOperand, kData };
struct ConditionError {
  std::vector<std::size_t> path;  // indices into `list`, outermost first
  OperatorPart part = OperatorPart::kWhole;
  std::string reason;

  // "operator.list[1].data"
  std::string Where() const;
  friend bool operator==(const ConditionError&, const ConditionError&) = default;
};

// Makes an operator ready. The table in condition_compiler.cc is the only place that knows the
// names of the types. `notes` gets a sentence for each part that can never match (a port that is no
// number); null if nobody reads them.
tl::expected<Condition, ConditionError> CompileCondition(const Operator& op,
                                                         std::vector<std::string>* notes = nullptr);

}  // namespace procwall
