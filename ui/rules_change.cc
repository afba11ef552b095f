// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/rules_change.h"

#include <unistd.h>

#include <cerrno>
#include <iterator>
#include <system_error>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "base/printable.h"
#include "rules/rule_file.h"
#include "rules/rule_json.h"
#include "rules/rule_writer.h"
#include "ui/loaded_rules.h"
#include "ui/rule_change.h"
#include "ui/rule_text.h"

namespace procwall {
namespace {

// The rule that was described, or a whole one as JSON.
std::optional<Rule> WantedRule(const RulesAddOptions& options, const Console& console,
                               const Input& input) {
  if (options.draft.name != "-") {
    auto rule = RuleOfDraft(options.draft, SystemAccounts());
    if (rule) return *std::move(rule);
    console.err << "procwall: " << rule.error() << "\nSee `procwall rules add --help`.\n";
    return std::nullopt;
  }
  const std::string text{std::istreambuf_iterator<char>(input.stream), {}};
  auto checked = CheckRuleFile(text, "standard input");
  if (checked) return std::move(checked->rule);
  PrintRuleError(checked.error(), console.err);
  return std::nullopt;
}

void PrintRule(const RulesAddOptions& options, const Rule& rule, const Console& console) {
  console.out << (options.form == OutputForm::kJson ? ToJsonLine(rule) + "\n"
                                                    : RuleText(rule, console.terminal.colours));
}

// Where it was saved; nullopt, and told, if it could not be.
std::optional<std::string> Save(const LoadedRules& loaded, const Rule& rule,
                                const Console& console) {
  WarnOfLostComments(rule, loaded.FileOf(rule.name), console);
  auto saved = SaveRule(loaded.directory, rule);
  if (saved) return *std::move(saved);
  PrintRuleError(saved.error(), console.err);
  return std::nullopt;
}

std::string SavedText(const std::string& path) { return "saved " + TerminalSafe(path); }

// Null, and told, if one is not there.
std::optional<std::vector<Rule>> FindAll(const std::vector<std::string>& names,
                                         const LoadedRules& loaded, const Console& console) {
  std::vector<Rule> rules;
  for (const std::string& name : names) {
    const Rule* rule = loaded.Find(name);
    if (rule == nullptr) {
      PrintNoSuchRule(name, loaded, console.err);
      return std::nullopt;
    }
    rules.push_back(*rule);
  }
  return rules;
}

bool IsConfirmed(const RulesRemoveOptions& options, const Console& console, const Input& input) {
  if (options.yes) return true;
  if (!input.is_terminal) {
    console.err << "procwall: nobody is there to be asked: say --yes\n";
    return false;
  }
  (options.form == OutputForm::kJson ? console.err : console.out)
      << (options.names.size() == 1 ? "Remove it? [y/N] " : "Remove them? [y/N] ") << std::flush;
  std::string answer;
  std::getline(input.stream, answer);
  return answer == "y" || answer == "Y" || answer == "yes";
}

}  // namespace

std::string RuleTimeNow() {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
}

ExitCode RunRulesAdd(const RulesAddOptions& options, DaemonClient& client, const Console& console,
                     const Input& input) {
  auto rule = WantedRule(options, console, input);
  if (!rule) return kUsage;
  const std::string directory = RuleDirectoryOf(options.directory, client);
  const auto loaded = LoadRules(directory, console.err);
  if (!loaded) return kFailed;
  const Rule* before = loaded->Find(rule->name);
  if (before != nullptr && !options.replace) {
    console.err << fmt::format("procwall: {} has a rule \"{}\" already; --replace replaces it\n",
                               TerminalSafe(loaded->FileOf(rule->name)), TerminalSafe(rule->name));
    return kFailed;
  }
  rule->updated = RuleTimeNow();
  const bool has_begun = before != nullptr && !before->created.empty();
  if (rule->created.empty()) rule->created = has_begun ? before->created : rule->updated;
  PrintRule(options, *rule, console);
  if (options.dry_run) return kSuccess;
  const auto saved = Save(*loaded, *rule, console);
  if (!saved) return kFailed;
  console.err << SavedText(*saved) << "\n";
  return kSuccess;
}

ExitCode RunRulesSwitch(const RulesSwitchOptions& options, DaemonClient& client,
                        const Console& console) {
  const auto loaded = LoadRules(RuleDirectoryOf(options.directory, client), console.err);
  if (!loaded) return kFailed;
  auto rules = FindAll(options.names, *loaded, console);
  if (!rules) return kFailed;
  for (const Rule& rule : *rules) {
    const auto refused = options.enable ? CheckRule(rule) : std::nullopt;
    if (!refused) continue;
    PrintRuleError(*refused, console.err);
    return kFailed;
  }
  for (Rule& rule : *rules) {
    const char* const state = options.enable ? "enabled" : "disabled";
    if (rule.enabled == options.enable) {
      TellChange({.what = "kept",
                  .name = rule.name,
                  .file = loaded->FileOf(rule.name),
                  .why = fmt::format("it is {} already", state)},
                 fmt::format("\"{}\" is {} already", TerminalSafe(rule.name), state), options.form,
                 console);
      continue;
    }
    rule.enabled = options.enable;
    rule.updated = RuleTimeNow();
    if (rule.created.empty()) rule.created = rule.updated;
    const auto saved = Save(*loaded, rule, console);
    if (!saved) return kFailed;
    TellChange({.what = state, .name = rule.name, .file = *saved}, SavedText(*saved), options.form,
               console);
  }
  return kSuccess;
}

ExitCode RunRulesRemove(const RulesRemoveOptions& options, DaemonClient& client,
                        const Console& console, const Input& input) {
  const auto loaded = LoadRules(RuleDirectoryOf(options.directory, client), console.err);
  if (!loaded) return kFailed;
  const auto rules = FindAll(options.names, *loaded, console);
  if (!rules) return kFailed;
  for (const Rule& rule : *rules) {
    (options.form == OutputForm::kJson ? console.err : console.out)
        << RuleText(rule, console.terminal.colours);
  }
  if (!IsConfirmed(options, console, input)) return kFailed;
  for (const Rule& rule : *rules) {
    const std::string path = loaded->FileOf(rule.name);
    if (::unlink(path.c_str()) != 0) {
      console.err << fmt::format("procwall: cannot remove {}: {}\n", TerminalSafe(path),
                                 std::generic_category().message(errno));
      return kFailed;
    }
    TellChange({.what = "removed", .name = rule.name, .file = path},
               "removed " + TerminalSafe(path), options.form, console);
  }
  return kSuccess;
}

}  // namespace procwall
