// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/explain.h"

#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "record/event_json.h"
#include "tests/support/temporary_directory.h"
#include "tests/unit/ui/fake_daemon.h"
#include "tests/unit/ui/sample_event.h"

namespace procwall {
namespace {

constexpr std::chrono::hours kHoursEast{1};

// Users that no machine has a name for.
constexpr std::uint32_t kAda = 4294967;

v1::ExplainResponse AnExplanation() {
  v1::ExplainResponse response;
  *response.mutable_event() = SampleEvent();
  response.mutable_event()->mutable_process()->set_uid(kAda);
  *response.mutable_event()->mutable_evidence_details() = FromText<v1::Evidence>(R"(
    lookup: "exact" holder_from: "walk" considered: 1 holders: 1 all_holders_known: true
    uid_agrees: true parked { nanos: 250000 }
    socket { inode: 12345 cookie: 9 state: "SYN-SENT" uid: 4294967 rank: "same-flow"
             rank_reason: "protocol, both addresses and both ports are those of the packet" })");
  *response.mutable_now() =
      FromText<v1::Judgement>(R"(action: ACTION_ALLOW reason: REASON_RULE rule: "allow-curl")");
  return response;
}

std::string ExplanationText(const v1::ExplainResponse& response) {
  UserNames users;
  return ExplainText(response, Terminal{}, kHoursEast, users);
}

// Equal to the text in tests/golden/explain/NAME.txt.
testing::AssertionResult IsGolden(const std::string& text, const std::string& name) {
  std::ifstream file(PROCWALL_GOLDEN_EXPLAIN "/" + name + ".txt");
  std::stringstream golden;
  golden << file.rdbuf();
  if (golden.str() == text) return testing::AssertionSuccess();
  return testing::AssertionFailure() << name << " should be:\n" << golden.str() << "is:\n" << text;
}

TEST(ExplainText, TellsACertainDecision) {
  EXPECT_TRUE(IsGolden(ExplanationText(AnExplanation()), "certain"));
}

TEST(ExplainText, TellsAnAmbiguousDecisionThatWouldBeAnotherNow) {
  v1::ExplainResponse response = AnExplanation();
  v1::Event& event = *response.mutable_event();
  event.set_confidence(v1::CONFIDENCE_AMBIGUOUS);
  event.set_judged_action(v1::ACTION_DENY);
  *event.add_alternatives() =
      FromText<v1::Process>(R"(pid: 9 uid: 4294967 path: "/usr/bin/dig" args: "dig")");
  *event.mutable_evidence_details() = FromText<v1::Evidence>(R"(
    lookup: "dump" holder_from: "walk" considered: 3 holders: 2
    socket { inode: 7 state: "UNCONN" uid: 4294967 rank: "wildcard" rank_reason: "it fits" }
    alternatives {
      socket { inode: 8 state: "UNCONN" uid: 4294967 rank: "wildcard" }
      process { pid: 9 path: "/usr/bin/dig" }
      reason: "equal" sentence: "it fits just as well and shares the suspicion"
    }
    alternatives {
      socket { inode: 5 state: "UNCONN" uid: 4294966 rank: "wildcard" }
      reason: "other-uid" sentence: "rejected, because it belongs to another user than the packet"
    })");
  *response.mutable_now() =
      FromText<v1::Judgement>("action: ACTION_ALLOW reason: REASON_DEFAULT_ACTION");
  EXPECT_TRUE(IsGolden(ExplanationText(response), "ambiguous"));
}

TEST(ExplainText, TellsAnUnknownProgram) {
  v1::ExplainResponse response = AnExplanation();
  v1::Event& event = *response.mutable_event();
  event.clear_process();
  event.set_confidence(v1::CONFIDENCE_UNKNOWN);
  event.set_unknown_reason("no-socket");
  *event.mutable_evidence_details() = FromText<v1::Evidence>(R"(lookup: "dump")");
  EXPECT_TRUE(IsGolden(ExplanationText(response), "unknown"));
}

TEST(ExplainText, TellsAConnectionAndWhoHoldsIt) {
  v1::ExplainResponse response = AnExplanation();
  v1::Event& event = *response.mutable_event();
  event.clear_sequence();
  *event.mutable_creator() =
      FromText<v1::Process>(R"(pid: 1 uid: 4294967 path: "/usr/lib/systemd/systemd")");
  *event.mutable_evidence_details() = FromText<v1::Evidence>(
      R"(lookup: "witness" holder_from: "witness" hook: "connect" age { nanos: 300000 })");
  *response.mutable_holders() = FromText<v1::CurrentHolders>(R"(
    socket { inode: 12345 state: "ESTAB" } all_known: false
    processes { pid: 4211 path: "/usr/bin/curl" } processes { pid: 1 path: "/usr/lib/systemd/systemd" })");
  EXPECT_TRUE(IsGolden(ExplanationText(response), "connection"));
}

TEST(ExplainText, DoesNotSayThatASocketIsGoneThatNobodyLookedFor) {
  v1::ExplainResponse response = AnExplanation();
  response.mutable_event()->set_direction("forwarded");
  *response.mutable_event()->mutable_evidence_details() = FromText<v1::Evidence>(
      R"(lookup: "witness" holder_from: "witness" hook: "connect" cookie: 9)");
  const std::string text = ExplanationText(response);
  EXPECT_EQ(text.find("not exist any more"), std::string::npos) << text;
  EXPECT_NE(text.find("Now        Its socket is in another network namespace"), std::string::npos)
      << text;
}

TEST(ExplainText, TellsAPacketWithoutHeaders) {
  v1::ExplainResponse response;
  *response.mutable_event() = FromText<v1::Event>(R"(
    sequence: 3 time { seconds: 1709301802 } action: ACTION_DENY judged_action: ACTION_DENY
    reason: REASON_UNPARSABLE confidence: CONFIDENCE_UNKNOWN unknown_reason: "unparsable"
    refusal: "parse ip header: truncated" evidence_details { lookup: "none" })");
  EXPECT_TRUE(IsGolden(ExplanationText(response), "unreadable"));
}

TEST(ExplainText, LetsNoStrangerWriteOnTheTerminal) {
  v1::ExplainResponse response = AnExplanation();
  v1::Event& event = *response.mutable_event();
  const std::string evil = "\x1b[2J\n\xc2\x9b\xe2\x80\xae";
  for (std::string* text :
       {event.mutable_rule(), event.mutable_dst_host(), event.mutable_src_ip(),
        event.mutable_protocol(), event.mutable_process()->mutable_path(),
        event.mutable_process()->add_args(), event.mutable_evidence_details()->mutable_note(),
        event.mutable_evidence_details()->mutable_socket()->mutable_state(),
        response.mutable_now()->mutable_rule()}) {
    *text = evil;
  }
  const std::string text = ExplanationText(response);
  EXPECT_EQ(text.find_first_of("\x1b\x9b"), std::string::npos) << text;
  EXPECT_EQ(text.find("\xe2\x80\xae"), std::string::npos) << text;
}

TEST(ExplainText, SurvivesAnEmptyAnswer) {
  EXPECT_NE(ExplanationText({}), "");
  UserNames users;
  EXPECT_NE(ExplainJson({}, users), "");
}

TEST(ExplainJson, HoldsTheWholeDecision) {
  UserNames users;
  v1::ExplainResponse response = AnExplanation();
  response.mutable_holders()->add_processes()->set_pid(5);
  const Json json = Json::parse(ExplainJson(response, users));
  EXPECT_EQ(json.at("event"), EventObject(response.event(), 0));
  EXPECT_EQ(json.at("now").dump(),
            R"({"action":"allow","reason":"rule","rule":"allow-curl","shadow_rules":[]})");
  EXPECT_EQ(json.at("holders").at("processes").dump(), R"([{"pid":5,"process_path":""}])");
  EXPECT_EQ(json.at("steps").size(), 3U);
  EXPECT_EQ(json.at("advice"), "");
}

class RunExplainTest : public testing::Test {
 protected:
  const TemporaryDirectory directory_;
  FakeDaemon daemon{directory_ / "s"};
  DaemonClient client{daemon.Address()};
  std::ostringstream out;
  std::ostringstream err;
};

TEST_F(RunExplainTest, PrintsWhatTheDaemonSays) {
  daemon.explanation = AnExplanation();
  ExplainOptions options{.form = OutputForm::kJson, .request = {}};
  options.request.set_sequence(7);
  EXPECT_EQ(RunExplain(options, client, {out, err, {}}), kSuccess);
  EXPECT_EQ(daemon.asked_explanation.sequence(), 7U);
  UserNames users;
  EXPECT_EQ(out.str(), ExplainJson(AnExplanation(), users) + "\n");
}

TEST_F(RunExplainTest, SaysWhyThereIsNoAnswer) {
  daemon.answer = {grpc::StatusCode::NOT_FOUND, "decision 7 is forgotten"};
  EXPECT_EQ(RunExplain({}, client, {out, err, {}}), kFailed);
  EXPECT_EQ(out.str(), "");
  EXPECT_EQ(err.str(), "procwall: decision 7 is forgotten\n");
}

}  // namespace
}  // namespace procwall
