// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/temporary_rule.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "base/printable.h"
#include "record/rule_message.h"
#include "rules/lifetime.h"
#include "ui/memory_rules.h"
#include "ui/rule_proposal.h"
#include "ui/rule_text.h"
#include "ui/rules_change.h"

namespace procwall {
namespace {

// What the daemon has of that name; empty: nothing. nullopt, and told, if it cannot take the rule.
std::optional<v1::Rule> RuleBefore(const RulesAddOptions& options, const Rule& rule,
                                   DaemonClient& client, const Console& console) {
  const auto listing = client.ListRules();
  if (!listing) {
    DaemonError error = listing.error();
    error.what = "a temporary rule needs the running daemon: " + error.what;
    PrintDaemonError(error, console.err);
    return std::nullopt;
  }
  if (!options.directory.empty() && !IsDirectoryOf(*listing, options.directory)) {
    console.err << fmt::format(
        "procwall: a temporary rule is held by the running daemon, whose rules are those of {}, "
        "not of {}\n",
        TerminalSafe(listing->directory()), TerminalSafe(options.directory));
    return std::nullopt;
  }
  const std::string name = Printable(rule.name);
  // Of one name, the one that counts is listed last.
  const auto found = std::find_if(listing->rules().rbegin(), listing->rules().rend(),
                                  [&](const v1::Rule& other) { return other.name() == name; });
  if (found == listing->rules().rend()) return v1::Rule();
  if (options.replace) return *found;
  console.err << fmt::format("procwall: there is a rule \"{}\" already; --replace replaces it\n",
                             name);
  return std::nullopt;
}

// The daemon changes a rule that a file says for as long in that file.
void TellWhereItIs(const v1::Rule& before, const v1::Rule& rule, const Console& console) {
  if (!rule.file().empty()) {
    console.err << fmt::format("saved in {}, which said a rule of that name and time before\n",
                               TerminalSafe(rule.file()));
    return;
  }
  if (!before.file().empty()) {
    console.err << fmt::format("note it took the place of {}, which is removed\n",
                               TerminalSafe(before.file()));
  }
  const bool ends_with_daemon = rule.duration() == "until restart";
  console.err << fmt::format("in force {}{}, {}\n", ends_with_daemon ? "" : "for ",
                             TerminalSafe(rule.duration()), kHeldInMemory);
}

}  // namespace

bool IsTemporary(const Rule& rule) {
  const Lifetime::Kind kind = Lifetime::Of(rule.duration).kind;
  return kind == Lifetime::Kind::kUntilRestart || kind == Lifetime::Kind::kFor;
}

ExitCode AddTemporaryRule(const RulesAddOptions& options, Rule rule, DaemonClient& client,
                          const Console& console) {
  rule.updated = RuleTimeNow();
  if (rule.created.empty()) rule.created = rule.updated;
  std::optional<v1::Rule> before = v1::Rule();
  if (!options.dry_run) before = RuleBefore(options, rule, client, console);
  if (!before) return kFailed;
  PrintRule(rule, options.form, console);
  if (options.dry_run) return kSuccess;
  v1::PutRuleRequest request;
  *request.mutable_rule() = ToMessage(rule);
  request.set_replace(options.replace);
  const auto put = client.PutRule(request);
  if (!put) {
    PrintDaemonError(put.error(), console.err);
    return kFailed;
  }
  TellWhereItIs(*before, put->rule(), console);
  return kSuccess;
}

}  // namespace procwall
