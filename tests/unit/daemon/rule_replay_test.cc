// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/rule_replay.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/wakeup.h"
#include "tests/support/message_text.h"

namespace procwall {
namespace {

constexpr const char* kDenyWeb = R"(rules { name: "b-no-web" enabled: true action: "deny"
    duration: "always" operator { type: "simple" operand: "dest.port" data: "443" } })";

class ReplayRulesTest : public testing::Test {
 protected:
  ReplayRulesTest() {
    rules = RuleSet::Compile(
        {Allowing("a-curl", "/usr/bin/curl"), Allowing("c-dig", "/usr/bin/dig")}, nullptr);
  }
  static std::shared_ptr<const Rule> Allowing(const std::string& name, const std::string& program) {
    Rule rule{.name = name, .enabled = true, .action = RuleAction::kAllow};
    rule.op = {.type = "simple", .operand = "process.path", .data = program};
    return std::make_shared<const Rule>(std::move(rule));
  }
  // Decided by the rule of that name, which allowed it; empty: denied, for there is none.
  void Happened(const std::string& program, Port port, const std::string& rule) {
    auto process = std::make_shared<Process>();
    process->path = program;
    Event event;
    event.connection = Connection{.local = {IpAddress::V4({10, 0, 0, 1}), 40000},
                                  .remote = {IpAddress::V4({192, 0, 2, 1}), port}};
    event.attribution.processes = {process};
    event.judged_action = rule.empty() ? RuleAction::kDeny : RuleAction::kAllow;
    if (!rule.empty()) event.rule = Allowing(rule, program);
    log.Append(std::move(event));
  }
  tl::expected<v1::ReplayRulesResponse, ExplainRefusal> Replay(const std::string& request) const {
    return ReplayRules(FromText<v1::ReplayRulesRequest>(request),
                       {.events = log, .in_force = rules, .references = {}});
  }

  const Wakeup wakeup = Wakeup::Create().value();
  EventLog log{wakeup};
  RuleSet rules;
};

TEST_F(ReplayRulesTest, TheRulesInForceChangeNothing) {
  Happened("/usr/bin/curl", 443, "a-curl");
  Happened("/usr/bin/nc", 443, "");
  const auto answer = Replay("");
  ASSERT_TRUE(answer);
  EXPECT_TRUE(Says(*answer, "judged: 2"));
}

TEST_F(ReplayRulesTest, TellsWhatAnotherRuleWouldChangeTheLatestFirst) {
  Happened("/usr/bin/curl", 443, "a-curl");
  Happened("/usr/bin/curl", 80, "a-curl");
  Happened("/usr/bin/dig", 443, "c-dig");
  const auto answer = Replay(kDenyWeb);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->judged(), 3U);
  EXPECT_EQ(answer->changed(), 2U);
  ASSERT_EQ(answer->decisions_size(), 2);
  EXPECT_EQ(answer->decisions(0).event().sequence(), 3U);
  EXPECT_EQ(answer->decisions(1).event().sequence(), 1U);
  EXPECT_EQ(answer->decisions(0).event().rule(), "c-dig");
  EXPECT_EQ(answer->decisions(0).now().rule(), "b-no-web");
  EXPECT_EQ(answer->decisions(0).now().action(), v1::ACTION_DENY);
}

TEST_F(ReplayRulesTest, LeavesOutTheRulesThatAreNamed) {
  Happened("/usr/bin/curl", 443, "a-curl");
  Happened("/usr/bin/dig", 53, "c-dig");
  const auto answer = Replay(R"(without: "c-dig")");
  ASSERT_TRUE(answer);
  ASSERT_EQ(answer->decisions_size(), 1);
  EXPECT_EQ(answer->decisions(0).event().rule(), "c-dig");
  EXPECT_EQ(answer->decisions(0).now().reason(), v1::REASON_DEFAULT_ACTION);
}

TEST_F(ReplayRulesTest, OneOfTheSameNameTakesThePlace) {
  Happened("/usr/bin/curl", 443, "a-curl");
  const auto answer = Replay(R"(rules { name: "a-curl" enabled: true action: "reject"
      duration: "always" operator { type: "simple" operand: "process.path" data: "/usr/bin/curl" } })");
  ASSERT_TRUE(answer);
  ASSERT_EQ(answer->decisions_size(), 1);
  EXPECT_EQ(answer->decisions(0).now().action(), v1::ACTION_REJECT);
}

TEST_F(ReplayRulesTest, OrNoneOfThoseInForceCounts) {
  Happened("/usr/bin/curl", 443, "a-curl");
  Happened("/usr/bin/nc", 443, "");
  const auto answer = Replay("only_these: true");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->changed(), 1U);
}

TEST_F(ReplayRulesTest, TheSameByAnotherRuleIsNoChange) {
  Happened("/usr/bin/curl", 443, "a-former-one");
  const auto answer = Replay("");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->changed(), 0U);
  EXPECT_EQ(answer->by_another_rule(), 1U);
}

TEST_F(ReplayRulesTest, JudgesTheLastOnesOnly) {
  for (int i = 0; i < 5; ++i) Happened("/usr/bin/curl", 443, "a-curl");
  const auto answer = Replay(std::string("recent: 2 ") + kDenyWeb);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->judged(), 2U);
  ASSERT_EQ(answer->decisions_size(), 2);
  EXPECT_EQ(answer->decisions(1).event().sequence(), 4U);
}

TEST_F(ReplayRulesTest, WhatNoRuleWasAskedAboutIsNotJudged) {
  log.Append({});  // headers that could not be read
  Event cut;
  cut.connection = Connection{};
  cut.cut = true;
  log.Append(std::move(cut));
  EXPECT_EQ(Replay("only_these: true")->judged(), 0U);
}

TEST_F(ReplayRulesTest, ManyAreCountedAndTheFirstAreTold) {
  for (int i = 0; i < kMostReplayed + 10; ++i) Happened("/usr/bin/curl", 443, "a-curl");
  const auto answer = Replay(kDenyWeb);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->changed(), static_cast<unsigned>(kMostReplayed + 10));
  EXPECT_EQ(answer->decisions_size(), kMostReplayed);
}

TEST_F(ReplayRulesTest, SaysWhatIsNotRemembered) {
  EXPECT_EQ(Replay("")->notes_size(), 0);
  const auto answer = Replay(R"(rules { name: "x" enabled: true action: "deny" duration: "always"
      operator { type: "simple" operand: "process.hash.md5" data: "d41d8cd98f00b204e9800998ecf8427e" } })");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->notes_size(), 1);
}

TEST_F(ReplayRulesTest, NamesTheRuleThatCannotBeUsed) {
  const auto answer = Replay(R"(rules { name: "bad one" enabled: true action: "deny"
      duration: "always" operator { type: "regexp" operand: "process.path" data: "(" } })");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ExplainRefusal::Kind::kInvalid);
  EXPECT_NE(answer.error().what.find("bad one"), std::string::npos) << answer.error().what;
  EXPECT_EQ(Replay(R"(rules { name: "x" action: "maybe" })").error().kind,
            ExplainRefusal::Kind::kInvalid);
}

}  // namespace
}  // namespace procwall
