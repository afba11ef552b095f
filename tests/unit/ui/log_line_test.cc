// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/log_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "record/json_text.h"
#include "tests/support/sample_flow.h"
#include "tests/unit/ui/sample_event.h"

namespace procwall {
namespace {

using std::chrono::seconds;
using testing::HasSubstr;

v1::JournalEntry DecisionEntry() {
  v1::JournalEntry entry;
  entry.set_id(5);
  *entry.mutable_event() = SampleEvent();
  return entry;
}
v1::JournalEntry EndedFlow() {
  v1::JournalEntry entry;
  entry.set_id(6);
  *entry.mutable_ended() = SampleFlowEnd();
  return entry;
}

TEST(LogLines, AreWholeInAFile) {
  const LogLines lines({});
  EXPECT_EQ(lines.Render(DecisionEntry(), seconds(3600)),
            "2024-03-01 15:03:22  allow   /usr/bin/curl 4211                tcp    "
            "example.org:443                   allow-curl\n");
  EXPECT_EQ(lines.Render(EndedFlow(), seconds(0)),
            "2024-03-01 14:03:32  ended   /usr/bin/curl 4211                tcp    "
            "example.org:443                   1.5 KiB out, 3.0 MiB in, 12 s\n");
}

TEST(LogLines, SayHowOftenItWasDecided) {
  v1::JournalEntry entry = DecisionEntry();
  entry.set_times(17);
  EXPECT_THAT(LogLines({}).Render(entry, seconds(0)), HasSubstr("allow-curl, 17 times\n"));
  EXPECT_EQ(Json::parse(LogJson(entry))["times"], 17);
  EXPECT_EQ(Json::parse(LogJson(DecisionEntry()))["times"], 1);
}

TEST(LogLines, FitANarrowTerminal) {
  const LogLines lines({.is_tty = true, .width = 80});
  v1::JournalEntry entry = DecisionEntry();
  entry.mutable_event()->set_dst_host(std::string(200, 'x'));
  const std::string line = lines.Render(entry, seconds(0));
  EXPECT_LE(StyledText(line.substr(0, line.size() - 1)).Width(), 80U);
  EXPECT_THAT(line, testing::StartsWith("03-01 14:03:22 allow  "));
  EXPECT_THAT(lines.Titles(), HasSubstr("DESTINATION"));
}

TEST(LogLines, OfALaterVersionsEntryDoNotFail) {
  EXPECT_THAT(LogLines({}).Render(v1::JournalEntry(), seconds(0)), HasSubstr("unknown"));
}

TEST(LogJson, SaysWhatWatchSays) {
  const Json decision = Json::parse(LogJson(DecisionEntry()));
  EXPECT_EQ(decision["id"], 5);
  EXPECT_EQ(decision["kind"], "decision");
  EXPECT_EQ(decision["dst_host"], "example.org");
  EXPECT_EQ(decision["evidence_details"]["lookup"], "");
  const Json ended = Json::parse(LogJson(EndedFlow()));
  EXPECT_EQ(ended["kind"], "flow-ended");
  EXPECT_EQ(ended["time"], "2024-03-01T14:03:32.000000005Z");
  EXPECT_EQ(ended["received_bytes"], 3145728);
}

TEST(SizeText, PicksTheUnitThatReads) {
  EXPECT_EQ(SizeText(0), "0 B");
  EXPECT_EQ(SizeText(1023), "1023 B");
  EXPECT_EQ(SizeText(1536), "1.5 KiB");
  EXPECT_EQ(SizeText(1024 * 1024 - 1), "1.0 MiB");
  EXPECT_EQ(SizeText(UINT64_MAX), "16.0 EiB");
}

}  // namespace
}  // namespace procwall
