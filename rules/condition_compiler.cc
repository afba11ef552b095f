// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/condition_compiler.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/printable.h"

namespace procwall {
namespace {

using Compiled = tl::expected<Condition, ConditionError>;

// What the compilers of the types share: the operator, its operand's row, how deep we are.
struct Context {
  const Operator& op;
  const Operand* operand;  // null for lists, which have none
  std::size_t depth;
  std::vector<std::string>* notes;

  void Note(std::string note) const {
    if (notes != nullptr) notes->push_back(std::move(note));
  }
  Compiled Make(Condition::Test test) const {
    return Condition(std::move(test), operand == nullptr ? FactsNeeded{} : operand->needs);
  }
  Compiled Never(std::string_view why) const {
    Note(fmt::format("{} \"{}\" {}: this never matches", op.operand, Printable(op.data), why));
    return Make(Condition::Never{});
  }
  Compiled Refuse(OperatorPart part, std::string reason) const {
    return tl::unexpected(ConditionError{{}, part, std::move(reason)});
  }
};

// One overloaded function object out of several lambdas, for std::visit.
template <typename... Functions>
struct Overloaded : Functions... {
  using Functions::operator()...;
};
template <typename... Functions>
Overloaded(Functions...) -> Overloaded<Functions...>;

// The number whose decimal text this is; "0443" and "+1" are no such texts.
std::optional<std::int64_t> ParseCanonicalNumber(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool canonical = error == std::errc() && end == text.data() + text.size() &&
                         fmt::format_int(number).size() == text.size();
  return canonical ? std::optional(number) : std::nullopt;
}

Compiled CompileTextIs(const Context& context, ReadText read) {
  const Operator& op = context.op;
  if (op.sensitive) return context.Make(Condition::TextIs{read, op.data});
  if (IsAscii(op.data)) return context.Make(Condition::TextIsIgnoringCase{read, op.data});
  auto pattern = Pattern::Literal(op.data, LetterCase::kIgnored);
  if (!pattern) return context.Refuse(OperatorPart::kData, pattern.error());
  return context.Make(Condition::TextMatchesWhole{read, *std::move(pattern)});
}

Compiled CompileSimple(const Context& context) {
  const std::string& data = context.op.data;
  return std::visit(Overloaded{
                        [&](AlwaysTrue) { return context.Make(Condition::Always{}); },
                        [&](ReadText read) { return CompileTextIs(context, read); },
                        [&](ReadNumber read) {
                          const auto number = ParseCanonicalNumber(data);
                          return number ? context.Make(Condition::NumberIs{read, *number})
                                        : context.Never("is not a plain decimal number");
                        },
                        [&](ReadAddress read) {
                          const auto address = IpAddress::Parse(data);
                          return address ? context.Make(Condition::AddressIs{read, *address})
                                         : context.Never("is not an IP address");
                        },
                        [&](ReadNetwork) {
                          return context.Refuse(
                              OperatorPart::kType,
                              context.op.operand + " can only be of type network");
                        },
                    },
                    context.operand->read);
}

Compiled CompileRegexp(const Context& context) {
  auto pattern = Pattern::Compile(
      context.op.data, context.op.sensitive ? LetterCase::kMatters : LetterCase::kIgnored);
  if (!pattern) {
    return context.Refuse(OperatorPart::kData,
                          "not a regular expression: " + Printable(pattern.error()));
  }
  return std::visit(Overloaded{
                        [&](AlwaysTrue) { return context.Make(Condition::Always{}); },
                        [&](ReadText read) {
                          return context.Make(Condition::TextMatches{read, *std::move(pattern)});
                        },
                        [&](ReadNumber read) {
                          return context.Make(Condition::NumberMatches{read, *std::move(pattern)});
                        },
                        [&](ReadAddress read) {
                          return context.Make(Condition::AddressMatches{read, *std::move(pattern)});
                        },
                        [&](ReadNetwork) {
                          return context.Refuse(
                              OperatorPart::kType,
                              context.op.operand + " can only be of type network");
                        },
                    },
                    context.operand->read);
}

Compiled CompileNetwork(const Context& context) {
  const Operator& op = context.op;
  const auto within = [&](ReadAddress read) -> Compiled {
    // Prefix::Parse takes a bare address too; OpenSnitch wants a length, or the name of an alias.
    const auto prefix = Prefix::Parse(op.data);
    if (!prefix || op.data.find('/') == std::string::npos) {
      return context.Refuse(
          OperatorPart::kData,
          fmt::format("\"{}\" is not a network like 192.0.2.0/24 (aliases are not supported yet)",
                      Printable(op.data)));
    }
    return context.Make(Condition::AddressIsIn{read, *prefix});
  };
  return std::visit(Overloaded{
                        [&](ReadNetwork read) { return within(read.address); },
                        [&](ReadAddress read) { return within(read); },
                        [&](auto) {
                          return context.Refuse(
                              OperatorPart::kOperand,
                              "type network needs the operand dest.network or source.network");
                        },
                    },
                    context.operand->read);
}

Compiled CompileAny(const Operator& op, std::size_t depth, std::vector<std::string>* notes);

Compiled CompileList(const Context& context) {
  if (context.op.list.empty()) {
    return context.Refuse(OperatorPart::kWhole, "an empty list would match everything");
  }
  if (context.depth >= kMaxListNesting) {
    return context.Refuse(OperatorPart::kWhole, "the lists are nested too deep");
  }
  std::vector<Condition> conditions;
  FactsNeeded needs;
  for (std::size_t i = 0; i < context.op.list.size(); ++i) {
    auto condition = CompileAny(context.op.list[i], context.depth + 1, context.notes);
    if (!condition) {
      condition.error().path.insert(condition.error().path.begin(), i);
      return condition;
    }
    needs = needs | condition->Needs();
    conditions.push_back(*std::move(condition));
  }
  return Condition(Condition::All{std::move(conditions)}, needs);
}

// The types of conditions. A type that takes no operand ignores the one that is there.
struct OperatorType {
  std::string_view name;
  bool has_operand;
  Compiled (*compile)(const Context&);
};
constexpr std::array kTypes{
    OperatorType{"simple", true, CompileSimple},
    OperatorType{"regexp", true, CompileRegexp},
    OperatorType{"network", true, CompileNetwork},
    OperatorType{"list", false, CompileList},
};
constexpr std::array<std::string_view, 3> kTypesNotYet{"lists", "range", "complex"};

Compiled CompileAny(const Operator& op, std::size_t depth, std::vector<std::string>* notes) {
  const Context context{op, nullptr, depth, notes};
  const auto* const type =
      std::find_if(kTypes.begin(), kTypes.end(),
                   [&](const OperatorType& known) { return known.name == op.type; });
  if (type == kTypes.end()) {
    const bool not_yet =
        std::find(kTypesNotYet.begin(), kTypesNotYet.end(), op.type) != kTypesNotYet.end();
    return context.Refuse(OperatorPart::kType,
                          op.type.empty() ? "the type is missing"
                                          : fmt::format("type {} is not {}", Printable(op.type),
                                                        not_yet ? "supported yet" : "known"));
  }
  if (!type->has_operand) return type->compile(context);
  const auto operand = FindOperand(op.operand);
  if (!operand) return context.Refuse(OperatorPart::kOperand, operand.error());
  return type->compile({op, *operand, depth, notes});
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

Compiled CompileCondition(const Operator& op, std::vector<std::string>* notes) {
  return CompileAny(op, 0, notes);
}

}  // namespace procwall
