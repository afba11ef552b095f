// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/rule_expectations.h"

#include <fcntl.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/printable.h"
#include "rules/accounts.h"
#include "rules/json_places.h"
#include "rules/time_window.h"
#include "rules/trusted_file.h"

namespace procwall {
namespace {

using Json = nlohmann::json;
using Outcome = std::optional<std::string>;  // what is wrong

// Fills one key of an expectation.
struct Builder {
  Expectation expectation{};
  Process process{};
  Endpoint source{};
  Endpoint destination{};
  bool has_program = false;
  bool has_source = false;
  bool has_destination = false;
  bool expects = false;
};

std::optional<Port> ParsePort(std::string_view text) {
  Port port = 0;
  const char* const end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, port);
  if (parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
  return port;
}

Outcome SetName(Builder& builder, const std::string& value) {
  builder.expectation.name = value;
  return {};
}
Outcome SetProgram(Builder& builder, const std::string& value) {
  builder.has_program = !value.empty();
  builder.process.path = value;
  return {};
}
Outcome SetCommand(Builder& builder, const std::string& value) {
  builder.process.args = SharedList<std::string>({value});
  return {};
}
Outcome SetParent(Builder& builder, const std::string& value) {
  builder.process.ancestors = SharedList<Ancestor>({{1, value}});
  return {};
}
Outcome SetUser(Builder& builder, const std::string& value) {
  Uid uid = 0;
  const char* const end = value.data() + value.size();
  const auto parsed = std::from_chars(value.data(), end, uid);
  if (parsed.ec != std::errc() || parsed.ptr != end) {
    const auto found = SystemAccounts().FindUser(value);
    if (!found) return fmt::format("there is no user \"{}\"", Printable(value));
    uid = *found;
  }
  builder.process.uid = uid;
  builder.expectation.situation.connection.uid = uid;
  return {};
}
Outcome SetAddress(const std::string& value, IpAddress& address, bool& is_set) {
  const auto parsed = IpAddress::Parse(value);
  if (!parsed) return fmt::format("\"{}\" is not an address", Printable(value));
  address = *parsed;
  is_set = true;
  return {};
}
Outcome SetPortNumber(const std::string& value, Port& port) {
  const auto parsed = ParsePort(value);
  if (!parsed) return fmt::format("\"{}\" is not a port", Printable(value));
  port = *parsed;
  return {};
}
Outcome SetTo(Builder& builder, const std::string& value) {
  return SetAddress(value, builder.destination.address, builder.has_destination);
}
Outcome SetPort(Builder& builder, const std::string& value) {
  return SetPortNumber(value, builder.destination.port);
}
Outcome SetSource(Builder& builder, const std::string& value) {
  return SetAddress(value, builder.source.address, builder.has_source);
}
Outcome SetSourcePort(Builder& builder, const std::string& value) {
  return SetPortNumber(value, builder.source.port);
}
Outcome SetDirection(Builder& builder, const std::string& value) {
  for (const Direction direction :
       {Direction::kOutgoing, Direction::kIncoming, Direction::kForwarded}) {
    if (value != DirectionName(direction)) continue;
    builder.expectation.situation.connection.direction = direction;
    return {};
  }
  return fmt::format("\"{}\" is not outgoing, incoming or forwarded", Printable(value));
}
Outcome SetAt(Builder& builder, const std::string& value) {
  const auto moment = SomeMomentAt(value);
  if (!moment) return fmt::format("\"{}\" is no time like \"Mon 22:30\"", Printable(value));
  builder.expectation.situation.now = *moment;
  return {};
}
Outcome SetHost(Builder& builder, const std::string& value) {
  builder.expectation.situation.host = value;
  return {};
}
Outcome SetServerName(Builder& builder, const std::string& value) {
  builder.expectation.situation.sni = value;
  return {};
}
Outcome SetProtocol(Builder& builder, const std::string& value) {
  const auto protocol = ParseProtocolName(value);
  if (!protocol) return fmt::format("\"{}\" is not a protocol", Printable(value));
  builder.expectation.situation.connection.protocol = *protocol;
  return {};
}
Outcome SetExpect(Builder& builder, const std::string& value) {
  builder.expects = true;
  builder.expectation.action = ParseRuleAction(value);
  if (builder.expectation.action || value == "default") return {};
  return fmt::format("\"{}\" is not allow, deny, reject or default", Printable(value));
}
Outcome SetRule(Builder& builder, const std::string& value) {
  builder.expectation.rule = value;
  return {};
}

struct Key {
  std::string_view name;
  Outcome (*set)(Builder&, const std::string&);
};
constexpr std::array kKeys{Key{"name", SetName},
                           Key{"program", SetProgram},
                           Key{"command", SetCommand},
                           Key{"parent", SetParent},
                           Key{"user", SetUser},
                           Key{"to", SetTo},
                           Key{"port", SetPort},
                           Key{"host", SetHost},
                           Key{"sni", SetServerName},
                           Key{"protocol", SetProtocol},
                           Key{"direction", SetDirection},
                           Key{"source", SetSource},
                           Key{"source-port", SetSourcePort},
                           Key{"at", SetAt},
                           Key{"expect", SetExpect},
                           Key{"rule", SetRule}};

Outcome SetKey(Builder& builder, const std::string& name, const Json& value) {
  const auto* const key = std::find_if(kKeys.begin(), kKeys.end(),
                                       [&](const Key& known) { return known.name == name; });
  if (key == kKeys.end()) return fmt::format("the key \"{}\" is not known", Printable(name));
  if (value.is_string()) return key->set(builder, value.get<std::string>());
  if (value.is_number_unsigned()) return key->set(builder, value.dump());
  return fmt::format("\"{}\" must be a text or a number", name);
}

tl::expected<Expectation, std::string> ReadExpectation(const Json& object, std::size_t number) {
  if (!object.is_object()) return tl::unexpected<std::string>("it is not an object");
  Builder builder;
  for (const auto& [name, value] : object.items()) {
    if (auto wrong = SetKey(builder, name, value)) return tl::unexpected(*std::move(wrong));
  }
  if (!builder.expects) return tl::unexpected<std::string>("\"expect\" is missing");
  if (!builder.has_destination) return tl::unexpected<std::string>("\"to\" is missing");
  const bool is_v4 = builder.destination.address.IsV4();
  if (!builder.has_source && !is_v4) builder.source.address = IpAddress::V6({});
  if (builder.source.address.IsV4() != is_v4) {
    return tl::unexpected<std::string>("of \"source\" and \"to\" one is IPv4, the other IPv6");
  }
  Expectation& expectation = builder.expectation;
  Connection& connection = expectation.situation.connection;
  const bool is_incoming = connection.direction == Direction::kIncoming;
  connection.local = is_incoming ? builder.destination : builder.source;
  connection.remote = is_incoming ? builder.source : builder.destination;
  if (builder.has_program) {
    builder.process.id = {1, 0};
    expectation.situation.processes.push_back(std::move(builder.process));
  }
  if (expectation.name.empty()) expectation.name = fmt::format("expectation {}", number);
  return std::move(expectation);
}

std::string NameOf(std::optional<RuleAction> action) {
  return action ? RuleActionName(*action) : "default";
}

ExpectationResult Test(const RuleSet& rules, const Expectation& expectation) {
  const Decision decision = Decide(rules, expectation.situation);
  std::optional<RuleAction> action;
  if (decision.IsDecided()) action = decision.rule->action;
  const std::string rule = decision.IsDecided() ? decision.rule->name : "";
  ExpectationResult result{
      .name = expectation.name,
      .ok = action == expectation.action && (expectation.rule.empty() || rule == expectation.rule),
      .expected = NameOf(expectation.action),
      .got = NameOf(action)};
  if (!expectation.rule.empty()) result.expected += fmt::format(" by \"{}\"", expectation.rule);
  result.got += decision.IsDecided() ? fmt::format(" by \"{}\"", rule) : ": no rule matches";
  return result;
}

}  // namespace

tl::expected<std::vector<Expectation>, RuleError> ParseExpectations(std::string_view text,
                                                                    const std::string& file) {
  std::size_t consumed = 0;
  const auto is_shallow = [](int depth, Json::parse_event_t, Json&) { return depth <= 8; };
  const Json json = Json::parse(CountingIterator(text.data(), &consumed),
                                CountingIterator(text.data() + text.size(), nullptr), is_shallow,
                                /*allow_exceptions=*/false, /*ignore_comments=*/true);
  if (json.is_discarded()) {
    const LineColumn at = LineColumnAt(text, consumed == 0 ? 0 : consumed - 1);
    return tl::unexpected(RuleError{file, at.line, at.column, "this is not JSON"});
  }
  if (!json.is_array()) {
    return tl::unexpected(RuleError{file, 0, 0, "expectations are a JSON array of objects"});
  }
  std::vector<Expectation> expectations;
  for (const Json& object : json) {
    const std::size_t number = expectations.size() + 1;
    auto expectation = ReadExpectation(object, number);
    if (!expectation) {
      return tl::unexpected(
          RuleError{file, 0, 0, fmt::format("expectation {}: {}", number, expectation.error())});
    }
    expectations.push_back(*std::move(expectation));
  }
  return expectations;
}

std::vector<ExpectationResult> TestRules(const RuleSet& rules,
                                         const std::vector<Expectation>& expectations) {
  std::vector<ExpectationResult> results;
  results.reserve(expectations.size());
  for (const Expectation& expectation : expectations) results.push_back(Test(rules, expectation));
  return results;
}

std::vector<RuleError> FailedExpectations(const std::string& directory, const RuleSet& rules,
                                          uid_t reader) {
  const std::string path = directory + (directory.ends_with('/') ? "" : "/") + kExpectationsFile;
  const auto text = ReadTrustedFile(AT_FDCWD, path, kMaxExpectationsBytes, reader);
  if (!text) return {RuleError{path, 0, 0, text.error()}};
  if (!*text) return {};
  const auto expectations = ParseExpectations(**text, path);
  if (!expectations) return {expectations.error()};
  std::vector<RuleError> failed;
  for (const ExpectationResult& result : TestRules(rules, *expectations)) {
    if (result.ok) continue;
    failed.push_back({path, 0, 0,
                      fmt::format("{}: expected {}, got {}", Printable(result.name),
                                  Printable(result.expected), Printable(result.got))});
  }
  return failed;
}

}  // namespace procwall
