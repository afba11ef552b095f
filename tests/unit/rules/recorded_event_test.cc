// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/recorded_event.h"

#include <gtest/gtest.h>

#include "base/printable.h"
#include "tests/unit/rules/world.h"

namespace procwall {
namespace {

constexpr std::string_view kLine =
    R"({"time":"2024-03-01T16:30:02.184000001Z","sequence":7,"missed":0,"action":"allow",)"
    R"("judged_action":"deny","rule":"no-curl","reason":"rule","protocol":"tcp",)"
    R"("direction":"outgoing","src_ip":"192.0.2.7","src_port":40000,"dst_ip":"203.0.113.9",)"
    R"("dst_port":443,"dst_host":"example.net","dst_sni":"www.example.net","uid":1000,"pid":4711,)"
    R"("process_path":"/usr/bin/curl","process_args":["curl","-s","https://example.net/"],)"
    R"("process_uid":1000,"process_start_time":1,"parent_pid":0,)"
    R"("ancestors":[{"pid":811,"path":"/usr/bin/bash"}],)"
    R"("alternatives":[{"pid":5,"process_path":"/bin/b","process_args":[]}],)"
    R"("confidence":"ambiguous"})";

TEST(ParseRecordedEvent, ReadsWhatWasDecidedAndAboutWhat) {
  const RecordedEvent event = ParseRecordedEvent(kLine).value();
  EXPECT_EQ(event.sequence, 7U);
  EXPECT_EQ(event.action, RuleAction::kAllow);
  EXPECT_EQ(event.judged, RuleAction::kDeny);
  EXPECT_EQ(event.rule, "no-curl");
  EXPECT_TRUE(event.was_judged);
  EXPECT_EQ(event.situation.connection, ToExample());
  EXPECT_EQ(event.situation.host, "example.net");
  EXPECT_EQ(event.situation.sni, "www.example.net");
  EXPECT_EQ(event.situation.confidence, Confidence::kAmbiguous);
}

TEST(ParseRecordedEvent, ReadsEveryProcessItMayHaveBeen) {
  const auto processes = ParseRecordedEvent(kLine).value().situation.processes;
  Process curl = Curl();
  curl.ancestors = SharedList<Ancestor>({{811, "/usr/bin/bash"}});
  ASSERT_EQ(processes.size(), 2U);
  EXPECT_EQ(processes[0], curl);
  EXPECT_EQ(processes[1].path, "/bin/b");
}

TEST(ParseRecordedEvent, ReadsWhenItWas) {
  const WallTime expected =
      std::chrono::sys_days(std::chrono::year(2024) / 3 / 1) + std::chrono::seconds(59402);
  EXPECT_EQ(ParseRecordedEvent(kLine).value().situation.now, expected);
}

TEST(ParseRecordedEvent, KnowsNoTimeFromWhatIsNone) {
  for (const char* time : {"invalid-time", "", "Z", "2024-02-30T16:30:02Z", "2024-03-01T24:30:02Z",
                           "2024-03-01T16:30", "2024-03-01 16:30:02Z", "9999-03-01T16:30:02Z",
                           "-024-03-01T16:30:02Z", "2024-03-01T16:30:02+02:00"}) {
    const auto line = R"({"action":"deny","time":")" + std::string(time) + "\"}";
    EXPECT_EQ(ParseRecordedEvent(line).value().situation.now, WallTime{}) << time;
  }
}

TEST(ParseRecordedEvent, IsJudgedAtTheTimeItHappened) {
  // Friday, whatever the time zone of this host makes of half past four.
  const auto rule = MakeRule("a", RuleAction::kDeny, Is("time", "Thu-Sat"));
  const auto never = MakeRule("b", RuleAction::kDeny, Is("time", "Mon-Wed"));
  const auto event = ParseRecordedEvent(kLine).value();
  EXPECT_EQ(Decide(RuleSet::Compile({rule, never}, nullptr), event.situation).rule, rule);
  EXPECT_FALSE(Decide(RuleSet::Compile({never}, nullptr), event.situation).IsDecided());
}

TEST(ParseRecordedEvent, ReadsWhoMadeTheSocket) {
  EXPECT_EQ(ParseRecordedEvent(kLine).value().situation.creator, std::nullopt);
  std::string line(kLine);
  line.insert(1, R"("creator_pid":6,"creator_path":"/bin/made",)");
  const auto creator = ParseRecordedEvent(line).value().situation.creator;
  ASSERT_TRUE(creator.has_value());
  EXPECT_EQ(creator->path, "/bin/made");
  EXPECT_EQ(creator->id.pid, 6);
}

TEST(ParseRecordedEvent, TurnsAnIncomingPacketRound) {
  std::string line(kLine);
  line.replace(line.find("outgoing"), 8, "incoming");
  const Connection connection = ParseRecordedEvent(line).value().situation.connection;
  EXPECT_EQ(connection.local, ToExample().remote);
  EXPECT_EQ(connection.Destination(), ToExample().remote);
}

TEST(ParseRecordedEvent, SaysThatAnUnparsablePacketWasNotJudged) {
  EXPECT_FALSE(ParseRecordedEvent(R"({"action":"deny","reason":"unparsable"})").value().was_judged);
}

TEST(ParseRecordedEvent, SaysWhatIsWrong) {
  EXPECT_EQ(ParseRecordedEvent("[]").error(), "this is not a JSON object");
  EXPECT_EQ(ParseRecordedEvent("{}").error(), "\"action\" is not allow, deny or reject");
}

TEST(ParseRecordedEvent, SurvivesALineCutAnywhere) {
  for (std::size_t size = 0; size < kLine.size(); ++size) {
    EXPECT_FALSE(ParseRecordedEvent(kLine.substr(0, size))) << size;
  }
}

TEST(ParseRecordedEvent, SurvivesValuesOfAnyType) {
  for (const char* value :
       {"null", "1e99", "-1", "[]", "{}", "[[]]", "true", "18446744073709551615"}) {
    for (const char* key :
         {"src_ip", "dst_port", "uid", "pid", "process_args", "ancestors", "alternatives",
          "sequence", "process_start_time", "time", "creator_pid", "creator_path"}) {
      const auto line = R"({"action":"deny","pid":1,")" + std::string(key) + "\":" + value + "}";
      EXPECT_TRUE(ParseRecordedEvent(line)) << line;
    }
  }
}

TEST(Unprintable, ReadsBackWhatPrintableWrote) {
  const std::string text = "a\\x41\n\xff\\b\u202e";
  EXPECT_EQ(Unprintable(Printable(text)), text);
  EXPECT_EQ(Unprintable("\\x4"), "\\x4");
  EXPECT_EQ(Unprintable("\\"), "\\");
}

}  // namespace
}  // namespace procwall
