// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/rules_why.h"

#include <unistd.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/clock.h"
#include "base/printable.h"
#include "record/json_text.h"
#include "rules/network_aliases.h"
#include "rules/references.h"
#include "rules/rule_explanation.h"
#include "ui/asked_packet.h"
#include "ui/event_source.h"
#include "ui/loaded_rules.h"
#include "ui/memory_rules.h"
#include "ui/rule_text.h"

namespace procwall {
namespace {

// What the rules of the directory are compiled with. Without lists, those that ask one would match
// nothing.
References ReferencesOf(const std::string& directory) {
  References references;
  references.aliases = AssumeAliases(directory).aliases;
  references.lists = std::make_shared<ListStore>(::geteuid());
  return references;
}

// What the daemon judges by: the rules of the directory, and those that it holds in memory.
std::optional<LoadedRules> AllRules(const RulesWhyOptions& options, const std::string& directory,
                                    const References& references, DaemonClient& client,
                                    const Console& console) {
  auto loaded = LoadRules(directory, console.err);
  if (!loaded) return std::nullopt;
  const auto held = ListHeldRules(options.directory, client);
  if (!held) {
    NoteUnknownHeldRules(held.error(), console.err);
    return loaded;
  }
  for (const RuleError& error : AddHeldRules(*held, references, *loaded)) {
    console.err << "note held in memory, but cannot be judged here: "
                << TerminalSafe(error.ToString()) << "\n";
  }
  return loaded;
}

std::optional<AskedPacket> Recorded(const RulesWhyOptions& options, DaemonClient& client,
                                    const Console& console, const Input& input) {
  auto events = ReadEvents(options.events, client, input, console.err);
  if (!events) return std::nullopt;
  const auto found = std::find_if(events->begin(), events->end(), [&](const RecordedEvent& event) {
    return !options.event || event.sequence == *options.event;
  });
  if (found != events->end() && found->was_judged) {
    return AskedPacket{.situation = std::move(found->situation)};
  }
  console.err << (found != events->end() ? "procwall: no rule was asked about that packet\n"
                                         : "procwall: there is no such decision any more\n");
  return std::nullopt;
}

// What is to be told.
struct Answer {
  Decision decision;
  std::vector<MatchingRule> matching;
  std::vector<std::string> untold;
  std::string default_action;  // empty: not known
};

// The process whose judgement is the strictest: its matches explain the decision.
std::vector<MatchingRule> MatchesOf(const LoadedRules& loaded, const References& references,
                                    const AskedPacket& packet, const Decision& decision) {
  const Process* judged = nullptr;
  for (const Process& process : packet.situation.processes) {
    const bool decides = loaded.set.Decide(packet.AsSentBy(&process)).rule == decision.rule;
    if (judged == nullptr || decides) judged = &process;
    if (decides) break;
  }
  return ExplainDecision(loaded.rules, packet.AsSentBy(judged), references);
}

std::string PlaceText(const LoadedRules& loaded, const std::string& rule) {
  const std::string file = loaded.FileOf(rule);
  return file.empty() ? kHeldInMemory : TerminalSafe(file);
}

std::string AnswerText(const Answer& answer, const LoadedRules& loaded, Colours colours) {
  std::string text;
  if (answer.decision.IsDecided()) {
    text += RuleText(*answer.decision.rule, colours);
    const std::string& name = answer.decision.rule->name;
    text += fmt::format("    {}{}\n", loaded.FileOf(name).empty() ? "" : "in ",
                        PlaceText(loaded, name));
  } else {
    text += fmt::format("No rule matches: the default action decides{}{}.\n",
                        answer.default_action.empty() ? "" : ": ", answer.default_action);
  }
  std::size_t others = 0;
  for (const MatchingRule& match : answer.matching) {
    if (match.role == MatchRole::kDecides) continue;
    if (others++ == 0) text += "\nOther rules\n";
    text += fmt::format("  {} \"{}\" {}\n      {}\n", RuleActionName(match.rule->action),
                        TerminalSafe(match.rule->name), MatchRoleText(match.role),
                        PlaceText(loaded, match.rule->name));
  }
  if (!answer.untold.empty()) {
    text += fmt::format(
        "\nNot known here, but asked for by rules: {}. A real packet may be judged "
        "otherwise.\n",
        TerminalSafe(fmt::format("{}", fmt::join(answer.untold, ", "))));
  }
  return text;
}

const char* RoleName(MatchRole role) {
  switch (role) {
    case MatchRole::kDecides:
      return "decides";
    case MatchRole::kNotReached:
      return "not-reached";
    case MatchRole::kOverruled:
      return "overruled";
    case MatchRole::kSuperseded:
      return "superseded";
    case MatchRole::kNotEnforced:
      return "not-enforced";
    case MatchRole::kDisabled:
      return "disabled";
  }
  return "";
}

std::string AnswerJson(const Answer& answer, const LoadedRules& loaded) {
  const auto& rule = answer.decision.rule;
  Json json;
  json["action"] = rule ? RuleActionName(rule->action) : "default";
  json["rule"] = JsonText(rule ? rule->name : "");
  json["file"] = JsonText(rule ? loaded.FileOf(rule->name) : "");
  json["default_action"] = JsonText(answer.default_action);
  json["matching"] = Json::array();
  for (const MatchingRule& match : answer.matching) {
    json["matching"].push_back({{"rule", JsonText(match.rule->name)},
                                {"action", RuleActionName(match.rule->action)},
                                {"file", JsonText(loaded.FileOf(match.rule->name))},
                                {"role", RoleName(match.role)}});
  }
  json["unknown"] = Json::array();
  for (const std::string& operand : answer.untold) json["unknown"].push_back(JsonText(operand));
  return OneLine(json);
}

}  // namespace

ExitCode RunRulesWhy(const RulesWhyOptions& options, DaemonClient& client, const Console& console,
                     const Input& input) {
  const std::string directory = RuleDirectoryOf(options.directory, client);
  const References references = ReferencesOf(directory);
  const auto loaded = AllRules(options, directory, references, client, console);
  if (!loaded) return kFailed;
  std::optional<AskedPacket> packet;
  if (options.event || !options.events.empty()) {
    packet = Recorded(options, client, console, input);
    if (!packet) return kFailed;
  } else {
    auto described = DescribedPacket(options, SystemClock().WallNow());
    if (!described) {
      console.err << "procwall: " << TerminalSafe(described.error()) << "\n";
      return kUsage;
    }
    packet = *std::move(described);
  }
  Answer answer{.decision = Decide(loaded->set, *packet),
                .matching = {},
                .untold = UntoldOperands(loaded->set.Needs(), *packet),
                .default_action = {}};
  answer.matching = MatchesOf(*loaded, references, *packet, answer.decision);
  if (!answer.decision.IsDecided()) {
    if (const auto status = client.Status()) answer.default_action = status->default_action();
  }
  for (const RuleError& error : loaded->errors) {
    console.err << "not in force: " << TerminalSafe(error.ToString()) << "\n";
  }
  console.out << (options.form == OutputForm::kJson
                      ? AnswerJson(answer, *loaded) + "\n"
                      : AnswerText(answer, *loaded, console.terminal.colours));
  return kSuccess;
}

}  // namespace procwall
