// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/flow_rows.h"

#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/ui/tracked_flow_samples.h"
#include "ui/styled_text.h"

namespace procwall {
namespace {

using testing::HasSubstr;

TEST(ShortBytes, HasFiveColumnsAtMost) {
  EXPECT_EQ(ShortBytes(0), "0");
  EXPECT_EQ(ShortBytes(1023), "1023");
  EXPECT_EQ(ShortBytes(1024), "1.0K");
  EXPECT_EQ(ShortBytes(52000), "51K");
  EXPECT_EQ(ShortBytes(std::uint64_t{1000} << 20), "1.0G");
  EXPECT_EQ(ShortBytes(~std::uint64_t{0}), "16E");
  for (std::uint64_t bytes = 1; bytes < (std::uint64_t{1} << 62); bytes = bytes * 3 + 1) {
    EXPECT_LE(ShortBytes(bytes).size(), 5U) << bytes;
  }
}

TEST(ShortAge, IsOneUnit) {
  EXPECT_EQ(ShortAge(std::chrono::seconds(99)), "99s");
  EXPECT_EQ(ShortAge(std::chrono::seconds(100)), "1m");
  EXPECT_EQ(ShortAge(std::chrono::hours(99)), "99h");
  EXPECT_EQ(ShortAge(std::chrono::hours(240)), "10d");
}

TEST(SortForPeople, PutsWhatMovedMostFirst) {
  std::vector<v1::Flow> flows = {UnknownFlow(), CurlsFlow()};
  SortForPeople(flows);
  EXPECT_EQ(flows[0].id(), 7U);
}

TEST(FlowsText, TellsWhoWhereToAndHowMuch) {
  const std::string text = FlowsText({CurlsFlow()}, {});
  EXPECT_THAT(text, HasSubstr("/usr/bin/curl 4211 tcp   ESTABLISHED example.org:443"));
  EXPECT_THAT(text, HasSubstr("700   51K 12s web"));
}

TEST(FlowsText, SaysWhatIsNotKnown) {
  const std::string text = FlowsText({UnknownFlow()}, {});
  EXPECT_THAT(text, HasSubstr("not known"));
  EXPECT_THAT(text, HasSubstr("10.0.0.1 to 192.0.2.1:443"));
}

TEST(FlowsText, SaysWhereWhatCameInComesFrom) {
  v1::Flow flow = CurlsFlow();
  flow.add_status("incoming");
  EXPECT_THAT(FlowsText({flow}, {}), HasSubstr("10.0.0.1 to :443"));
}

TEST(FlowsText, FitsInto80Columns) {
  v1::Flow flow = CurlsFlow();
  flow.mutable_process()->set_path("/opt/some/very/long/path/of/a/program");
  flow.set_host("a.very.long.name.of.a.host.that.nobody.can.remember.example.org");
  flow.set_rule("a-rule-with-a-long-name-as-well");
  flow.set_protocol("udplite6");
  flow.set_nat("source");
  std::istringstream text(FlowsText({flow}, {.is_tty = true, .width = 80}));
  for (std::string line; std::getline(text, line);) EXPECT_LE(DisplayWidth(line), 80U) << line;
}

TEST(FlowsText, WhatStrangersNameCannotMoveTheCursor) {
  v1::Flow flow = CurlsFlow();
  flow.set_host("evil\x1b[2J");
  EXPECT_EQ(FlowsText({flow}, {}).find('\x1b'), std::string::npos);
}

TEST(FlowNoteLine, TellsAnEndWithWhatItMoved) {
  v1::FlowNote note;
  note.set_what(v1::FlowNote::WHAT_ENDED);
  *note.mutable_flow() = CurlsFlow();
  EXPECT_EQ(FlowNoteLine(note, std::chrono::seconds(0), {}),
            "00:00:00.000 ended   /usr/bin/curl 4211 tcp ESTABLISHED example.org:443 sent 700 "
            "received 51K in 12s web\n");
}

TEST(FlowNoteLine, SaysWhatWasLost) {
  v1::FlowNote note;
  note.set_what(v1::FlowNote::WHAT_LOST);
  EXPECT_THAT(FlowNoteLine(note, std::chrono::seconds(0), {}), HasSubstr("could not tell all"));
}

TEST(FlowSentence, NamesBothEnds) {
  EXPECT_EQ(FlowSentence(CurlsFlow()), "tcp 10.0.0.1:40000 -> example.org:443, /usr/bin/curl 4211");
  v1::Flow ping = UnknownFlow();
  ping.set_protocol("icmp6");
  ping.mutable_original()->set_dst_ip("fd00::2");
  EXPECT_EQ(FlowSentence(ping), "icmp6 10.0.0.1 -> fd00::2");
}

}  // namespace
}  // namespace procwall
