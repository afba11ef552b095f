// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/log_sum.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "record/json_text.h"
#include "tests/support/sample_flow.h"
#include "tests/unit/ui/sample_event.h"

namespace procwall {
namespace {

using testing::HasSubstr;
using Sum = LogOptions::Sum;

v1::JournalEntry EntryOf(const char* changes = "") {
  v1::JournalEntry entry;
  *entry.mutable_event() = SampleEvent();
  entry.mutable_event()->MergeFrom(FromText<v1::Event>(changes));
  return entry;
}
v1::JournalEntry Ended() {
  v1::JournalEntry entry;
  *entry.mutable_ended() = SampleFlowEnd();
  return entry;
}

TEST(LogSum, CountsDecisionsAndWhatWasMoved) {
  LogSum sum(Sum::kProgram);
  sum.Add(EntryOf());
  sum.Add(EntryOf("action: ACTION_DENY time { seconds: 1709400000 }"));
  sum.Add(EntryOf(R"(process { path: "/bin/nc" })"));
  sum.Add(Ended());
  const std::string lines = sum.JsonLines();
  const Json first = Json::parse(lines.substr(0, lines.find('\n')));
  EXPECT_EQ(first.dump(),
            R"({"program":"/usr/bin/curl","decisions":2,"allowed":1,"denied":1,"flows_ended":1,)"
            R"("sent_bytes":1500,"received_bytes":3145728,)"
            R"("first":"2024-03-01T14:03:22.184000001Z","last":"2024-03-02T17:20:00.184000001Z"})");
  EXPECT_THAT(lines, HasSubstr(R"("program":"/bin/nc","decisions":1)"));
}

TEST(LogSum, CountsAnEntryAsOftenAsItWasDecided) {
  LogSum sum(Sum::kProgram);
  sum.Add(EntryOf());
  v1::JournalEntry storm = EntryOf();
  storm.set_times(17);
  sum.Add(storm);
  EXPECT_THAT(sum.JsonLines(), HasSubstr(R"("decisions":18,"allowed":18)"));
}

TEST(LogSum, CountsByDestinationAndByRule) {
  LogSum destinations(Sum::kDestination);
  LogSum rules(Sum::kRule);
  for (LogSum* sum : {&destinations, &rules}) {
    sum->Add(EntryOf());
    sum->Add(Ended());
    v1::JournalEntry other = EntryOf();
    other.mutable_event()->clear_dst_host();
    other.mutable_event()->clear_rule();
    sum->Add(other);
    sum->Add(v1::JournalEntry());
  }
  EXPECT_THAT(destinations.JsonLines(), HasSubstr(R"("destination":"93.184.216.34")"));
  EXPECT_THAT(rules.JsonLines(), HasSubstr("\"rule\":\"(no rule)\""));
  EXPECT_THAT(rules.Text({}), HasSubstr("RULE"));
}

TEST(LogSum, IsATableForPeople) {
  LogSum sum(Sum::kDestination);
  sum.Add(EntryOf());
  sum.Add(EntryOf());
  const std::string text = sum.Text({});
  EXPECT_THAT(text, HasSubstr("DECISIONS  ALLOWED  DENIED  SENT  RECEIVED  LAST"));
  EXPECT_THAT(text, testing::ContainsRegex(" 2 +2 +0 +- +- +2024-.*example.org"));
}

}  // namespace
}  // namespace procwall
