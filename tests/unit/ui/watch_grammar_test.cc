// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/watch_grammar.h"

#include <gtest/gtest.h>

#include "tests/unit/ui/parsed_line.h"

namespace procwall {
namespace {

TEST(WatchGrammar, ShowsTheNumbersOfDecisionsWhenAsked) {
  EXPECT_EQ(As<WatchOptions>(Parse({"watch"})).number, ShowNumber::kWithEvidence);
  EXPECT_EQ(As<WatchOptions>(Parse({"watch", "-n"})).number, ShowNumber::kAlways);
}

TEST(WatchGrammar, AsksForNothingByDefault) {
  const auto options = As<WatchOptions>(Parse({"watch"}));
  EXPECT_EQ(options.form, OutputForm::kText);
  EXPECT_EQ(options.recent, std::nullopt);
  EXPECT_EQ(options.count, 0U);
  EXPECT_TRUE(options.filter.actions.empty());
}

}  // namespace
}  // namespace procwall
