// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/rules_why.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/clock.h"
#include "base/printable.h"
#include "record/json_text.h"
#include "rules/rule_explanation.h"
#include "rules/situation.h"
#include "ui/event_filter.h"
#include "ui/event_source.h"
#include "ui/loaded_rules.h"
#include "ui/rule_text.h"

namespace procwall {
namespace {

std::optional<Uid> ParseUser(const std::string& user) {
  Uid uid = 0;
  const char* const end = user.data() + user.size();
  const auto parsed = std::from_chars(user.data(), end, uid);
  if (parsed.ec == std::errc() && parsed.ptr == end) return uid;
  return SystemAccounts().FindUser(user);
}

// What the options describe; else what is wrong with them.
tl::expected<Situation, std::string> Described(const RulesWhyOptions& options) {
  Situation situation;
  Connection& connection = situation.connection;
  const auto to = ParseWantedDestination(options.to);
  if (!to) return tl::unexpected("--to: \"" + options.to + "\" is no HOST:PORT or IP:PORT");
  const auto protocol = ParseProtocolName(options.protocol);
  if (!protocol) return tl::unexpected("--protocol: \"" + options.protocol + "\" is not known");
  connection.protocol = *protocol;
  connection.remote = {to->address.value_or(IpAddress()), to->port.value_or(0)};
  if (!connection.remote.address.IsV4()) connection.local.address = IpAddress::V6({});
  situation.host = options.host.empty() ? to->host : options.host;
  situation.sni = options.sni;
  if (!options.user.empty()) {
    connection.uid = ParseUser(options.user);
    if (!connection.uid) return tl::unexpected("--user: there is no user " + options.user);
  }
  situation.now = SystemClock().WallNow();
  if (!options.program.empty()) {
    Process process;
    process.id.pid = 1;
    process.path = options.program;
    process.uid = connection.uid.value_or(0);
    situation.processes.push_back(std::move(process));
  }
  return situation;
}

std::optional<Situation> Recorded(const RulesWhyOptions& options, DaemonClient& client,
                                  const Console& console, const Input& input) {
  auto events = ReadEvents(options.events, client, input, console.err);
  if (!events) return std::nullopt;
  const auto found = std::find_if(events->begin(), events->end(), [&](const RecordedEvent& event) {
    return !options.event || event.sequence == *options.event;
  });
  if (found != events->end() && found->was_judged) return std::move(found->situation);
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
std::vector<MatchingRule> MatchesOf(const LoadedRules& loaded, const Situation& situation,
                                    const Decision& decision) {
  const Process* judged = nullptr;
  for (const Process& process : situation.processes) {
    const bool decides = loaded.set.Decide(situation.AsSentBy(&process)).rule == decision.rule;
    if (judged == nullptr || decides) judged = &process;
    if (decides) break;
  }
  return ExplainDecision(loaded.rules, situation.AsSentBy(judged));
}

std::string AnswerText(const Answer& answer, const LoadedRules& loaded, Colours colours) {
  std::string text;
  if (answer.decision.IsDecided()) {
    text += RuleText(*answer.decision.rule, colours);
    text += "    in " + TerminalSafe(loaded.FileOf(answer.decision.rule->name)) + "\n";
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
                        TerminalSafe(loaded.FileOf(match.rule->name)));
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
  const auto loaded = LoadRules(RuleDirectoryOf(options.directory, client), console.err);
  if (!loaded) return kFailed;
  std::optional<Situation> situation;
  if (options.event || !options.events.empty()) {
    situation = Recorded(options, client, console, input);
    if (!situation) return kFailed;
  } else {
    auto described = Described(options);
    if (!described) {
      console.err << "procwall: " << TerminalSafe(described.error()) << "\n";
      return kUsage;
    }
    situation = *std::move(described);
  }
  Answer answer{.decision = Decide(loaded->set, *situation),
                .matching = {},
                .untold = UntoldOperands(loaded->set.Needs(), *situation),
                .default_action = {}};
  answer.matching = MatchesOf(*loaded, *situation, answer.decision);
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
