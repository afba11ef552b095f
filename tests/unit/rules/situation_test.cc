// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/situation.h"

#include <gtest/gtest.h>

#include "tests/unit/rules/world.h"

namespace procwall {
namespace {

Situation CurlToExample() {
  Situation situation;
  situation.connection = ToExample();
  situation.processes = {Curl()};
  situation.host = "example.net";
  return situation;
}

RuleSet Rules(std::vector<std::shared_ptr<const Rule>> rules) {
  return RuleSet::Compile(std::move(rules), nullptr);
}

TEST(DecideSituation, AsksTheRulesAboutIt) {
  const auto rule = MakeRule("a", RuleAction::kAllow, Is("dest.host", "example.net"));
  EXPECT_EQ(Decide(Rules({rule}), CurlToExample()).rule, rule);
}

TEST(DecideSituation, TakesTheStrictestOfSeveralPrograms) {
  Situation situation = CurlToExample();
  situation.processes.push_back(Curl());
  situation.processes.back().path = "/tmp/evil";
  const auto allow = MakeRule("a", RuleAction::kAllow, Is("true", ""));
  const auto deny = MakeRule("b", RuleAction::kDeny, Is("process.path", "/tmp/evil"));
  EXPECT_EQ(Decide(Rules({allow, deny}), situation).rule, deny);
}

TEST(DecideSituation, JudgesAnUnknownProgramToo) {
  Situation situation = CurlToExample();
  situation.processes.clear();
  const auto rule = MakeRule("a", RuleAction::kDeny, Is("process.path", ""));
  EXPECT_EQ(Decide(Rules({rule}), situation).rule, rule);
}

TEST(ParseProtocolName, KnowsBothFamilies) {
  EXPECT_EQ(ParseProtocolName("tcp"), IpProtocol::kTcp);
  EXPECT_EQ(ParseProtocolName("udp6"), IpProtocol::kUdp);
  EXPECT_EQ(ParseProtocolName("TCP"), std::nullopt);
}

TEST(Situation, IsJudgedByItsServerName) {
  const auto rule = MakeRule("a", RuleAction::kDeny, Is("dest.sni", "example.net"));
  const RuleSet rules = RuleSet::Compile({rule}, nullptr);
  EXPECT_TRUE(rules.Needs().sni);
  Situation situation = CurlToExample();
  EXPECT_FALSE(Decide(rules, situation).IsDecided());
  EXPECT_EQ(UntoldOperands(rules.Needs(), situation), std::vector<std::string>{"dest.sni"});
  situation.sni = "example.net";
  EXPECT_EQ(Decide(rules, situation).rule, rule);
  EXPECT_TRUE(UntoldOperands(rules.Needs(), situation).empty());
}

TEST(Situation, IsJudgedByItsTime) {
  const auto rule = MakeRule("a", RuleAction::kDeny, Is("time", "00:00-24:00"));
  const RuleSet rules = Rules({rule});
  Situation situation = CurlToExample();
  EXPECT_EQ(UntoldOperands(rules.Needs(), situation), std::vector<std::string>{"time"});
  situation.now = WallTime(std::chrono::hours(500000));
  EXPECT_EQ(Decide(rules, situation).rule, rule);
  EXPECT_TRUE(UntoldOperands(rules.Needs(), situation).empty());
}

TEST(Situation, IsJudgedByWhoMadeTheSocket) {
  const auto rule = MakeRule("a", RuleAction::kDeny, Is("process.creator.path", "/bin/made"));
  const RuleSet rules = Rules({rule});
  Situation situation = CurlToExample();
  EXPECT_EQ(UntoldOperands(rules.Needs(), situation),
            std::vector<std::string>{"process.creator.path"});
  situation.creator = Curl();
  situation.creator->path = "/bin/made";
  EXPECT_EQ(Decide(rules, situation).rule, rule);
  EXPECT_TRUE(UntoldOperands(rules.Needs(), situation).empty());
}

TEST(UntoldOperands, NamesWhatCannotBeKnown) {
  FactsNeeded needs;
  needs.args = true;
  needs.sha1 = true;
  needs.environment = {"HOME"};
  const std::vector<std::string> expected{"process.hash.sha1", "process.env.HOME"};
  EXPECT_EQ(UntoldOperands(needs, CurlToExample()), expected);
}

}  // namespace
}  // namespace procwall
