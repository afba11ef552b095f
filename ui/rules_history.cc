// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/rules_history.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <system_error>
#include <tuple>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/printable.h"
#include "record/json_text.h"
#include "rules/rule_folder.h"
#include "rules/rule_learn.h"
#include "rules/rule_writer.h"
#include "rules/situation.h"
#include "ui/event_source.h"
#include "ui/loaded_rules.h"
#include "ui/rule_text.h"
#include "ui/rules_change.h"
#include "ui/styled_text.h"

namespace procwall {
namespace {

// Decisions that change in the same way are told together.
struct Flip {
  std::string program;
  std::string destination;
  RuleAction before;
  std::string rule_before;  // empty: the default action
  RuleAction after;
  std::string rule_after;

  // NOLINTNEXTLINE(modernize-use-nullptr): takes the comparison's own 0 for a null pointer
  friend auto operator<=>(const Flip&, const Flip&) = default;
};

std::string ProgramOf(const RecordedEvent& event) {
  const auto& processes = event.situation.processes;
  if (processes.empty()) return "an unknown program";
  return processes[0].path.empty() ? "a program without a path" : processes[0].path;
}

std::string DestinationOf(const RecordedEvent& event) {
  const Endpoint& destination = event.situation.connection.Destination();
  const std::string& host = event.situation.host;
  if (host.empty()) return destination.ToString();
  return fmt::format("{}:{}", host, destination.port);
}

std::string ByText(const std::string& rule) {
  return rule.empty() ? "by default" : fmt::format("by \"{}\"", rule);
}

struct Replay {
  std::map<Flip, std::uint64_t> flips;
  std::uint64_t judged = 0;
  std::uint64_t flipped = 0;
  std::uint64_t other_rule = 0;  // the same decision by another rule
  std::map<std::string, std::uint64_t> untold;
};

Replay JudgeAgain(const std::vector<RecordedEvent>& events, const RuleSet& rules,
                  RuleAction default_action) {
  Replay replay;
  for (const RecordedEvent& event : events) {
    if (!event.was_judged) continue;
    ++replay.judged;
    const Decision decision = Decide(rules, event.situation);
    const RuleAction after = decision.IsDecided() ? decision.rule->action : default_action;
    const std::string rule = decision.IsDecided() ? decision.rule->name : "";
    for (const auto& operand : UntoldOperands(rules.Needs(), event.situation)) {
      ++replay.untold[operand];
    }
    if (after == event.judged) {
      if (rule != event.rule) ++replay.other_rule;
      continue;
    }
    ++replay.flipped;
    ++replay.flips[{ProgramOf(event), DestinationOf(event), event.judged, event.rule, after, rule}];
  }
  return replay;
}

std::string FlipText(const Flip& flip, std::uint64_t count, Colours colours) {
  StyledText line;
  line.Append(fmt::format("{:6} x ", count), Style::kDim)
      .Append(flip.program, Style::kBold)
      .Append(" to " + flip.destination);
  const bool opens = flip.after == RuleAction::kAllow;
  StyledText change;
  change
      .Append(
          fmt::format("         {} {} -> ", RuleActionName(flip.before), ByText(flip.rule_before)))
      .Append(RuleActionName(flip.after), opens ? Style::kGood : Style::kBad)
      .Append(" " + ByText(flip.rule_after));
  return line.Render(colours) + "\n" + change.Render(colours) + "\n";
}

std::string FlipJson(const Flip& flip, std::uint64_t count) {
  return OneLine({{"count", count},
                  {"program", JsonText(flip.program)},
                  {"destination", JsonText(flip.destination)},
                  {"before", RuleActionName(flip.before)},
                  {"rule_before", JsonText(flip.rule_before)},
                  {"after", RuleActionName(flip.after)},
                  {"rule_after", JsonText(flip.rule_after)}}) +
         "\n";
}

RuleAction DefaultAction(const std::string& wanted, DaemonClient& client) {
  std::string action = wanted;
  if (action.empty()) {
    if (const auto status = client.Status()) action = status->default_action();
  }
  return ParseRuleAction(action).value_or(RuleAction::kDeny);
}

void PrintUntold(const Replay& replay, std::ostream& err) {
  for (const auto& [operand, count] : replay.untold) {
    err << fmt::format("note: rules ask for {}, which is not recorded in {} of {} decisions\n",
                       TerminalSafe(operand), count, replay.judged);
  }
}

void PrintLearned(OutputForm form, const LearnedRule& learned, const Console& console) {
  if (form == OutputForm::kJson) {
    Json json = Json::parse(RuleFileText(learned.rule), nullptr, /*allow_exceptions=*/false);
    Json permits = Json::array();
    for (const std::string& phrase : learned.newly_permits) permits.push_back(JsonText(phrase));
    console.out << OneLine({{"rule", std::move(json)},
                            {"events", learned.events},
                            {"newly_permits", std::move(permits)}})
                << "\n";
    return;
  }
  console.out << RuleText(learned.rule, console.terminal.colours)
              << fmt::format("    from {} decisions\n", learned.events);
  for (const std::string& phrase : learned.newly_permits) {
    console.out << "    permits also: " << TerminalSafe(phrase) << "\n";
  }
}

}  // namespace

ExitCode RunRulesReplay(const RulesReplayOptions& options, DaemonClient& client,
                        const Console& console, const Input& input) {
  const auto loaded = LoadRules(RuleDirectoryOf(options.directory, client), console.err);
  if (!loaded) return kUsage;
  const RuleAction default_action = DefaultAction(options.default_action, client);
  const auto events = ReadEvents(options.events, client, input, console.err);
  if (!events) return kUsage;
  const Replay replay = JudgeAgain(*events, loaded->set, default_action);
  for (const auto& [flip, count] : replay.flips) {
    console.out << (options.form == OutputForm::kJson
                        ? FlipJson(flip, count)
                        : FlipText(flip, count, console.terminal.colours));
  }
  if (options.form == OutputForm::kText) {
    console.out << fmt::format("{} of {} decisions would change; {} more would be another rule's\n",
                               replay.flipped, replay.judged, replay.other_rule);
  }
  PrintUntold(replay, console.err);
  return replay.flipped == 0 ? kSuccess : kFailed;
}

ExitCode RunRulesLearn(const RulesLearnOptions& options, DaemonClient& client,
                       const Console& console, const Input& input) {
  const auto events = ReadEvents(options.events, client, input, console.err);
  if (!events) return kUsage;
  Learned learned = LearnRules(*events, options.most_destinations);
  std::error_code error;
  if (!options.to.empty()) std::filesystem::create_directories(options.to, error);
  RuleFolder folder(options.to);
  for (LearnedRule& one : learned.rules) {
    one.rule.created = one.rule.updated = RuleTimeNow();
    one.rule.description = fmt::format("Permits also: {}", fmt::join(one.newly_permits, "; "));
    PrintLearned(options.form, one, console);
    if (options.to.empty()) continue;
    const auto saved = folder.Save(one.rule);
    if (!saved) {
      PrintRuleError(saved.error(), console.err);
      return kFailed;
    }
    console.err << "saved " << TerminalSafe(*saved) << "\n";
  }
  if (learned.unknown > 0) {
    console.err << fmt::format("{} allowed decisions name no single program: no rule for them\n",
                               learned.unknown);
  }
  return kSuccess;
}

}  // namespace procwall
