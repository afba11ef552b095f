// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/condition_compiler.h"

#include <utility>

#include <fmt/format.h>

#include "base/printable.h"
#include "rules/operator_type.h"

namespace procwall {
namespace {

// What stays the same while the conditions of one rule are compiled.
struct Task {
  const References& references;
  std::vector<std::string>* notes;
};

CompiledCondition Refuse(OperatorPart part, std::string reason) {
  return tl::unexpected(ConditionError{{}, part, std::move(reason)});
}

CompiledCondition CompileAny(const Operator& op, const Task& task, std::size_t depth);

CompiledCondition CompileList(const Operator& op, const Task& task, std::size_t depth) {
  if (op.list.empty()) {
    return Refuse(OperatorPart::kWhole, "an empty list would match everything");
  }
  if (depth >= kMaxListNesting) {
    return Refuse(OperatorPart::kWhole, "the lists are nested too deep");
  }
  std::vector<Condition> conditions;
  conditions.reserve(op.list.size());
  for (std::size_t i = 0; i < op.list.size(); ++i) {
    auto condition = CompileAny(op.list[i], task, depth + 1);
    if (!condition) {
      condition.error().path.insert(condition.error().path.begin(), i);
      return condition;
    }
    conditions.push_back(*std::move(condition));
  }
  return Condition(Condition::All{std::move(conditions)});
}

CompiledCondition CompileAny(const Operator& op, const Task& task, std::size_t depth) {
  if (op.type == "list") return CompileList(op, task, depth);
  const OperatorType* const type = FindOperatorType(op.type);
  if (type == nullptr) {
    return Refuse(OperatorPart::kType,
                  op.type.empty() ? "the type is missing"
                                  : fmt::format("type {} is not known", Printable(op.type)));
  }
  const auto operand = FindOperand(op.operand);
  if (!operand) return Refuse(OperatorPart::kOperand, operand.error());
  return type->compile({op, **operand, task.references, task.notes});
}

}  // namespace

std::string ConditionError::Where() const {
  std::string where = "operator";
  for (const std::size_t index : path) where += fmt::format(".list[{}]", index);
  switch (part) {
    case OperatorPart::kWhole:
      break;
    case OperatorPart::kType:
      return where + ".type";
    case OperatorPart::kOperand:
      return where + ".operand";
    case OperatorPart::kData:
      return where + ".data";
  }
  return where;
}

CompiledCondition CompileCondition(const Operator& op, const References& references,
                                   std::vector<std::string>* notes) {
  return CompileAny(op, {references, notes}, 0);
}

}  // namespace procwall
