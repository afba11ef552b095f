// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/desktop_notice.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/ui/sample_event.h"

namespace procwall {
namespace {

using testing::HasSubstr;

class DesktopNoticesTest : public testing::Test {
 protected:
  static v1::Event Denied(const std::string& host = "example.org") {
    v1::Event event = SampleEvent();
    event.set_action(v1::ACTION_DENY);
    event.set_judged_action(v1::ACTION_DENY);
    event.set_rule("no-curl");
    event.set_dst_host(host);
    return event;
  }
  void Pass(std::chrono::seconds time) { now += time; }

  DesktopNotices notices;
  DesktopNotices::Time now{};
};

TEST_F(DesktopNoticesTest, TellsWhatWasDenied) {
  EXPECT_EQ(notices.OnEvent(SampleEvent(), now), std::nullopt);
  EXPECT_EQ(notices.OnEvent(Denied(), now),
            (DesktopNotice{"Denied: curl", "example.org:443 (tcp)\nno-curl\nprocwall explain 7"}));
}

TEST_F(DesktopNoticesTest, TheSameOnlyNowAndThen) {
  EXPECT_TRUE(notices.OnEvent(Denied(), now));
  Pass(std::chrono::seconds(59));
  EXPECT_FALSE(notices.OnEvent(Denied(), now));
  Pass(std::chrono::seconds(1));
  EXPECT_TRUE(notices.OnEvent(Denied(), now));
}

TEST_F(DesktopNoticesTest, AFloodIsCountedNotTold) {
  int told = 0;
  for (int i = 0; i < 10'000; ++i) {
    if (notices.OnEvent(Denied("h" + std::to_string(i) + ".example"), now)) ++told;
  }
  EXPECT_EQ(told, 3);
  Pass(DesktopNotices::kBurst);
  EXPECT_THAT(notices.OnEvent(Denied("last.example"), now)->body,
              HasSubstr("\nand 9997 more before"));
}

TEST_F(DesktopNoticesTest, NothingAStrangerNamedIsMarkup) {
  v1::Event event = Denied("<b>&\x1b.example");
  event.mutable_process()->set_path("/tmp/a\nb");
  const auto notice = notices.OnEvent(event, now);
  EXPECT_EQ(notice->summary, "Denied: a\\x0ab");
  EXPECT_THAT(notice->body, HasSubstr("&lt;b&gt;&amp;\\x1b.example:443"));
}

TEST_F(DesktopNoticesTest, TellsOfQuestionsWhenThereAreMore) {
  EXPECT_FALSE(notices.OnQuestions(0, now));
  EXPECT_EQ(notices.OnQuestions(1, now)->summary, "1 question to answer");
  EXPECT_FALSE(notices.OnQuestions(1, now));
  EXPECT_EQ(notices.OnQuestions(2, now)->summary, "2 questions to answer");
  EXPECT_FALSE(notices.OnQuestions(1, now));
}

}  // namespace
}  // namespace procwall
