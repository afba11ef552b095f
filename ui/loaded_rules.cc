// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/loaded_rules.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include "base/clock.h"
#include "base/printable.h"
#include "rules/network_aliases.h"
#include "rules/recorded_event.h"
#include "rules/rule_store.h"
#include "ui/rules_options.h"

namespace procwall {

std::string RuleDirectoryOf(const std::string& wanted, DaemonClient& client) {
  if (!wanted.empty()) return wanted;
  const auto status = client.Status();
  if (!status || status->rules_directory().empty()) return kRulesDirectory;
  return Unprintable(status->rules_directory());
}

const Rule* LoadedRules::Find(const std::string& name) const {
  const auto found = std::find_if(rules.begin(), rules.end(),
                                  [&](const auto& rule) { return rule->name == name; });
  return found == rules.end() ? nullptr : found->get();
}

std::string LoadedRules::FileOf(const std::string& name) const {
  const auto found = files.find(name);
  if (found == files.end()) return {};
  return std::filesystem::path(directory) / found->second;
}

std::optional<LoadedRules> LoadRules(const std::string& directory, std::ostream& err) {
  const SystemClock clock;
  AssumedAliases assumed = AssumeAliases(directory);
  if (!assumed.error.empty()) {
    err << fmt::format("procwall: {}: {}; only the built-in networks have names\n",
                       TerminalSafe(assumed.file), TerminalSafe(assumed.error));
  }
  References references;
  references.aliases = std::move(assumed.aliases);
  RuleStore store(directory, clock, std::move(references));
  if (const Status loaded = store.Load(); !loaded) {
    err << fmt::format("procwall: rules directory {}: {}\nAnother one: --rules-path DIR.\n",
                       TerminalSafe(directory), loaded.error().ToString());
    return std::nullopt;
  }
  LoadedRules loaded{.directory = directory,
                     .rules = store.Rules(),
                     .files = {},
                     .errors = store.Errors(),
                     .references = store.KnownReferences(),
                     .set = RuleSet::Create(store.CompiledRules())};
  for (const RuleFileState& file : store.Files()) {
    if (file.rule) loaded.files[file.rule->name] = file.file;
  }
  return loaded;
}

void PrintNoSuchRule(const std::string& name, const LoadedRules& loaded, std::ostream& err) {
  err << fmt::format("procwall: there is no rule \"{}\" in {}", TerminalSafe(name),
                     TerminalSafe(loaded.directory));
  std::string similar;
  for (const auto& rule : loaded.rules) {
    if (name.empty() || rule->name.find(name) == std::string::npos) continue;
    similar += fmt::format("{}\"{}\"", similar.empty() ? "" : ", ", TerminalSafe(rule->name));
  }
  if (!similar.empty()) err << "; did you mean " << similar << "?";
  err << "\n";
}

void PrintRuleError(const RuleError& error, std::ostream& err) {
  err << "procwall: " << TerminalSafe(error.ToString()) << "\n";
}

}  // namespace procwall
