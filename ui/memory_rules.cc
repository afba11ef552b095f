// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/memory_rules.h"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "base/printable.h"
#include "rules/recorded_event.h"
#include "rules/rule_set.h"

namespace procwall {
namespace {

// nullopt: nested too deep.
std::optional<Operator> OperatorOf(const v1::Operator& message, std::size_t nesting) {
  if (nesting > kMaxListNesting) return std::nullopt;
  Operator op{.type = Unprintable(message.type()),
              .operand = Unprintable(message.operand()),
              .data = Unprintable(message.data()),
              .sensitive = message.sensitive()};
  for (const v1::Operator& condition : message.list()) {
    auto inner = OperatorOf(condition, nesting + 1);
    if (!inner) return std::nullopt;
    op.list.push_back(*std::move(inner));
  }
  return op;
}

// The way back from RuleMessage(); nullopt: a daemon in force has no such rule.
std::optional<Rule> RuleOf(const v1::Rule& message) {
  const auto action = ParseRuleAction(message.action());
  auto op = OperatorOf(message.operator_(), 0);
  if (!action || !op) return std::nullopt;
  return Rule{.name = Unprintable(message.name()),
              .description = Unprintable(message.description()),
              .created = Unprintable(message.created()),
              .updated = Unprintable(message.updated()),
              .enabled = message.enabled(),
              .precedence = message.precedence(),
              .nolog = message.nolog(),
              .action = *action,
              .duration = Unprintable(message.duration()),
              .op = *std::move(op),
              .enforce = !message.is_shadow()};
}

}  // namespace

tl::expected<HeldRules, DaemonError> ListHeldRules(const std::string& wanted,
                                                   DaemonClient& client) {
  HeldRules held;
  const auto listing = client.ListRules();
  if (!listing && !wanted.empty()) return held;
  if (!listing) return tl::unexpected(listing.error());
  if (!wanted.empty() && !IsDirectoryOf(*listing, wanted)) return held;
  for (const v1::Rule& message : listing->rules()) {
    if (!message.file().empty()) continue;
    if (auto rule = RuleOf(message)) held.push_back(std::make_shared<const Rule>(*std::move(rule)));
  }
  return held;
}

std::vector<RuleError> AddHeldRules(const HeldRules& held, const References& references,
                                    LoadedRules& loaded) {
  std::vector<RuleError> errors;
  if (held.empty()) return errors;
  for (const auto& rule : held) {
    std::erase_if(loaded.rules, [&](const auto& other) { return other->name == rule->name; });
    loaded.files.erase(rule->name);
    loaded.rules.push_back(rule);
  }
  loaded.set = RuleSet::Compile(loaded.rules, &errors, references);
  return errors;
}

bool IsDirectoryOf(const v1::ListRulesResponse& listing, const std::string& directory) {
  std::error_code error;
  return std::filesystem::equivalent(Unprintable(listing.directory()), directory, error);
}

void NoteUnknownHeldRules(const DaemonError& error, std::ostream& err) {
  err << fmt::format("note rules held in memory are not known: {}\n", TerminalSafe(error.what));
}

}  // namespace procwall
