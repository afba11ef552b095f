// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/rule_proposal.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include <fmt/format.h>

#include "base/printable.h"
#include "net/connection.h"
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

std::vector<Operator> Joined(std::vector<Operator> conditions, const std::vector<Operator>& more) {
  conditions.insert(conditions.end(), more.begin(), more.end());
  return conditions;
}

bool ComesIn(const v1::Event& event) {
  return event.direction() == DirectionName(Direction::kIncoming);
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

// Hosters under whose names strangers have theirs.
constexpr std::array<std::string_view, 13> kHosters{
    "amazonaws.com", "appspot.com", "azurewebsites.net", "blogspot.com", "cloudfront.net",
    "github.io",     "gitlab.io",   "herokuapp.com",     "netlify.app",  "pages.dev",
    "vercel.app",    "web.app",     "workers.dev"};
// Of these, regions and services stand between the hoster and what has one owner.
constexpr std::array<std::string_view, 3> kDeepHosters{"amazonaws.com", "appspot.com",
                                                       "azurewebsites.net"};
// Under a country's domain, shorter names may be registries: "co.uk", "com.br", "or.jp".
constexpr std::size_t kLongestRegistry = 3;
constexpr std::size_t kCountryLetters = 2;

std::string Lowered(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

// Do strangers have names below it? A guess in place of a list of public suffixes: it rather takes
// a domain of one owner for a shared one than the other way round.
bool IsShared(const std::string& domain) {
  const std::size_t dot = domain.rfind('.');
  if (dot == std::string::npos || dot == 0) return true;
  if (std::ranges::find(kHosters, Lowered(domain)) != kHosters.end()) return true;
  const std::size_t top_letters = domain.size() - dot - 1;
  const bool has_two_labels = domain.find('.') == dot;
  return has_two_labels && top_letters <= kCountryLetters && dot <= kLongestRegistry;
}

bool IsOfDeepHoster(const std::string& host) {
  return std::ranges::any_of(kDeepHosters, [name = Lowered(host)](std::string_view hoster) {
    return name.ends_with("." + std::string(hoster));
  });
}

// "example.org" of "www.example.org" and of itself; empty: there is none that has one owner. What
// is shared by many needs one name more: "bbc.co.uk" of itself.
std::string DomainOf(const std::string& host) {
  const std::size_t dot = host.find('.');
  if (dot == std::string::npos) return "";
  const std::string above = host.substr(dot + 1);
  if (!IsShared(above) && !IsOfDeepHoster(above)) return above;
  return IsShared(host) ? "" : host;
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

// Which connections of a program, as conditions, and in words.
struct Reach {
  std::string label;
  std::vector<Operator> conditions;
};

std::vector<Reach> ReachesTo(const v1::Event& event) {
  const std::string host = Unprintable(event.dst_host());
  const Operator to_host = host.empty() ? Is("dest.ip", event.dst_ip()) : Is("dest.host", host);
  const Operator to_port = Is("dest.port", std::to_string(event.dst_port()));
  const std::string place = host.empty() ? event.dst_ip() : event.dst_host();
  const bool has_port = event.dst_port() != 0;
  std::vector<Reach> reaches;
  if (has_port) {
    reaches.push_back({fmt::format("to {} port {}", place, event.dst_port()), {to_host, to_port}});
  }
  reaches.push_back({fmt::format("to {}", place), {to_host}});
  if (const std::string domain = DomainOf(host); !domain.empty()) {
    reaches.push_back(
        {fmt::format("to {} and all below it", Printable(domain)),
         {{"regexp", "dest.host", "^(|.*\\.)" + Pattern::Quoted(domain) + "$", false, {}}}});
  }
  if (!host.empty()) {
    reaches.push_back({fmt::format("to {}", event.dst_ip()), {Is("dest.ip", event.dst_ip())}});
  }
  if (has_port) {
    reaches.push_back({fmt::format("to port {} anywhere", event.dst_port()), {to_port}});
  }
  return reaches;
}

// Of what comes in, the destination is this host: a rule about it would be about every caller.
std::vector<Reach> ReachesFrom(const v1::Event& event) {
  const Operator from = Is("source.ip", event.src_ip());
  const Operator to_port = Is("dest.port", std::to_string(event.dst_port()));
  const Operator incoming = Is("direction", DirectionName(Direction::kIncoming));
  const bool has_port = event.dst_port() != 0;
  std::vector<Reach> reaches;
  if (has_port) {
    reaches.push_back(
        {fmt::format("from {} to port {}", event.src_ip(), event.dst_port()), {from, to_port}});
  }
  reaches.push_back({fmt::format("from {}", event.src_ip()), {from}});
  if (has_port) {
    reaches.push_back(
        {fmt::format("from anywhere to port {}", event.dst_port()), {incoming, to_port}});
  }
  reaches.push_back({"from anywhere", {incoming}});
  return reaches;
}

}  // namespace

std::vector<RuleProposal> RuleProposals(const v1::Event& event) {
  const Who who = WhoOf(event);
  std::vector<RuleProposal> proposals;
  for (const Reach& reach : ComesIn(event) ? ReachesFrom(event) : ReachesTo(event)) {
    proposals.push_back({fmt::format("{} {}", who.label, reach.label),
                         All(Joined(who.conditions, reach.conditions))});
  }
  if (!who.conditions.empty()) proposals.push_back({who.label + " anywhere", All(who.conditions)});
  return proposals;
}

Rule RuleOfAnswer(const v1::Event& event, const RuleProposal& proposal, RuleAction action,
                  std::string_view duration) {
  Rule rule;
  std::string program = BaseName(event.process().path());
  if (program.empty()) program = "any";
  std::string place = event.dst_host().empty() ? event.dst_ip() : event.dst_host();
  if (ComesIn(event)) place = "from " + event.src_ip();
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

}  // namespace procwall
