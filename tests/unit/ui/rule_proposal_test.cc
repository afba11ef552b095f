// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/rule_proposal.h"

#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "record/rule_message.h"
#include "rules/rule_set.h"
#include "rules/situation.h"
#include "tests/unit/ui/sample_event.h"
#include "ui/condition_text.h"

namespace procwall {
namespace {

using testing::ElementsAre;

v1::Event IncomingEvent() {
  v1::Event event = SampleEvent();
  event.set_direction("incoming");
  event.set_src_ip("198.51.100.7");
  event.set_src_port(40000);
  event.set_dst_ip("192.0.2.10");
  event.set_dst_port(22);
  event.clear_dst_host();
  return event;
}

std::vector<std::string> Labels(const v1::Event& event) {
  std::vector<std::string> labels;
  for (const RuleProposal& proposal : RuleProposals(event)) labels.push_back(proposal.label);
  return labels;
}

TEST(RuleProposals, BeginWithTheNarrowest) {
  EXPECT_THAT(
      Labels(SampleEvent()),
      ElementsAre("this program to example.org port 443", "this program to example.org",
                  "this program to example.org and all below it", "this program to 93.184.216.34",
                  "this program to port 443 anywhere", "this program anywhere"));
}

TEST(RuleProposals, SayWhatTheyMeanAsConditions) {
  const auto proposals = RuleProposals(SampleEvent());
  EXPECT_EQ(ConditionText(proposals.front().op),
            "process.path is exactly /usr/bin/curl and dest.host is example.org and dest.port is "
            "443");
  EXPECT_EQ(ConditionText(proposals.back().op), "process.path is exactly /usr/bin/curl");
}

TEST(RuleProposals, TheDomainOfAHostIsWhatIsAboveIt) {
  v1::Event event = SampleEvent();
  event.set_dst_host("www.a.example.org");
  EXPECT_THAT(Labels(event), testing::Contains("this program to a.example.org and all below it"));
  event.set_dst_host("localhost");
  EXPECT_THAT(Labels(event), testing::Not(testing::Contains(testing::HasSubstr("below"))));
}

TEST(RuleProposals, NoDomainIsProposedThatStrangersShare) {
  const struct {
    const char* host;
    const char* domain;  // empty: none
  } kCases[] = {
      {"www.example.org", "example.org"},
      {"example.org", "example.org"},
      {"a.b.example.org", "b.example.org"},
      {"x.org", "x.org"},
      {"www.heise.de", "heise.de"},
      {"bbc.co.uk", "bbc.co.uk"},
      {"www.bbc.co.uk", "bbc.co.uk"},
      {"a.www.bbc.co.uk", "www.bbc.co.uk"},
      {"shop.com.br", "shop.com.br"},
      {"WWW.CO.UK", "WWW.CO.UK"},
      {"www.bmw.de", "www.bmw.de"},  // may be a registry, for all we know
      {"bmw.de", ""},
      {"co.uk", ""},
      {"foo.github.io", "foo.github.io"},
      {"foo.GitHub.io", "foo.GitHub.io"},
      {"www.foo.github.io", "foo.github.io"},
      {"github.io", ""},
      {"foo.pages.dev", "foo.pages.dev"},
      {"d1.cloudfront.net", "d1.cloudfront.net"},
      {"app.azurewebsites.net", "app.azurewebsites.net"},
      {"b.s3.eu-west-1.amazonaws.com", "b.s3.eu-west-1.amazonaws.com"},
      {"ec2-1-2-3-4.compute-1.amazonaws.com", "ec2-1-2-3-4.compute-1.amazonaws.com"},
      {"amazonaws.com", ""},
      {"www.notamazonaws.com", "notamazonaws.com"},
      {"localhost", ""},
      {".org", ""},
      {".", ""},
  };
  for (const auto& [host, domain] : kCases) {
    v1::Event event = SampleEvent();
    event.set_dst_host(host);
    std::string proposed;
    for (const std::string& label : Labels(event)) {
      if (label.ends_with(" and all below it")) proposed = label;
    }
    const std::string wanted = *domain == '\0'
                                   ? std::string()
                                   : fmt::format("this program to {} and all below it", domain);
    EXPECT_EQ(proposed, wanted) << host;
  }
}

// To deny one caller must not be to deny them all.
TEST(RuleProposals, OfWhatComesInTheySayFromWhom) {
  const v1::Event event = IncomingEvent();
  EXPECT_THAT(Labels(event),
              ElementsAre("this program from 198.51.100.7 to port 22",
                          "this program from 198.51.100.7", "this program from anywhere to port 22",
                          "this program from anywhere", "this program anywhere"));
  const auto proposals = RuleProposals(event);
  EXPECT_EQ(ConditionText(proposals[0].op),
            "process.path is exactly /usr/bin/curl and source.ip is 198.51.100.7 and dest.port is "
            "22");
  EXPECT_EQ(ConditionText(proposals[2].op),
            "process.path is exactly /usr/bin/curl and direction is incoming and dest.port is 22");
}

TEST(RuleProposals, OfWhatComesInTheyHoldForThatCallerAlone) {
  const v1::Event event = IncomingEvent();
  Situation situation;
  situation.processes.emplace_back().path = "/usr/bin/curl";
  situation.connection.direction = Direction::kIncoming;
  situation.connection.local = {*IpAddress::Parse("192.0.2.10"), 22};
  const auto denied = [&](const RuleProposal& proposal, const char* caller) {
    situation.connection.remote = {*IpAddress::Parse(caller), 40000};
    std::vector<RuleError> errors;
    const RuleSet rules = RuleSet::Compile(
        {std::make_shared<const Rule>(RuleOfAnswer(event, proposal, RuleAction::kDeny, "always"))},
        &errors);
    EXPECT_TRUE(errors.empty()) << proposal.label;
    const Decision decision = Decide(rules, situation);
    return decision.IsDecided() && !decision.IsAllowed();
  };
  const auto proposals = RuleProposals(event);
  for (const RuleProposal& proposal : proposals) {
    EXPECT_TRUE(denied(proposal, "198.51.100.7")) << proposal.label;
  }
  EXPECT_FALSE(denied(proposals[0], "198.51.100.8"));
  EXPECT_FALSE(denied(proposals[1], "198.51.100.8"));
}

TEST(RuleProposals, OfWhatComesInForAnUnknownProgramTheyStillSayFromWhom) {
  v1::Event event = IncomingEvent();
  event.clear_process();
  event.clear_dst_port();
  EXPECT_THAT(Labels(event),
              ElementsAre("any program from 198.51.100.7", "any program from anywhere"));
}

TEST(RuleProposals, WithoutANameTheAddressIsThePlace) {
  v1::Event event = SampleEvent();
  event.clear_dst_host();
  EXPECT_THAT(Labels(event),
              ElementsAre("this program to 93.184.216.34 port 443", "this program to 93.184.216.34",
                          "this program to port 443 anywhere", "this program anywhere"));
}

TEST(RuleProposals, AProtocolWithoutPortsHasNone) {
  v1::Event event = SampleEvent();
  event.clear_dst_host();
  event.clear_dst_port();
  EXPECT_THAT(Labels(event), ElementsAre("this program to 93.184.216.34", "this program anywhere"));
}

TEST(RuleProposals, AnUnknownProgramIsNoPartOfThem) {
  v1::Event event = SampleEvent();
  event.clear_process();
  const auto proposals = RuleProposals(event);
  EXPECT_EQ(proposals.front().label, "any program to example.org port 443");
  EXPECT_EQ(ConditionText(proposals.front().op), "dest.host is example.org and dest.port is 443");
  EXPECT_EQ(proposals.back().label, "any program to port 443 anywhere");
}

TEST(RuleProposals, OneOfSeveralProgramsIsNoPartOfThem) {
  v1::Event event = SampleEvent();
  event.add_alternatives()->set_path("/usr/bin/nc");
  EXPECT_EQ(Labels(event).front(), "any program to example.org port 443");
}

TEST(RuleProposals, AScriptIsMeantAndNotItsInterpreter) {
  v1::Event event = SampleEvent();
  event.mutable_process()->set_script("/home/ada/x.py");
  EXPECT_EQ(ConditionText(RuleProposals(event).back().op),
            "process.path is exactly /usr/bin/curl and process.script is exactly /home/ada/x.py");
}

// Each of them decides the very packet that is asked about.
TEST(RuleProposals, AllMatchWhatIsAskedAbout) {
  v1::Event event = SampleEvent();
  event.mutable_process()->set_path("/tmp/\\x01\\\\curl");  // printable
  Process process;
  process.path = "/tmp/\x01\\curl";
  Situation situation;
  situation.connection.remote = {*IpAddress::Parse("93.184.216.34"), 443};
  situation.processes = {process};
  situation.host = "example.org";
  for (const RuleProposal& proposal : RuleProposals(event)) {
    std::vector<RuleError> errors;
    const auto rule = std::make_shared<const Rule>(
        RuleOfAnswer(event, proposal, RuleAction::kAllow, "until restart"));
    const RuleSet rules = RuleSet::Compile({rule}, &errors);
    EXPECT_TRUE(errors.empty()) << proposal.label;
    EXPECT_TRUE(Decide(rules, situation).IsAllowed()) << proposal.label;
  }
}

TEST(RuleOfAnswer, IsNamedByWhatItDoes) {
  const v1::Event event = SampleEvent();
  const Rule rule =
      RuleOfAnswer(event, RuleProposals(event).front(), RuleAction::kAllow, "until restart");
  EXPECT_EQ(rule.name, "allow-until-restart-curl-example.org-443");
  EXPECT_TRUE(rule.enabled);
  EXPECT_EQ(rule.duration, "until restart");
}

TEST(RuleOfAnswer, OfWhatComesInIsNamedAfterTheCaller) {
  const v1::Event event = IncomingEvent();
  EXPECT_EQ(RuleOfAnswer(event, RuleProposals(event).front(), RuleAction::kDeny, "always").name,
            "deny-always-curl-from-198.51.100.7-22");
}

TEST(RuleOfAnswer, HasABearableNameWhateverTheProgramIsCalled) {
  v1::Event event = SampleEvent();
  event.mutable_process()->set_path("/tmp/a b/\\x1b[2J" + std::string(4000, 'x'));
  const Rule rule = RuleOfAnswer(event, RuleProposals(event).front(), RuleAction::kDeny, "always");
  EXPECT_LE(rule.name.size(), 128U);
  EXPECT_THAT(rule.name, testing::StartsWith("deny-always-x1b-2Jxxx"));
}

TEST(RuleMessage, IsEscapedAsTheDaemonReadsIt) {
  Rule rule{.name = "n", .enabled = true, .op = {"regexp", "dest.host", "\\.org$"}};
  EXPECT_TRUE(Says(ToMessage(rule), R"(
    name: "n" enabled: true action: "deny" duration: "always"
    operator { type: "regexp" operand: "dest.host" data: "\\\\.org$" })"));
}

}  // namespace
}  // namespace procwall
