// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "rules/condition.h"
#include "rules/references.h"
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
using CompiledCondition = tl::expected<Condition, ConditionError>;

// Makes an operator ready. `notes` gets a sentence for each part that can never match (a port that
// is no number); null if nobody reads them.
CompiledCondition CompileCondition(const Operator& op, const References& references = {},
                                   std::vector<std::string>* notes = nullptr);

}  // namespace procwall
