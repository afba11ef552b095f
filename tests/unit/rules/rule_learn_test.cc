// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/rule_learn.h"

#include <gtest/gtest.h>

#include "rules/rule_set.h"
#include "tests/unit/rules/world.h"

namespace procwall {
namespace {

RecordedEvent Allowed(std::string host, std::string_view address = "203.0.113.9", Port port = 443) {
  RecordedEvent event;
  event.action = RuleAction::kAllow;
  event.was_judged = true;
  event.situation.connection = ToExample();
  event.situation.connection.remote = {Ip(address), port};
  event.situation.processes = {Curl()};
  event.situation.host = std::move(host);
  return event;
}

// The last condition but the port's: on the destination.
std::vector<Operator> ConditionsOf(const Learned& learned, std::size_t rule = 0) {
  return learned.rules.at(rule).rule.op.list;
}

TEST(LearnRules, NamesProgramProtocolDestinationAndPort) {
  const Learned learned = LearnRules({Allowed("example.net"), Allowed("example.net")});
  Operator program = Is("process.path", "/usr/bin/curl");
  program.sensitive = true;
  const LearnedRule expected{
      .rule = {.name = "learned-curl-tcp",
               .enabled = true,
               .action = RuleAction::kAllow,
               .op = AllOf({program, Like("protocol", "^tcp6?$"), Is("dest.host", "example.net"),
                            Is("dest.port", "443")})},
      .events = 2,
      .newly_permits = {"every user (seen: 1000)"}};
  EXPECT_EQ(learned.rules, std::vector<LearnedRule>{expected});
}

TEST(LearnRules, MakesADomainOfItsNames) {
  const Learned learned = LearnRules({Allowed("a.example.net"), Allowed("b.example.net")});
  EXPECT_EQ(ConditionsOf(learned).at(2), Like("dest.host", "^((.*\\.)?example\\.net)$"));
  EXPECT_EQ(learned.rules[0].newly_permits[0],
            "example.net and every name below it (seen: a.example.net, b.example.net)");
}

TEST(LearnRules, DoesNotTakeACountryForADomain) {
  const Learned learned = LearnRules({Allowed("a.co.uk"), Allowed("b.co.uk")});
  EXPECT_EQ(ConditionsOf(learned).at(2), Like("dest.host", "^(a\\.co\\.uk|b\\.co\\.uk)$"));
}

TEST(LearnRules, MakesANetworkOfThreeAddresses) {
  const Learned learned =
      LearnRules({Allowed("", "192.0.2.1"), Allowed("", "192.0.2.2"), Allowed("", "192.0.2.3")});
  EXPECT_EQ(ConditionsOf(learned).at(2), Within("dest.network", "192.0.2.0/24"));
  EXPECT_EQ(learned.rules[0].newly_permits[0],
            "every address in 192.0.2.0/24 (seen: 192.0.2.1, 192.0.2.2, 192.0.2.3)");
}

TEST(LearnRules, PutsThePortsOfOneDestinationTogether) {
  const Learned learned =
      LearnRules({Allowed("example.net", "192.0.2.1", 80), Allowed("example.net")});
  ASSERT_EQ(learned.rules.size(), 1U);
  EXPECT_EQ(ConditionsOf(learned).at(3), Like("dest.port", "^(443|80)$"));
}

TEST(LearnRules, GivesUpOnTooManyDestinations) {
  const Learned learned = LearnRules({Allowed("a.net"), Allowed("b.net"), Allowed("c.net")}, 2);
  EXPECT_EQ(learned.rules[0].newly_permits[0], "every destination (3 were seen)");
  EXPECT_EQ(ConditionsOf(learned).size(), 3U);
}

TEST(LearnRules, CountsWhatNamesNoProgramAndSkipsWhatWasDenied) {
  RecordedEvent unknown = Allowed("example.net");
  unknown.situation.processes.clear();
  RecordedEvent denied = Allowed("example.net");
  denied.action = RuleAction::kDeny;
  const Learned learned = LearnRules({unknown, denied});
  EXPECT_EQ(learned.unknown, 1U);
  EXPECT_EQ(learned.rules, std::vector<LearnedRule>{});
}

TEST(LearnRules, AllowsEverythingItHasSeen) {
  std::vector<RecordedEvent> events;
  for (const char* host : {"a.example.net", "b.example.net", "c.org", ""}) {
    for (const char* address : {"192.0.2.1", "192.0.2.2", "192.0.2.9", "198.51.100.1"}) {
      for (const Port port : {Port{53}, Port{80}, Port{443}})
        events.push_back(Allowed(host, address, port));
    }
  }
  std::vector<std::shared_ptr<const Rule>> rules;
  for (const LearnedRule& learned : LearnRules(events).rules) {
    rules.push_back(std::make_shared<const Rule>(learned.rule));
  }
  const RuleSet set = RuleSet::Compile(rules, nullptr);
  for (const RecordedEvent& event : events) {
    EXPECT_TRUE(Decide(set, event.situation).IsAllowed())
        << event.situation.host << event.situation.connection.remote.ToString();
  }
}

}  // namespace
}  // namespace procwall
