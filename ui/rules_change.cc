// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/rules_change.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <system_error>
#include <utility>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "base/printable.h"
#include "rules/rule_file.h"
#include "rules/rule_folder.h"
#include "ui/loaded_rules.h"
#include "ui/memory_rules.h"
#include "ui/rule_change.h"
#include "ui/rule_text.h"
#include "ui/temporary_rule.h"

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

// A rule that is to be changed.
struct FoundRule {
  Rule rule;
  std::string file;  // its path; empty: the daemon holds it in memory
};

// Null, and told, if one is neither in the directory nor, where that is the daemon's own, held in
// memory. `wanted`: the directory as it was asked for.
std::optional<std::vector<FoundRule>> FindAll(const std::vector<std::string>& names,
                                              const std::string& wanted, const LoadedRules& loaded,
                                              DaemonClient& client, const Console& console) {
  std::vector<FoundRule> rules;
  std::optional<tl::expected<HeldRules, DaemonError>> held;  // asked for when it is needed
  for (const std::string& name : names) {
    if (const Rule* rule = loaded.Find(name)) {
      rules.push_back({*rule, loaded.FileOf(name)});
      continue;
    }
    if (!held) held = ListHeldRules(wanted, client);
    const HeldRules in_memory = held->value_or(HeldRules());
    const auto found = std::find_if(in_memory.begin(), in_memory.end(),
                                    [&](const auto& rule) { return rule->name == name; });
    if (found == in_memory.end()) {
      PrintNoSuchRule(name, loaded, console.err);
      if (!*held) NoteUnknownHeldRules(held->error(), console.err);
      return std::nullopt;
    }
    rules.push_back({**found, ""});
  }
  return rules;
}

// Where it was saved; empty: it is held in memory. nullopt, and told, if it could not be switched.
std::optional<std::string> Switch(const LoadedRules& loaded, FoundRule found, bool enable,
                                  DaemonClient& client, const Console& console) {
  Rule& rule = found.rule;
  if (found.file.empty()) {
    v1::SetRuleEnabledRequest request;
    request.set_name(Printable(rule.name));
    request.set_enabled(enable);
    const auto done = client.SetRuleEnabled(request);
    if (done) return "";
    PrintDaemonError(done.error(), console.err);
    return std::nullopt;
  }
  rule.enabled = enable;
  rule.updated = RuleTimeNow();
  if (rule.created.empty()) rule.created = rule.updated;
  return Save(loaded, rule, console);
}

// False, and told, if it could not be removed.
bool Remove(const FoundRule& found, DaemonClient& client, const Console& console) {
  if (!found.file.empty()) {
    if (::unlink(found.file.c_str()) == 0) return true;
    console.err << fmt::format("procwall: cannot remove {}: {}\n", TerminalSafe(found.file),
                               std::generic_category().message(errno));
    return false;
  }
  v1::RemoveRuleRequest request;
  request.set_name(Printable(found.rule.name));
  const auto done = client.RemoveRule(request);
  if (done) return true;
  PrintDaemonError(done.error(), console.err);
  return false;
}

// What became of a rule: of its file, or in memory.
void TellChangeOf(const Rule& rule, const std::string& file, const char* what,
                  const std::string& text, OutputForm form, const Console& console) {
  const bool is_held = file.empty();
  TellChange(
      {.what = what, .name = rule.name, .file = file, .why = is_held ? kHeldInMemory : ""},
      is_held ? fmt::format("{} \"{}\", {}", what, TerminalSafe(rule.name), kHeldInMemory) : text,
      form, console);
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
  // A whole rule that is meant for some directory is saved there as it is, like an imported one.
  const bool is_file = options.draft.name == "-" && !options.directory.empty();
  if (IsTemporary(*rule) && !is_file) return AddTemporaryRule(options, *rule, client, console);
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
  PrintRule(*rule, options.form, console);
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
  const auto rules = FindAll(options.names, options.directory, *loaded, client, console);
  if (!rules) return kFailed;
  for (const FoundRule& found : *rules) {
    // What the daemon holds, it checks itself.
    const bool is_ours = options.enable && !found.file.empty();
    const auto refused =
        is_ours ? CheckRule(found.rule, nullptr, loaded->references) : std::nullopt;
    if (!refused) continue;
    PrintRuleError(*refused, console.err);
    return kFailed;
  }
  for (const FoundRule& found : *rules) {
    const char* const state = options.enable ? "enabled" : "disabled";
    if (found.rule.enabled == options.enable) {
      TellChange({.what = "kept",
                  .name = found.rule.name,
                  .file = found.file,
                  .why = fmt::format("it is {} already", state)},
                 fmt::format("\"{}\" is {} already", TerminalSafe(found.rule.name), state),
                 options.form, console);
      continue;
    }
    const auto saved = Switch(*loaded, found, options.enable, client, console);
    if (!saved) return kFailed;
    TellChangeOf(found.rule, *saved, state, SavedText(*saved), options.form, console);
  }
  return kSuccess;
}

ExitCode RunRulesRemove(const RulesRemoveOptions& options, DaemonClient& client,
                        const Console& console, const Input& input) {
  const auto loaded = LoadRules(RuleDirectoryOf(options.directory, client), console.err);
  if (!loaded) return kFailed;
  const auto rules = FindAll(options.names, options.directory, *loaded, client, console);
  if (!rules) return kFailed;
  for (const FoundRule& found : *rules) {
    (options.form == OutputForm::kJson ? console.err : console.out)
        << RuleText(found.rule, console.terminal.colours);
  }
  if (!IsConfirmed(options, console, input)) return kFailed;
  for (const FoundRule& found : *rules) {
    if (!Remove(found, client, console)) return kFailed;
    TellChangeOf(found.rule, found.file, "removed", "removed " + TerminalSafe(found.file),
                 options.form, console);
  }
  return kSuccess;
}

}  // namespace procwall
