// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/event_fields.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "tests/unit/ui/sample_event.h"

namespace procwall {
namespace {

std::string FieldOf(const v1::Event& event, const std::string& name) {
  for (const auto& [key, value] : FieldsOf(event)) {
    if (key == name) return value;
  }
  return "(none)";
}

TEST(EventFields, AreTheSingleValuesOfWatchJson) {
  const v1::Event event = SampleEvent();
  EXPECT_EQ(FieldOf(event, "action"), "allow");
  EXPECT_EQ(FieldOf(event, "dst_port"), "443");
  EXPECT_EQ(FieldOf(event, "process_path"), "/usr/bin/curl");
  EXPECT_EQ(FieldOf(event, "cut"), "false");
  EXPECT_EQ(FieldOf(event, "process_args"), "(none)");
  EXPECT_EQ(FieldOf(event, "refusal"), "(none)");
  EXPECT_EQ(FieldOf(event, "missed"), "(none)");
}

TEST(EventFields, AreCutBetweenCharacters) {
  v1::Event event = SampleEvent();
  std::string host = "x";
  for (int i = 0; i < 1000; ++i) host += "\xc3\xa4";
  event.set_dst_host(host);
  EXPECT_EQ(FieldOf(event, "dst_host").size(), kMostFieldBytes - 1);
}

TEST(EventFields, SentenceSaysWhoWhereAndWhy) {
  v1::Event event = SampleEvent();
  EXPECT_EQ(SentenceOf(event), "allow tcp /usr/bin/curl 4211 to example.org:443, rule allow-curl");
  EXPECT_EQ(SeverityOf(event), 6);
  event.clear_process();
  event.clear_rule();
  event.clear_dst_host();
  event.set_dst_ip("2001:db8::1");
  event.set_action(v1::ACTION_DENY);
  event.set_reason(v1::REASON_DEFAULT_ACTION);
  EXPECT_EQ(SentenceOf(event), "deny tcp unknown program to [2001:db8::1]:443, default-action");
  EXPECT_EQ(SeverityOf(event), 5);
}

}  // namespace
}  // namespace procwall
