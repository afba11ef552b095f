// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/event_message.h"

#include <chrono>
#include <memory>

#include <gtest/gtest.h>

#include "record/rule_message.h"
#include "tests/support/message_text.h"

namespace procwall {
namespace {

ProcessPtr Curl(Pid pid = 100) {
  Process process;
  process.id = {pid, 5000};
  process.parent_pid = 1;
  process.uid = 1000;
  process.path = "/usr/bin/curl";
  process.executable_state = ExecutableState::kReplaced;
  process.executed_by_descriptor = true;
  process.args = {"curl", "a\nb"};
  process.working_directory = "/home/\xff";
  process.ancestors = {{1, "/sbin/init"}};
  return std::make_shared<const Process>(process);
}

Event AnEvent() {
  Event event;
  event.sequence = 7;
  event.time = WallTime(std::chrono::seconds(1'700'000'000) + std::chrono::nanoseconds(5));
  event.action = RuleAction::kAllow;
  event.judged_action = RuleAction::kAllow;
  event.connection = Connection{.local = {IpAddress::V4({10, 0, 0, 2}), 40000},
                                .remote = {IpAddress::V4({192, 0, 2, 1}), 443},
                                .out_ifindex = 2,
                                .uid = 1000};
  event.host = "example.org";
  event.name_from = NameSource::kDns;
  event.sni = "www.example.org";
  event.latency = std::chrono::milliseconds(2500);
  event.attribution.confidence = Confidence::kLikely;
  event.attribution.unknown_reason = UnknownReason::kNone;
  event.attribution.processes = {Curl()};
  return event;
}

TEST(EventMessage, ShowsANamesakeAsRulesSeeIt) {
  Event event = AnEvent();
  Process namesake = *Curl();
  namesake.executable_state = ExecutableState::kNamesake;
  namesake.container = "web";
  event.attribution.processes = {std::make_shared<const Process>(namesake)};
  EXPECT_EQ(ToMessage(event).process().path(), "web:/usr/bin/curl");
}

TEST(EventMessage, TellsEverythingAboutADecision) {
  Event event = AnEvent();
  v1::Event message = ToMessage(event);
  EXPECT_EQ(message.evidence(), event.attribution.evidence.ToString());
  message.clear_evidence();
  message.clear_evidence_details();
  EXPECT_TRUE(Says(message, R"(
    sequence: 7 time { seconds: 1700000000 nanos: 5 }
    action: ACTION_ALLOW judged_action: ACTION_ALLOW reason: REASON_DEFAULT_ACTION
    protocol: "tcp" direction: "outgoing"
    src_ip: "10.0.0.2" src_port: 40000 dst_ip: "192.0.2.1" dst_port: 443 dst_host: "example.org"
    dst_name_from: "dns" dst_sni: "www.example.org"
    uid: 1000 out_interface: 2
    process {
      pid: 100 start_time: 5000 parent_pid: 1 uid: 1000 path: "/usr/bin/curl"
      args: "curl" args: "a\\x0ab" working_directory: "/home/\\xff"
      ancestors { pid: 1 path: "/sbin/init" } file_state: "replaced" by_descriptor: true
    }
    confidence: CONFIDENCE_LIKELY
    latency { seconds: 2 nanos: 500000000 })"));
}

TEST(EventMessage, TellsAPacketThatCouldNotBeParsed) {
  Event event;
  event.refusal = Error{Errc::kTruncated, 0, "parse ip header"};
  event.attribution.unknown_reason = UnknownReason::kUnparsable;
  v1::Event message = ToMessage(event);
  message.clear_evidence();
  message.clear_evidence_details();
  EXPECT_TRUE(Says(message, R"(
    time {} action: ACTION_DENY judged_action: ACTION_DENY reason: REASON_UNPARSABLE
    confidence: CONFIDENCE_UNKNOWN unknown_reason: "unparsable" latency {}
    refusal: "parse ip header: truncated")"));
}

TEST(EventMessage, TellsHowLongThePacketWaitedForASearch) {
  Event event = AnEvent();
  EXPECT_FALSE(ToMessage(event).evidence_details().has_parked());
  event.parked = std::chrono::milliseconds(3);
  EXPECT_EQ(ToMessage(event).evidence_details().parked().nanos(), 3'000'000);
}

TEST(EventMessage, NamesTheRuleThatDecidedAlsoAnUnparsablePacket) {
  Event event;
  event.reason = EventReason::kRule;
  event.rule = std::make_shared<const Rule>(Rule{.name = "no\tthing"});
  event.refusal = Error{Errc::kTruncated, 0, "parse ip header"};
  const v1::Event message = ToMessage(event);
  EXPECT_EQ(message.reason(), v1::REASON_RULE);
  EXPECT_EQ(message.rule(), "no\\x09thing");
}

TEST(EventMessage, TellsThePacketsEndsAsTheyStandInAnIncomingPacket) {
  Event event = AnEvent();
  event.connection->direction = Direction::kIncoming;
  const v1::Event message = ToMessage(event);
  EXPECT_EQ(message.src_ip(), "192.0.2.1");
  EXPECT_EQ(message.src_port(), 443U);
  EXPECT_EQ(message.dst_ip(), "10.0.0.2");
}

TEST(EventMessage, AnAbsentUidIsNotRoots) {
  Event event = AnEvent();
  event.connection->uid = 0;
  EXPECT_TRUE(ToMessage(event).has_uid());
  event.connection->uid.reset();
  EXPECT_FALSE(ToMessage(event).has_uid());
}

TEST(EventMessage, OfSeveralProgramsTheOthersAreAlternatives) {
  Event event = AnEvent();
  event.attribution.confidence = Confidence::kAmbiguous;
  event.attribution.processes = {Curl(100), Curl(101), Curl(102)};
  const v1::Event message = ToMessage(event);
  EXPECT_EQ(message.confidence(), v1::CONFIDENCE_AMBIGUOUS);
  EXPECT_EQ(message.process().pid(), 100);
  ASSERT_EQ(message.alternatives_size(), 2);
  EXPECT_EQ(message.alternatives(1).pid(), 102);
}

TEST(EventMessage, TellsWhatWasJudgedBesideWhatWasDone) {
  Event event = AnEvent();
  event.judged_action = RuleAction::kReject;
  EXPECT_EQ(ToMessage(event).action(), v1::ACTION_ALLOW);
  EXPECT_EQ(ToMessage(event).judged_action(), v1::ACTION_REJECT);
}

TEST(EventMessage, TellsWhatRulesOnTrialWouldHaveDone) {
  Event event = AnEvent();
  event.shadows = {std::make_shared<const Rule>(
      Rule{.name = "on\ttrial", .action = RuleAction::kReject, .enforce = false})};
  const v1::Event message = ToMessage(event);
  ASSERT_EQ(message.shadow_rules_size(), 1);
  EXPECT_TRUE(Says(message.shadow_rules(0), R"(rule: "on\\x09trial" action: ACTION_REJECT)"));
}

TEST(RuleMessage, TellsThatARuleIsNotEnforced) {
  EXPECT_FALSE(ToMessage(Rule{}).is_shadow());
  EXPECT_TRUE(ToMessage(Rule{.enforce = false}).is_shadow());
}

TEST(RuleMessage, TellsTheWholeRule) {
  const Rule rule{
      .name = "n",
      .description = "d",
      .created = "c",
      .updated = "u",
      .enabled = true,
      .precedence = true,
      .nolog = true,
      .action = RuleAction::kReject,
      .duration = "always",
      .op = {
          .type = "list", .operand = "list", .list = {{"simple", "dest.port", "443", true, {}}}}};
  EXPECT_TRUE(Says(ToMessage(rule), R"(
    name: "n" description: "d" enabled: true precedence: true nolog: true action: "reject"
    duration: "always" created: "c" updated: "u"
    operator {
      type: "list" operand: "list"
      list { type: "simple" operand: "dest.port" data: "443" sensitive: true }
    })"));
}

}  // namespace
}  // namespace procwall
