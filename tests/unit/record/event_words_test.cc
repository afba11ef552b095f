// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "record/event_words.h"

#include <gtest/gtest.h>

#include "tests/support/message_text.h"

namespace procwall {
namespace {

TEST(ActionWord, NamesEveryAction) {
  EXPECT_EQ(ActionWord(v1::ACTION_ALLOW), "allow");
  EXPECT_EQ(ActionWord(v1::ACTION_DENY), "deny");
  EXPECT_EQ(ActionWord(v1::ACTION_REJECT), "reject");
}

TEST(ActionWord, ShowsAnActionOfALaterDaemonAsUnknown) {
  EXPECT_EQ(ActionWord(static_cast<v1::Action>(17)), "unknown-17");
}

TEST(ActionNamed, ReadsWhatActionWordWrites) {
  EXPECT_EQ(ActionNamed("deny"), v1::ACTION_DENY);
  EXPECT_EQ(ActionNamed("block"), std::nullopt);
}

TEST(ReasonWord, NamesEveryReason) {
  EXPECT_EQ(ReasonWord(v1::REASON_RULE), "rule");
  EXPECT_EQ(ReasonWord(v1::REASON_DEFAULT_ACTION), "default-action");
  EXPECT_EQ(ReasonWord(v1::REASON_UNPARSABLE), "unparsable");
  EXPECT_EQ(ReasonWord(v1::REASON_OWN_TRAFFIC), "own-traffic");
  EXPECT_EQ(ReasonWord(v1::REASON_ANSWER), "answer");
  EXPECT_EQ(ReasonWord(v1::REASON_NO_ANSWER), "no-answer");
  EXPECT_EQ(ReasonWord(v1::REASON_TOO_MANY_QUESTIONS), "too-many-questions");
  EXPECT_EQ(ReasonWord(v1::REASON_NO_TIME), "no-time");
  EXPECT_EQ(ReasonWord(static_cast<v1::Reason>(9)), "unknown-9");
}

TEST(ConfidenceWord, NamesEveryConfidence) {
  EXPECT_EQ(ConfidenceWord(v1::CONFIDENCE_CERTAIN), "certain");
  EXPECT_EQ(ConfidenceWord(v1::CONFIDENCE_LIKELY), "likely");
  EXPECT_EQ(ConfidenceWord(v1::CONFIDENCE_AMBIGUOUS), "ambiguous");
  EXPECT_EQ(ConfidenceWord(v1::CONFIDENCE_UNKNOWN), "unknown");
  EXPECT_EQ(ConfidenceWord(static_cast<v1::Confidence>(8)), "unknown-8");
}

TEST(EventWords, SayWhatRulesOnTrialWouldDo) {
  const auto event = FromText<v1::Event>(R"(shadow_rules { rule: "a" action: ACTION_DENY }
                                            shadow_rules { rule: "b" action: ACTION_ALLOW })");
  EXPECT_EQ(ShadowsText(event.shadow_rules()), "a would deny, b would allow");
}

}  // namespace
}  // namespace procwall
