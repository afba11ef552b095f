// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/memory_rules.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "base/printable.h"
#include "record/rule_message.h"
#include "rules/recorded_event.h"
#include "rules/rule_set.h"

namespace procwall {
tl::expected<HeldRules, DaemonError> ListHeldRules(const std::string& wanted,
                                                   DaemonClient& client) {
  HeldRules held;
  const auto listing = client.ListRules();
  if (!listing && !wanted.empty()) return held;
  if (!listing) return tl::unexpected(listing.error());
  if (!wanted.empty() && !IsDirectoryOf(*listing, wanted)) return held;
  for (const v1::Rule& message : listing->rules()) {
    if (!message.file().empty()) continue;
    auto rule = RuleOf(message);
    if (!rule) continue;  // a later daemon's: it has words that are not known here
    rule->created = Unprintable(message.created());
    rule->updated = Unprintable(message.updated());
    held.push_back(std::make_shared<const Rule>(*std::move(rule)));
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
