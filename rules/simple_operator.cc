// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/simple_operator.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <utility>

#include <fmt/format.h>

#include "base/printable.h"

namespace procwall {
namespace {

// The number whose decimal text this is; "0443" and "+1" are no such texts. (A user may be called
// "007".)
std::optional<std::int64_t> ParseCanonicalNumber(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool canonical = error == std::errc() && end == text.data() + text.size() &&
                         fmt::format_int(number).size() == text.size();
  return canonical ? std::optional(number) : std::nullopt;
}

CompiledCondition IsText(const OperatorTask& task, LetterCase letter_case) {
  auto equal = TextCondition::Equal(task.op.data, letter_case);
  if (!equal) return task.Refuse(OperatorPart::kData, equal.error());
  return task.OnText(*std::move(equal));
}

CompiledCondition IsNumber(const OperatorTask& task) {
  const auto number = ParseNumber(task.op.data);
  if (!number) return task.Never("is not a decimal number");
  return Condition(
      Condition::OnNumber{task.operand.number, NumberCondition::Between(*number, *number)});
}

CompiledCondition IsAddress(const OperatorTask& task) {
  const auto address = IpAddress::Parse(task.op.data);
  if (!address) return task.Never("is not an IP address");
  const auto whole = Prefix::Create(*address, static_cast<unsigned>(8 * address->Size()));
  return Condition(Condition::OnAddress{task.operand.address, AddressCondition::InAny({*whole})});
}

CompiledCondition IsHash(const OperatorTask& task) {
  const std::string& data = task.op.data;
  const std::size_t digits = task.operand.text == TextFact::kMd5    ? 32
                             : task.operand.text == TextFact::kSha1 ? 40
                                                                    : 64;
  const bool is_hash = data.size() == digits &&
                       data.find_first_not_of("0123456789abcdefABCDEF") == std::string::npos;
  if (!is_hash) return task.Never(fmt::format("is not a hash of {} digits", digits));
  return IsText(task, LetterCase::kIgnored);
}

CompiledCondition IsInDomain(const OperatorTask& task) {
  if (task.op.data.find_first_not_of("*.") == std::string::npos) {
    return task.Refuse(OperatorPart::kData, "the domain is missing");
  }
  return task.OnText(TextCondition::InDomain(task.op.data));
}

// A rule may have the number where a name belongs: so opensnitchd saves it.
CompiledCondition IsUser(const OperatorTask& task) {
  auto uid = ParseCanonicalNumber(task.op.data);
  if (!uid) uid = task.references.Users().FindUser(task.op.data);
  if (!uid) {
    return task.Refuse(OperatorPart::kData,
                       fmt::format("there is no user \"{}\"", Printable(task.op.data)));
  }
  return Condition(Condition::OnNumber{task.operand.number, NumberCondition::Between(*uid, *uid)});
}

CompiledCondition IsInGroup(const OperatorTask& task) {
  const auto users = task.references.Users().FindGroup(task.op.data);
  if (!users) {
    return task.Refuse(OperatorPart::kData,
                       fmt::format("there is no group \"{}\"", Printable(task.op.data)));
  }
  if (users->empty()) return task.Never("is a group that nobody is in");
  return Condition(Condition::OnNumber{task.operand.number,
                                       NumberCondition::OneOf({users->begin(), users->end()})});
}

CompiledCondition IsTime(const OperatorTask& task) {
  auto windows = TimeWindows::Parse(task.op.data);
  if (!windows) return task.Refuse(OperatorPart::kData, windows.error());
  return Condition(Condition::OnTime{*std::move(windows)});
}

}  // namespace

std::optional<std::int64_t> ParseNumber(std::string_view text) {
  constexpr std::string_view kBlanks = " \t";
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return std::nullopt;
  text = text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

CompiledCondition CompileSimple(const OperatorTask& task) {
  switch (task.operand.kind) {
    case OperandKind::kTrue:
      return Condition(Condition::Always{});
    case OperandKind::kText:
    case OperandKind::kPath:
    case OperandKind::kVariable:
      return IsText(task, task.Case());
    case OperandKind::kHash:
      return IsHash(task);
    case OperandKind::kNumber:
      return IsNumber(task);
    case OperandKind::kAddress:
      return IsAddress(task);
    case OperandKind::kDomain:
      return IsInDomain(task);
    case OperandKind::kUser:
      return IsUser(task);
    case OperandKind::kGroup:
      return IsInGroup(task);
    case OperandKind::kTime:
      return IsTime(task);
    default:
      return task.RefuseType();
  }
}

}  // namespace procwall
