// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/judgement.h"

#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#if defined(__GNUC__) && !defined(__clang__)
// gcc 12 takes an empty std::set in a temporary for one that was never made.
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

namespace procwall {
namespace {

std::shared_ptr<const Rule> MakeRule(const std::string& name, RuleAction action,
                                     const std::string& operand, const std::string& data) {
  Rule rule;
  rule.name = name;
  rule.enabled = true;
  rule.action = action;
  rule.op = {"simple", operand, data, false, {}};
  return std::make_shared<const Rule>(rule);
}

ProcessPtr ProcessAt(const std::string& path) {
  Process process;
  process.path = path;
  return std::make_shared<const Process>(process);
}

Attribution Named(Confidence confidence, std::vector<ProcessPtr> processes) {
  Attribution attribution;
  attribution.confidence = confidence;
  attribution.unknown_reason = UnknownReason::kNone;
  attribution.processes = std::move(processes);
  return attribution;
}

class JudgeTest : public testing::Test {
 protected:
  Judgement Judged(const Attribution& attribution, RuleAction default_action = RuleAction::kAllow) {
    const RuleSet rules = RuleSet::Compile(rules_, nullptr);
    return Judge(rules, Connection{}, attribution, "example.org", default_action);
  }

  std::vector<std::shared_ptr<const Rule>> rules_;
};

TEST_F(JudgeTest, TheRuleThatMatchesDecides) {
  rules_ = {MakeRule("no-curl", RuleAction::kReject, "process.path", "/usr/bin/curl")};
  EXPECT_EQ(Judged(Named(Confidence::kLikely, {ProcessAt("/usr/bin/curl")})),
            (Judgement{RuleAction::kReject, EventReason::kRule, rules_[0]}));
}

TEST_F(JudgeTest, WithoutAMatchTheDefaultActionDecides) {
  rules_ = {MakeRule("no-curl", RuleAction::kDeny, "process.path", "/usr/bin/curl")};
  EXPECT_EQ(Judged(Named(Confidence::kLikely, {ProcessAt("/usr/bin/wget")}), RuleAction::kDeny),
            (Judgement{RuleAction::kDeny, EventReason::kDefaultAction, nullptr}));
}

TEST_F(JudgeTest, WhoMadeTheSocketIsAFactForTheRules) {
  rules_ = {MakeRule("systemd", RuleAction::kDeny, "process.creator.path", "/usr/bin/systemd")};
  Attribution attribution = Named(Confidence::kCertain, {ProcessAt("/usr/bin/cupsd")});
  EXPECT_EQ(Judged(attribution).action, RuleAction::kAllow);
  attribution.creator = ProcessAt("/usr/bin/systemd");
  EXPECT_EQ(Judged(attribution).action, RuleAction::kDeny);
}

TEST_F(JudgeTest, HowSureWeAreIsAFactForTheRules) {
  rules_ = {MakeRule("unsure", RuleAction::kDeny, "attribution.confidence", "likely")};
  EXPECT_EQ(Judged(Named(Confidence::kLikely, {ProcessAt("/usr/bin/curl")})).action,
            RuleAction::kDeny);
  EXPECT_EQ(Judged(Named(Confidence::kCertain, {ProcessAt("/usr/bin/curl")})).action,
            RuleAction::kAllow);
}

TEST_F(JudgeTest, AnUnknownProgramIsJudgedAsWell) {
  rules_ = {MakeRule("nothing", RuleAction::kDeny, "true", "")};
  EXPECT_EQ(Judged(Attribution{}).action, RuleAction::kDeny);
}

TEST_F(JudgeTest, OfSeveralProgramsTheStrictestDecisionCounts) {
  rules_ = {MakeRule("1-wget", RuleAction::kAllow, "process.path", "/usr/bin/wget"),
            MakeRule("2-curl", RuleAction::kDeny, "process.path", "/usr/bin/curl")};
  EXPECT_EQ(Judged(Named(Confidence::kAmbiguous,
                         {ProcessAt("/usr/bin/wget"), ProcessAt("/usr/bin/curl")})),
            (Judgement{RuleAction::kDeny, EventReason::kRule, rules_[1]}));
}

TEST_F(JudgeTest, AnUndecidedProgramKeepsAnAllowedOneFromDeciding) {
  rules_ = {MakeRule("wget", RuleAction::kAllow, "process.path", "/usr/bin/wget")};
  EXPECT_EQ(Judged(Named(Confidence::kAmbiguous,
                         {ProcessAt("/usr/bin/wget"), ProcessAt("/usr/bin/curl")}),
                   RuleAction::kDeny),
            (Judgement{RuleAction::kDeny, EventReason::kDefaultAction, nullptr}));
}

TEST_F(JudgeTest, WhereRulesAskForMoreThanIsKnownItIsAnUnknownProgramToo) {
  Process gone;
  gone.path = "/usr/bin/python3";
  gone.only_program_is_known = true;
  const Attribution attribution =
      Named(Confidence::kLikely, {std::make_shared<const Process>(gone)});
  rules_ = {MakeRule("python", RuleAction::kAllow, "process.path", "/usr/bin/python3")};
  EXPECT_EQ(Judged(attribution, RuleAction::kDeny).action, RuleAction::kAllow);
  for (const char* asks :
       {"process.command", "process.script", "process.container", "process.unit"}) {
    rules_.resize(1);
    rules_.push_back(MakeRule("evil", RuleAction::kDeny, asks, "evil"));
    EXPECT_EQ(Judged(attribution, RuleAction::kDeny),
              (Judgement{RuleAction::kDeny, EventReason::kDefaultAction, nullptr}))
        << asks;
  }
  rules_.push_back(MakeRule("no-python", RuleAction::kDeny, "process.path", "/usr/bin/python3"));
  EXPECT_EQ(Judged(attribution).rule, rules_.back());
}

TEST_F(JudgeTest, TheHostNameIsAFact) {
  rules_ = {MakeRule("host", RuleAction::kDeny, "dest.host", "example.org")};
  EXPECT_EQ(Judged(Attribution{}).rule, rules_[0]);
}

TEST_F(JudgeTest, WhatWasFoundOutOfAProgramIsAFactOfThatProgram) {
  const std::string md5 = "900150983cd24fb0d6963f7d28e17f72";
  rules_ = {MakeRule("bad", RuleAction::kDeny, "process.hash.md5", md5),
            MakeRule("from-curl", RuleAction::kDeny, "process.package", "curl"),
            MakeRule("preloads", RuleAction::kDeny, "process.env.LD_PRELOAD", "x.so")};
  const RuleSet rules = RuleSet::Compile(rules_, nullptr);
  const auto decider = [&](ProgramFacts facts) {
    PacketsFacts found;
    found.programs = {nullptr, std::make_shared<const ProgramFacts>(std::move(facts))};
    return Judge(rules, Connection{},
                 Named(Confidence::kAmbiguous, {ProcessAt("/bin/a"), ProcessAt("/bin/b")}), "",
                 RuleAction::kAllow, {}, found)
        .rule;
  };
  EXPECT_EQ(decider({}), nullptr);
  EXPECT_EQ(decider({.hashes = std::make_shared<const Hashes>(Hashes{md5, "", ""})}), rules_[0]);
  EXPECT_EQ(decider({.package = "curl"}), rules_[1]);
  EXPECT_EQ(decider({.environment = Environment{{"LD_PRELOAD=x.so"}, true}}), rules_[2]);
}

TEST_F(JudgeTest, NamesOfInterfacesAreFacts) {
  rules_ = {MakeRule("vpn", RuleAction::kDeny, "iface.out", "tun0")};
  const RuleSet rules = RuleSet::Compile(rules_, nullptr);
  EXPECT_EQ(Judge(rules, Connection{}, Attribution{}, "", RuleAction::kAllow, {},
                  {.out_interface = "tun0"})
                .rule,
            rules_[0]);
}

TEST_F(JudgeTest, TellsOfRulesThatAreNotEnforced) {
  Rule rule = *MakeRule("shadow", RuleAction::kDeny, "true", "");
  rule.enforce = false;
  rules_ = {std::make_shared<const Rule>(rule)};
  EXPECT_EQ(Judged(Attribution{}, RuleAction::kAllow),
            (Judgement{RuleAction::kAllow, EventReason::kDefaultAction, nullptr, rules_}));
}

TEST_F(JudgeTest, ARuleEndsAtItsTime) {
  Rule rule = *MakeRule("brief", RuleAction::kDeny, "true", "");
  rule.duration = "10s";
  const RuleSet set = RuleSet::Compile({std::make_shared<const Rule>(rule)}, nullptr);
  const auto judged = [&](int seconds) {
    return Judge(set, Connection{}, Attribution{}, "", RuleAction::kAllow,
                 {.boot = BootTime(std::chrono::seconds(seconds))})
        .action;
  };
  EXPECT_EQ(judged(9), RuleAction::kDeny);
  EXPECT_EQ(judged(10), RuleAction::kAllow);
}

class WithoutHasteTest : public testing::Test {
 protected:
  static Judgement Judged(RuleAction action, EventReason reason = EventReason::kDefaultAction) {
    return {action, reason, nullptr, {}};
  }
  static Attribution Overloaded() {
    return {.confidence = Confidence::kUnknown,
            .unknown_reason = UnknownReason::kOverloaded,
            .processes = {},
            .creator = nullptr,
            .evidence = {}};
  }
  static Attribution Found() {
    Attribution found = Overloaded();
    found.confidence = Confidence::kCertain;
    return found;
  }
  const Judgement denied_{RuleAction::kDeny, EventReason::kNoTime, nullptr, {}};
};

TEST_F(WithoutHasteTest, NothingPassesBecauseTooMuchIsSearchedFor) {
  EXPECT_EQ(WithoutHaste(Judged(RuleAction::kAllow), Overloaded(), {}), denied_);
  EXPECT_EQ(WithoutHaste(Judged(RuleAction::kAllow, EventReason::kRule), Overloaded(), {}),
            denied_);
}

TEST_F(WithoutHasteTest, NothingPassesBecauseADigestIsNotThereInTime) {
  EXPECT_EQ(WithoutHaste(Judged(RuleAction::kAllow), Found(), {.are_late = true}), denied_);
}

TEST_F(WithoutHasteTest, LeavesWhatIsKnownAsItIs) {
  EXPECT_EQ(WithoutHaste(Judged(RuleAction::kAllow), Found(), {}), Judged(RuleAction::kAllow));
}

TEST_F(WithoutHasteTest, LeavesARejectAndAPersonsAnswerAsTheyAre) {
  const Judgement reject = Judged(RuleAction::kReject, EventReason::kRule);
  const Judgement answer = Judged(RuleAction::kAllow, EventReason::kAnswer);
  EXPECT_EQ(WithoutHaste(reject, Overloaded(), {}), reject);
  EXPECT_EQ(WithoutHaste(answer, Overloaded(), {}), answer);
}

}  // namespace
}  // namespace procwall
