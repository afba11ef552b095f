// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rules/condition_compiler.h"
#include "rules/operand.h"

namespace procwall {

// One condition to compile: what its author wrote, and what that may refer to.
struct OperatorTask {
  const Operator& op;
  const Operand& operand;
  const References& references;
  std::vector<std::string>* notes;  // may be null

  LetterCase Case() const { return op.sensitive ? LetterCase::kMatters : LetterCase::kIgnored; }
  // The name of the variable in "process.env.NAME".
  std::string_view Variable() const;

  CompiledCondition Never(std::string_view why) const;  // and notes it
  CompiledCondition Refuse(OperatorPart part, std::string reason) const;
  // This type makes no sense for that operand.
  CompiledCondition RefuseType() const;
  // A condition on the operand's text, whatever kind of text it is.
  CompiledCondition OnText(TextCondition must_be) const;
};

// A type of condition: a row of the table in operator_type.cc, which is the only place that knows
// their names. (Type list is none: it has no operand.)
struct OperatorType {
  std::string_view name;
  CompiledCondition (*compile)(const OperatorTask&);
};
const OperatorType* FindOperatorType(std::string_view name);  // null: no such type
std::span<const OperatorType> AllOperatorTypes();

}  // namespace procwall
