// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/operator_type.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/printable.h"
#include "rules/glob.h"
#include "rules/lists_operator.h"
#include "rules/plain_pattern.h"
#include "rules/simple_operator.h"

namespace procwall {
namespace {

bool HasText(OperandKind kind) {
  switch (kind) {
    case OperandKind::kText:
    case OperandKind::kPath:
    case OperandKind::kHash:
    case OperandKind::kNumber:
    case OperandKind::kAddress:
    case OperandKind::kDomain:
    case OperandKind::kVariable:
      return true;
    default:
      return false;
  }
}

CompiledCondition CompileRegexp(const OperatorTask& task) {
  auto pattern = Pattern::Compile(task.op.data, task.Case());
  if (!pattern) {
    return task.Refuse(OperatorPart::kData,
                       "not a regular expression: " + Printable(pattern.error()));
  }
  if (task.operand.kind == OperandKind::kTrue) return Condition(Condition::Always{});
  if (!HasText(task.operand.kind)) return task.RefuseType();
  const auto plain = ParsePlainPattern(task.op.data);
  if (plain && plain->IsWhole()) {  // found by one key, where parts of texts need many
    if (auto equal = TextCondition::Equal(plain->text, task.Case()))
      return task.OnText(*std::move(equal));
  }
  return task.OnText(TextCondition::Like(*std::move(pattern)));
}

CompiledCondition CompileGlob(const OperatorTask& task) {
  const OperandKind kind = task.operand.kind;
  if (kind != OperandKind::kPath && kind != OperandKind::kText) return task.RefuseType();
  auto pattern = Pattern::Compile(RegexpOfGlob(task.op.data), task.Case());
  if (!pattern) {
    return task.Refuse(OperatorPart::kData, "not a shell pattern: " + Printable(pattern.error()));
  }
  return task.OnText(TextCondition::Like(*std::move(pattern)));
}

CompiledCondition CompileDirectory(const OperatorTask& task) {
  if (task.operand.kind != OperandKind::kPath) return task.RefuseType();
  if (!task.op.data.starts_with('/')) {
    return task.Refuse(OperatorPart::kData, "a directory begins with a slash");
  }
  auto below = TextCondition::Below(task.op.data, task.Case());
  if (!below) return task.Refuse(OperatorPart::kData, below.error());
  return task.OnText(*std::move(below));
}

CompiledCondition CompileNetwork(const OperatorTask& task) {
  const OperandKind kind = task.operand.kind;
  if (kind != OperandKind::kNetwork && kind != OperandKind::kAddress) {
    return task.Refuse(OperatorPart::kOperand,
                       "type network needs the operand dest.network or source.network");
  }
  const auto within = [&](const std::vector<Prefix>& networks) {
    return Condition(Condition::OnAddress{task.operand.address, AddressCondition::InAny(networks)});
  };
  // Prefix::Parse takes a bare address too; OpenSnitch wants a length, or the name of an alias.
  const std::string& data = task.op.data;
  const auto network = Prefix::Parse(data);
  if (network && data.find('/') != std::string::npos) return within({*network});
  if (const auto* const alias = task.references.aliases.Find(data)) return within(*alias);
  return task.Refuse(
      OperatorPart::kData,
      fmt::format("\"{}\" is neither a network like 192.0.2.0/24 nor the name of one",
                  Printable(data)));
}

// "1024-65535", blanks do not matter.
std::optional<std::pair<std::int64_t, std::int64_t>> ParseRange(std::string text) {
  std::erase(text, ' ');
  const char* const end = text.data() + text.size();
  std::uint32_t first = 0;
  std::uint32_t last = 0;
  const auto begin = std::from_chars(text.data(), end, first);
  if (begin.ec != std::errc() || begin.ptr == end || *begin.ptr != '-') return std::nullopt;
  const auto rest = std::from_chars(begin.ptr + 1, end, last);
  if (rest.ec != std::errc() || rest.ptr != end || first > last) return std::nullopt;
  return std::pair{std::int64_t{first}, std::int64_t{last}};
}

CompiledCondition CompileRange(const OperatorTask& task) {
  if (task.operand.kind != OperandKind::kNumber) return task.RefuseType();
  const auto range = ParseRange(task.op.data);
  if (!range) {
    return task.Refuse(OperatorPart::kData, fmt::format("\"{}\" is not a range like 1024-65535",
                                                        Printable(task.op.data)));
  }
  return Condition(Condition::OnNumber{task.operand.number,
                                       NumberCondition::Between(range->first, range->second)});
}

constexpr std::array kTypes{
    OperatorType{"simple", CompileSimple},       OperatorType{"regexp", CompileRegexp},
    OperatorType{"network", CompileNetwork},     OperatorType{"range", CompileRange},
    OperatorType{"directory", CompileDirectory}, OperatorType{"glob", CompileGlob},
    OperatorType{"lists", CompileLists},
};

}  // namespace

std::string_view OperatorTask::Variable() const {
  std::string_view name = std::string_view(op.operand).substr(operand.name.size());
  while (name.starts_with(' ')) name.remove_prefix(1);
  while (name.ends_with(' ')) name.remove_suffix(1);
  return name;
}

CompiledCondition OperatorTask::Never(std::string_view why) const {
  if (notes != nullptr) {
    notes->push_back(
        fmt::format("{} \"{}\" {}: this never matches", op.operand, Printable(op.data), why));
  }
  return Condition(Condition::Never{});
}

CompiledCondition OperatorTask::Refuse(OperatorPart part, std::string reason) const {
  return tl::unexpected(ConditionError{{}, part, std::move(reason)});
}

CompiledCondition OperatorTask::RefuseType() const {
  return Refuse(OperatorPart::kType,
                fmt::format("type {} makes no sense for {}", op.type, Printable(op.operand)));
}

CompiledCondition OperatorTask::OnText(TextCondition must_be) const {
  if (operand.kind != OperandKind::kVariable) {
    return Condition(Condition::OnText{operand.text, std::move(must_be)});
  }
  return Condition(Condition::OnVariable{std::string(Variable()), std::move(must_be)});
}

const OperatorType* FindOperatorType(std::string_view name) {
  const auto* const found = std::find_if(
      kTypes.begin(), kTypes.end(), [&](const OperatorType& type) { return type.name == name; });
  return found == kTypes.end() ? nullptr : found;
}

std::span<const OperatorType> AllOperatorTypes() { return kTypes; }

}  // namespace procwall
