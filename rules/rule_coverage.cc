// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/rule_coverage.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "net/prefix.h"
#include "rules/glob.h"
#include "rules/operand.h"
#include "rules/simple_operator.h"
#include "rules/text.h"

namespace procwall {
namespace {

void AddConjuncts(const Operator& op, std::vector<const Operator*>& conjuncts) {
  if (op.type != "list") {
    conjuncts.push_back(&op);
    return;
  }
  for (const Operator& inner : op.list) AddConjuncts(inner, conjuncts);
}

std::string Canonical(const Operator& op) { return op.sensitive ? op.data : Folded(op.data); }

std::optional<OperandKind> KindOf(const Operator& op) {
  const auto operand = FindOperand(op.operand);
  return operand ? std::optional((*operand)->kind) : std::nullopt;
}

// The one text of a fact for which a condition of type simple holds, written as Facts writes it:
// port "0443" is "443". nullopt: it holds for several (names below a domain, times), or for none.
std::optional<std::string> TextWanted(const Operator& op) {
  const auto kind = KindOf(op);
  if (op.type != "simple" || !kind) return std::nullopt;
  switch (*kind) {
    case OperandKind::kText:
    case OperandKind::kPath:
    case OperandKind::kVariable:
      return op.data;
    case OperandKind::kHash:
      return Folded(op.data);
    case OperandKind::kNumber: {
      const auto number = ParseNumber(op.data);
      return number ? std::optional(std::to_string(*number)) : std::nullopt;
    }
    case OperandKind::kAddress: {
      const auto address = IpAddress::Parse(op.data);
      return address ? std::optional(address->ToString()) : std::nullopt;
    }
    default:
      return std::nullopt;
  }
}

bool MatchesEverything(const Operator& op) {
  if (op.operand == "true") return true;
  // The others have no text while they are not known, and then not even this matches.
  constexpr std::array<std::string_view, 6> kAlwaysTexts = {
      "process.path", "process.command", "dest.host", "dest.ip", "dest.port", "protocol"};
  const bool has_text =
      std::find(kAlwaysTexts.begin(), kAlwaysTexts.end(), op.operand) != kAlwaysTexts.end();
  return has_text && op.type == "regexp" &&
         (op.data == ".*" || op.data == "^.*$" || op.data == "^.*");
}

// dest.ip and dest.network ask for the same address.
std::string_view AddressOperand(std::string_view operand) {
  if (operand == "dest.ip") return "dest.network";
  if (operand == "source.ip") return "source.network";
  return operand;
}

bool NetworkCovers(const Operator& wide, const Operator& narrow) {
  const auto outer = Prefix::Parse(wide.data);
  const auto inner = Prefix::Parse(narrow.data);
  return outer && inner && outer->Length() <= inner->Length() && outer->Contains(inner->Address());
}

bool DomainCovers(std::string_view domain, std::string_view host) {
  const bool only_below = domain.starts_with("*.");
  if (only_below) domain.remove_prefix(2);
  if (host == domain) return !only_below;
  return host.size() > domain.size() && host.ends_with(domain) &&
         host[host.size() - domain.size() - 1] == '.';
}

bool CoversText(const Operator& wide, const std::string& text, ConditionPatterns& patterns) {
  if (wide.type == "regexp" || wide.type == "glob") {
    const Pattern* const pattern = patterns.Find(wide);
    return pattern != nullptr && pattern->Matches(Text(text));
  }
  if (wide.type == "directory") {
    const std::string directory = Canonical(wide) + (wide.data.ends_with('/') ? "" : "/");
    return (wide.sensitive ? text : Folded(text)).starts_with(directory);
  }
  return false;
}

// One condition by another.
bool CoversAtom(const Operator& wide, const Operator& narrow, ConditionPatterns& patterns) {
  if (MatchesEverything(wide)) return true;
  if (AddressOperand(wide.operand) != AddressOperand(narrow.operand)) {
    return wide.operand == "dest.domain" && narrow.operand == "dest.host" &&
           narrow.type == "simple" && DomainCovers(Folded(wide.data), Folded(narrow.data));
  }
  // A condition for which case matters says less about its text than one for which it does not.
  if (wide.sensitive && !narrow.sensitive && KindOf(wide) != OperandKind::kNumber) return false;
  if (wide.type == narrow.type && wide.data == narrow.data) return true;
  if (wide.type == "network") {
    return (narrow.type == "network" || narrow.type == "simple") && NetworkCovers(wide, narrow);
  }
  const auto text = TextWanted(narrow);
  if (wide.type == "simple" && narrow.type == "simple") {
    if (!wide.sensitive && Folded(wide.data) == Folded(narrow.data)) return true;
    const auto kind = KindOf(narrow);
    const bool has_spellings = kind == OperandKind::kNumber || kind == OperandKind::kAddress;
    return has_spellings && text && text == TextWanted(wide);
  }
  return text && CoversText(wide, *text, patterns);
}

bool Exclude(const Operator& a, const Operator& b) {
  if (a.operand != b.operand) return false;
  // Several ancestors may each match another one.
  if (a.operand == "process.parent.path") return false;
  const auto one = TextWanted(a);
  const auto other = TextWanted(b);
  if (!one || !other) return false;
  if (a.sensitive && b.sensitive) return *one != *other;
  // Letters of other alphabets are not folded here, but conditions ignore their case, too.
  const std::string folded = Folded(*one);
  const std::string other_folded = Folded(*other);
  return IsAscii(folded) && IsAscii(other_folded) && folded != other_folded;
}

}  // namespace

std::vector<const Operator*> Conjuncts(const Operator& op) {
  std::vector<const Operator*> conjuncts;
  AddConjuncts(op, conjuncts);
  return conjuncts;
}

const Pattern* ConditionPatterns::Find(const Operator& op) {
  auto found = patterns_.find(std::tie(op.type, op.data, op.sensitive));
  if (found == patterns_.end()) {
    const LetterCase letter_case = op.sensitive ? LetterCase::kMatters : LetterCase::kIgnored;
    auto compiled =
        Pattern::Compile(op.type == "glob" ? RegexpOfGlob(op.data) : op.data, letter_case);
    found = patterns_.try_emplace({op.type, op.data, op.sensitive}).first;
    if (compiled) found->second = *std::move(compiled);
  }
  return found->second ? &*found->second : nullptr;
}

bool Covers(const Operator& wide, const Operator& narrow, ConditionPatterns& patterns) {
  const auto wanted = Conjuncts(wide);
  const auto given = Conjuncts(narrow);
  return std::all_of(wanted.begin(), wanted.end(), [&](const Operator* condition) {
    return MatchesEverything(*condition) ||
           std::any_of(given.begin(), given.end(), [&](const Operator* other) {
             return CoversAtom(*condition, *other, patterns);
           });
  });
}

bool Covers(const Operator& wide, const Operator& narrow) {
  ConditionPatterns patterns;
  return Covers(wide, narrow, patterns);
}

bool ContradictsItself(const Operator& op) {
  const auto conjuncts = Conjuncts(op);
  for (std::size_t i = 0; i < conjuncts.size(); ++i) {
    for (std::size_t j = i + 1; j < conjuncts.size(); ++j) {
      if (Exclude(*conjuncts[i], *conjuncts[j])) return true;
    }
  }
  return false;
}

}  // namespace procwall
