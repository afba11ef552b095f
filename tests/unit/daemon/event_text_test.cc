// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/event_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/ui/sample_event.h"

namespace procwall {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

const EventWriter kWriter{"host.example", 42};

TEST(SyslogText, IsRfc5424) {
  const std::string text = SyslogText(SampleEvent(), kWriter);
  EXPECT_THAT(text, StartsWith("<30>1 2024-03-01T14:03:22.184000Z host.example procwalld 42 "
                               "decision [procwall@32473 sequence=\"7\" action=\"allow\""));
  EXPECT_THAT(text, HasSubstr(R"( rule="allow-curl" )"));
  EXPECT_THAT(text, testing::EndsWith(
                        R"("] allow tcp /usr/bin/curl 4211 to example.org:443, rule allow-curl)"));
}

TEST(SyslogText, EscapesWhatWouldEndAValue) {
  v1::Event event = SampleEvent();
  event.set_rule(R"(a"b]c\d)");
  event.mutable_process()->set_path("/tmp/\n<0>1 fake\x1b");
  const std::string text = SyslogText(event, kWriter);
  EXPECT_THAT(text, HasSubstr(R"( rule="a\"b\]c\\d" )"));
  EXPECT_EQ(text.find('\n'), std::string::npos);
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
}

TEST(SyslogText, HasNoHostNameThatIsNone) {
  EXPECT_THAT(SyslogText(SampleEvent(), {"", 1}), HasSubstr("Z - procwalld 1 "));
  EXPECT_THAT(SyslogText(SampleEvent(), {"a b\n", 1}), HasSubstr("Z ab procwalld 1 "));
  EXPECT_THAT(SyslogText(v1::Event(), kWriter), StartsWith("<29>1 1970-01-01T00:00:00.000000Z "));
}

TEST(JournaldText, HasAFieldALine) {
  const std::string text = JournaldText(SampleEvent());
  EXPECT_THAT(text, StartsWith("MESSAGE=allow tcp /usr/bin/curl 4211 to example.org:443, rule "
                               "allow-curl\nPRIORITY=6\nSYSLOG_IDENTIFIER=procwalld\n"));
  EXPECT_THAT(text, HasSubstr("\nPROCWALL_DST_PORT=443\n"));
  EXPECT_THAT(text, HasSubstr("\nPROCWALL_PROCESS_PATH=/usr/bin/curl\n"));
  EXPECT_EQ(text.back(), '\n');
}

// A name with a line break in it must not become a field of its own.
TEST(JournaldText, LetsNobodyWriteFields) {
  v1::Event event = SampleEvent();
  event.set_dst_host("x\nPRIORITY=0");
  const std::string text = JournaldText(event);
  EXPECT_THAT(text, Not(HasSubstr("\nPRIORITY=0")));
}

}  // namespace
}  // namespace procwall
