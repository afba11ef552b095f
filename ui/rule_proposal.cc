// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/rule_proposal.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include <fmt/format.h>

#include "base/printable.h"
#include "rules/pattern.h"
#include "rules/recorded_event.h"

namespace procwall {
namespace {

constexpr std::size_t kMaxNameBytes = 128;

Operator Is(const char* operand, std::string data) {
  return {"simple", operand, std::move(data), false, {}};
}

Operator All(std::vector<Operator> conditions) {
  if (conditions.empty()) return Is("true", "");
  if (conditions.size() == 1) return std::move(conditions.front());
  return {"list", "list", "", false, std::move(conditions)};
}

std::vector<Operator> Joined(std::vector<Operator> conditions,
                             std::initializer_list<Operator> more) {
  conditions.insert(conditions.end(), more);
  return conditions;
}

// Whose packet it is, as conditions, and in words.
struct Who {
  std::vector<Operator> conditions;
  std::string label;
};

Who WhoOf(const v1::Event& event) {
  const bool is_one = event.has_process() && event.alternatives().empty();
  if (!is_one || event.process().path().empty()) return {{}, "any program"};
  Who who{{Is("process.path", Unprintable(event.process().path()))}, "this program"};
  who.conditions.front().sensitive = true;
  if (!event.process().script().empty()) {
    who.conditions.push_back(Is("process.script", Unprintable(event.process().script())));
    who.conditions.back().sensitive = true;
    who.label = "this script";
  }
  return who;
}

// "example.org" of "www.example.org"; empty: there is nothing to be left out.
std::string DomainOf(const std::string& host) {
  const std::size_t dot = host.find('.');
  if (dot == std::string::npos) return "";
  const std::string above = host.substr(dot + 1);
  return above.find('.') == std::string::npos ? host : above;
}

std::string BaseName(const std::string& path) { return path.substr(path.rfind('/') + 1); }

// What a file name and a person can bear.
std::string Slug(std::string_view text) {
  std::string slug;
  for (const char c : text) {
    const bool is_plain = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '_';
    if (is_plain) {
      slug += c;
    } else if (!slug.empty() && slug.back() != '-') {
      slug += '-';
    }
  }
  return slug;
}

}  // namespace

std::vector<RuleProposal> RuleProposals(const v1::Event& event) {
  const Who who = WhoOf(event);
  const std::string host = Unprintable(event.dst_host());
  const Operator to_host = host.empty() ? Is("dest.ip", event.dst_ip()) : Is("dest.host", host);
  const Operator to_port = Is("dest.port", std::to_string(event.dst_port()));
  const std::string place = host.empty() ? event.dst_ip() : event.dst_host();
  const bool has_port = event.dst_port() != 0;
  std::vector<RuleProposal> proposals;
  const auto propose = [&](const std::string& reach, std::initializer_list<Operator> conditions) {
    proposals.push_back(
        {fmt::format("{} {}", who.label, reach), All(Joined(who.conditions, conditions))});
  };
  if (has_port) propose(fmt::format("to {} port {}", place, event.dst_port()), {to_host, to_port});
  propose(fmt::format("to {}", place), {to_host});
  if (const std::string domain = DomainOf(host); !domain.empty()) {
    propose(fmt::format("to {} and all below it", Printable(domain)),
            {{"regexp", "dest.host", "^(|.*\\.)" + Pattern::Quoted(domain) + "$", false, {}}});
  }
  if (!host.empty()) propose(fmt::format("to {}", event.dst_ip()), {Is("dest.ip", event.dst_ip())});
  if (has_port) propose(fmt::format("to port {} anywhere", event.dst_port()), {to_port});
  if (!who.conditions.empty()) propose("anywhere", {});
  return proposals;
}

Rule RuleOfAnswer(const v1::Event& event, const RuleProposal& proposal, RuleAction action,
                  std::string_view duration) {
  Rule rule;
  std::string program = BaseName(event.process().path());
  if (program.empty()) program = "any";
  const std::string place = event.dst_host().empty() ? event.dst_ip() : event.dst_host();
  rule.name = Slug(fmt::format("{}-{}-{}-{}-{}", RuleActionName(action), duration, program, place,
                               event.dst_port()));
  rule.name.resize(std::min(rule.name.size(), kMaxNameBytes));
  rule.description = proposal.label;
  rule.enabled = true;
  rule.action = action;
  rule.duration = duration;
  rule.op = proposal.op;
  return rule;
}

namespace {

void Fill(const Operator& op, v1::Operator& message) {
  message.set_type(Printable(op.type));
  message.set_operand(Printable(op.operand));
  message.set_data(Printable(op.data));
  message.set_sensitive(op.sensitive);
  for (const Operator& condition : op.list) Fill(condition, *message.add_list());
}

}  // namespace

v1::Rule RuleMessage(const Rule& rule) {
  v1::Rule message;
  message.set_name(Printable(rule.name));
  message.set_description(Printable(rule.description));
  message.set_enabled(rule.enabled);
  message.set_precedence(rule.precedence);
  message.set_nolog(rule.nolog);
  message.set_action(RuleActionName(rule.action));
  message.set_duration(Printable(rule.duration));
  Fill(rule.op, *message.mutable_operator_());
  return message;
}

}  // namespace procwall
