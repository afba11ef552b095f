// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/rule_draft.h"

#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/printable.h"
#include "net/prefix.h"
#include "rules/lifetime.h"
#include "rules/pattern.h"
#include "rules/rule_set.h"
#include "rules/situation.h"

namespace procwall {
namespace {

using Drafted = tl::expected<Operator, std::string>;

Operator Make(std::string type, std::string operand, std::string data) {
  return {.type = std::move(type), .operand = std::move(operand), .data = std::move(data)};
}

tl::unexpected<std::string> NotUnderstood(const std::string& text, const char* what) {
  return tl::unexpected(fmt::format("\"{}\" is not {}", Printable(text), what));
}

Drafted ConditionOnProgram(const std::string& program) {
  if (!program.starts_with('/')) return NotUnderstood(program, "an absolute path of a program");
  const bool is_pattern = program.find_first_of("*?[") != std::string::npos;
  Operator op = Make(is_pattern               ? "glob"
                     : program.ends_with('/') ? "directory"
                                              : "simple",
                     "process.path", program);
  op.sensitive = true;
  return op;
}

bool IsHostName(std::string_view text) {
  const bool is_plain = std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  });
  return is_plain && !text.empty() && !text.starts_with('.') && !text.starts_with('-');
}

Drafted ConditionOnDestination(const std::string& to) {
  if (to.find('/') != std::string::npos) {
    const auto network = Prefix::Parse(to);
    if (!network) return NotUnderstood(to, "a network like 192.0.2.0/24");
    return Make("network", "dest.network", network->ToString());
  }
  if (const auto address = IpAddress::Parse(to))
    return Make("simple", "dest.ip", address->ToString());
  const bool only_below = to.starts_with("*.");
  const bool and_below = to.starts_with('.');
  std::string host = to.substr(only_below ? 2 : and_below ? 1 : 0);
  if (host.ends_with('.')) host.pop_back();
  if (!IsHostName(host)) return NotUnderstood(to, "a host, an address or a network");
  if (only_below) return Make("regexp", "dest.host", "\\." + Pattern::Quoted(host) + "$");
  if (and_below) return Make("regexp", "dest.host", "^(|.*\\.)" + Pattern::Quoted(host) + "$");
  return Make("simple", "dest.host", std::move(host));
}

Drafted ConditionOnPort(const std::string& port) {
  const auto is_port = [](std::string_view text) {
    Port number = 0;
    const char* const end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, number);
    return !text.empty() && parsed.ec == std::errc() && parsed.ptr == end &&
           text == std::to_string(number);
  };
  if (is_port(port)) return Make("simple", "dest.port", port);
  const std::size_t dash = port.find('-');
  if (dash == std::string::npos || !is_port(port.substr(0, dash)) ||
      !is_port(port.substr(dash + 1))) {
    return NotUnderstood(port, "a port, or a range of ports like 8000-8080");
  }
  return Make("range", "dest.port", port);
}

Drafted ConditionOnProtocol(const std::string& protocol) {
  if (!ParseProtocolName(protocol)) return NotUnderstood(protocol, "a protocol like tcp or udp");
  if (protocol.ends_with('6')) return Make("simple", "protocol", protocol);
  return Make("regexp", "protocol", "^" + Pattern::Quoted(protocol) + "6?$");
}

Drafted ConditionOnUser(const std::string& user, const Accounts& accounts) {
  const bool is_number =
      std::all_of(user.begin(), user.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (is_number) return Make("simple", "user.id", user);
  const auto uid = accounts.FindUser(user);
  if (!uid) return NotUnderstood(user, "a user of this host");
  return Make("simple", "user.id", std::to_string(*uid));
}

tl::expected<std::string, std::string> DurationOf(const std::string& text) {
  const std::string duration = text == "until-restart" ? "until restart" : text;
  const Lifetime::Kind kind = Lifetime::Of(duration).kind;
  if (kind == Lifetime::Kind::kNotKnown || kind == Lifetime::Kind::kOnce) {
    return NotUnderstood(text, "how long a rule holds: 15m, 1h30m, until-restart or always");
  }
  return duration;
}

}  // namespace

tl::expected<Rule, std::string> RuleOfDraft(const RuleDraft& draft, const Accounts& accounts) {
  std::vector<Operator> conditions;
  std::string wrong;
  const auto add = [&](const std::string& text, const auto& condition_on) {
    if (text.empty() || !wrong.empty()) return;
    auto condition = condition_on(text);
    if (condition) {
      conditions.push_back(*std::move(condition));
    } else {
      wrong = std::move(condition.error());
    }
  };
  add(draft.program, ConditionOnProgram);
  add(draft.to, ConditionOnDestination);
  add(draft.port, ConditionOnPort);
  add(draft.protocol, ConditionOnProtocol);
  add(draft.user, [&](const std::string& user) { return ConditionOnUser(user, accounts); });
  auto duration = DurationOf(draft.duration);
  if (!duration && wrong.empty()) wrong = std::move(duration.error());
  if (!wrong.empty()) return tl::unexpected(std::move(wrong));
  if (draft.name.empty()) return tl::unexpected<std::string>("a rule needs a name");
  if (conditions.empty()) {
    return tl::unexpected<std::string>("a rule without any condition would match everything");
  }
  Rule rule{.name = draft.name,
            .description = draft.description,
            .enabled = true,
            .precedence = draft.precedence,
            .action = draft.action,
            .duration = *std::move(duration)};
  rule.op = conditions.size() == 1
                ? std::move(conditions.front())
                : Operator{.type = "list", .operand = "list", .list = std::move(conditions)};
  if (auto refused = CheckRule(rule)) return tl::unexpected(std::move(refused->reason));
  return rule;
}

}  // namespace procwall
