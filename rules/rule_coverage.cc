// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/rule_coverage.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "net/prefix.h"
#include "rules/glob.h"
#include "rules/pattern.h"
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

bool PatternMatches(const std::string& pattern, LetterCase letter_case, const std::string& text) {
  const auto compiled = Pattern::Compile(pattern, letter_case);
  return compiled && compiled->Matches(Text(text));
}

bool DomainCovers(std::string_view domain, std::string_view host) {
  const bool only_below = domain.starts_with("*.");
  if (only_below) domain.remove_prefix(2);
  if (host == domain) return !only_below;
  return host.size() > domain.size() && host.ends_with(domain) &&
         host[host.size() - domain.size() - 1] == '.';
}

bool CoversText(const Operator& wide, const std::string& text) {
  const LetterCase letter_case = wide.sensitive ? LetterCase::kMatters : LetterCase::kIgnored;
  if (wide.type == "regexp") return PatternMatches(wide.data, letter_case, text);
  if (wide.type == "glob") return PatternMatches(RegexpOfGlob(wide.data), letter_case, text);
  if (wide.type == "directory") {
    const std::string directory = Canonical(wide) + (wide.data.ends_with('/') ? "" : "/");
    return (wide.sensitive ? text : Folded(text)).starts_with(directory);
  }
  return false;
}

// One condition by another.
bool CoversAtom(const Operator& wide, const Operator& narrow) {
  if (MatchesEverything(wide)) return true;
  if (AddressOperand(wide.operand) != AddressOperand(narrow.operand)) {
    return wide.operand == "dest.domain" && narrow.operand == "dest.host" &&
           narrow.type == "simple" && DomainCovers(Folded(wide.data), Folded(narrow.data));
  }
  // A condition for which case matters says less about its text than one for which it does not.
  if (wide.sensitive && !narrow.sensitive) {
    const bool is_number = wide.operand.ends_with(".port") || wide.operand.ends_with(".id");
    if (!is_number) return false;
  }
  if (wide.type == narrow.type && wide.data == narrow.data) return true;
  if (wide.type == "network") {
    return (narrow.type == "network" || narrow.type == "simple") && NetworkCovers(wide, narrow);
  }
  if (wide.type == "simple" && narrow.type == "simple") {
    return !wide.sensitive && Folded(wide.data) == Folded(narrow.data);
  }
  return narrow.type == "simple" && CoversText(wide, narrow.data);
}

bool Exclude(const Operator& a, const Operator& b) {
  if (a.operand != b.operand || a.type != "simple") return false;
  // Several ancestors may each match another one.
  if (a.operand == "process.parent.path" || a.operand == "user.group") return false;
  if (b.type == "simple") return Folded(a.data) != Folded(b.data);
  return false;
}

}  // namespace

std::vector<const Operator*> Conjuncts(const Operator& op) {
  std::vector<const Operator*> conjuncts;
  AddConjuncts(op, conjuncts);
  return conjuncts;
}

bool Covers(const Operator& wide, const Operator& narrow) {
  const auto wanted = Conjuncts(wide);
  const auto given = Conjuncts(narrow);
  return std::all_of(wanted.begin(), wanted.end(), [&](const Operator* condition) {
    return MatchesEverything(*condition) ||
           std::any_of(given.begin(), given.end(),
                       [&](const Operator* other) { return CoversAtom(*condition, *other); });
  });
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
