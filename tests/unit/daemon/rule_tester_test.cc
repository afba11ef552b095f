// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/rule_tester.h"

#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/wakeup.h"
#include "tests/support/fake_clock.h"
#include "tests/support/message_text.h"

namespace procwall {
namespace {

std::shared_ptr<const Rule> MakeTestedRule(const std::string& name, RuleAction action,
                                           const std::string& operand, const std::string& data) {
  Rule rule{.name = name, .enabled = true, .action = action};
  rule.op = {.type = "simple", .operand = operand, .data = data};
  return std::make_shared<const Rule>(rule);
}

class RuleTesterTest : public testing::Test {
 protected:
  tl::expected<v1::TestRulesResponse, ExplainRefusal> Test(const std::string& request) const {
    const RuleTester tester(
        {.events = events, .rules = rules, .clock = clock, .default_action = RuleAction::kReject});
    return tester.Test(FromText<v1::TestRulesRequest>(request));
  }
  void Use(std::vector<std::shared_ptr<const Rule>> wanted) {
    rules.Set(std::make_shared<const RuleSet>(RuleSet::Compile(std::move(wanted), nullptr)));
  }
  ExplainRefusal::Kind KindOf(const std::string& request) const {
    const auto answer = Test(request);
    EXPECT_FALSE(answer);
    return answer ? ExplainRefusal::Kind::kOverloaded : answer.error().kind;
  }

  const Wakeup wakeup = Wakeup::Create().value();
  EventLog events{wakeup};
  SharedRules rules{std::make_shared<const RuleSet>()};
  FakeClock clock;
};

TEST_F(RuleTesterTest, SaysWhatDecidesAndWhatFitsBesides) {
  Use({MakeTestedRule("a-port", RuleAction::kAllow, "dest.port", "443"),
       MakeTestedRule("b-curl", RuleAction::kDeny, "process.path", "/usr/bin/curl"),
       MakeTestedRule("c-wget", RuleAction::kDeny, "process.path", "/usr/bin/wget"),
       MakeTestedRule("d-user", RuleAction::kDeny, "user.id", "1000")});
  const auto answer =
      Test(R"(event { dst_ip: "192.0.2.1" dst_port: 443 process { path: "/usr/bin/curl" uid: 1000 }
                      uid: 1000 })");
  ASSERT_TRUE(answer);
  EXPECT_TRUE(Says(*answer, R"(judgement { action: ACTION_DENY reason: REASON_RULE rule: "b-curl" }
                               would_also_match: "a-port" would_also_match: "d-user")"));
}

TEST_F(RuleTesterTest, WithoutARuleTheDefaultActionIsTold) {
  const auto answer = Test(R"(event { dst_ip: "fd00::1" dst_port: 80 protocol: "udp6" })");
  ASSERT_TRUE(answer);
  EXPECT_TRUE(Says(*answer, "judgement { action: ACTION_REJECT reason: REASON_DEFAULT_ACTION }"));
}

TEST_F(RuleTesterTest, OfSeveralProgramsTheStrictestCounts) {
  Use({MakeTestedRule("a", RuleAction::kAllow, "process.path", "/bin/a"),
       MakeTestedRule("b", RuleAction::kDeny, "process.path", "/bin/b")});
  const auto answer =
      Test(R"(event { process { path: "/bin/a" } alternatives { path: "/bin/b" } })");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->judgement().rule(), "b");
  ASSERT_EQ(answer->would_also_match_size(), 1);
  EXPECT_EQ(answer->would_also_match(0), "a");
}

TEST_F(RuleTesterTest, ADecisionIsTestedByItsNumber) {
  Use({MakeTestedRule("no-https", RuleAction::kDeny, "dest.port", "443")});
  Event event;
  event.connection = Connection{.local = {IpAddress::V4({10, 0, 0, 1}), 40000},
                                .remote = {IpAddress::V4({192, 0, 2, 1}), 443}};
  events.Append(event);
  const auto answer = Test("sequence: 1");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->judgement().rule(), "no-https");
}

TEST_F(RuleTesterTest, RefusesWhatMakesNoSense) {
  using Kind = ExplainRefusal::Kind;
  EXPECT_EQ(KindOf(""), Kind::kInvalid);
  EXPECT_EQ(KindOf("event {} sequence: 1"), Kind::kInvalid);
  EXPECT_EQ(KindOf(R"(event { protocol: "carrier pigeon" })"), Kind::kInvalid);
  EXPECT_EQ(KindOf(R"(event { dst_ip: "example.org" })"), Kind::kInvalid);
  EXPECT_EQ(KindOf("event { dst_port: 70000 }"), Kind::kInvalid);
  EXPECT_EQ(KindOf("sequence: 7"), Kind::kNotFound);
  events.Append({});
  EXPECT_EQ(KindOf("sequence: 1"), Kind::kInvalid);  // its headers could not be read
}

TEST(SupposedBy, TakesAnIncomingPacketFromItsOtherSide) {
  const auto packet = SupposedBy(FromText<v1::Event>(
      R"(direction: "incoming" src_ip: "192.0.2.1" src_port: 5 dst_ip: "10.0.0.1" dst_port: 22)"));
  ASSERT_TRUE(packet);
  EXPECT_EQ(packet->connection.remote.ToString(), "192.0.2.1:5");
  EXPECT_EQ(packet->connection.local.ToString(), "10.0.0.1:22");
  EXPECT_EQ(packet->attribution.confidence, Confidence::kUnknown);
}

TEST(SupposedBy, ReadsEscapedTexts) {
  const auto packet =
      SupposedBy(FromText<v1::Event>(R"(process { path: "/bin/a\\x0ab" args: "\\\\" })"));
  ASSERT_TRUE(packet);
  EXPECT_EQ(packet->attribution.processes.front()->path, "/bin/a\nb");
  EXPECT_EQ(packet->attribution.processes.front()->CommandLine(), "\\");
}

}  // namespace
}  // namespace procwall
