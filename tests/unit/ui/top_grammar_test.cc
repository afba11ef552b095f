// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/top_grammar.h"

#include <gtest/gtest.h>

#include "tests/unit/ui/parsed_line.h"

namespace procwall {
namespace {

TEST(TopGrammar, KnowsEveryOption) {
  const CommandLine line = Parse(
      {"top", "--once", "--json", "--interval", "0.5", "--sort", "denied", "--filter", "curl 443"});
  const auto& options = std::get<TopOptions>(line.command);
  EXPECT_TRUE(options.once);
  EXPECT_EQ(options.form, OutputForm::kJson);
  EXPECT_EQ(options.interval, std::chrono::milliseconds(500));
  EXPECT_EQ(options.sort, TopSort::kDenied);
  EXPECT_EQ(options.filter, "curl 443");
}

TEST(TopGrammar, LooksEveryTwoSecondsByDefault) {
  const auto options = std::get<TopOptions>(Parse({"top"}).command);
  EXPECT_FALSE(options.once);
  EXPECT_EQ(options.interval, std::chrono::seconds(2));
  EXPECT_EQ(options.sort, TopSort::kRate);
}

TEST(TopGrammar, RefusesWhatMakesNoSense) {
  for (const auto& arguments : std::vector<std::vector<std::string>>{
           {"top", "--interval", "0"}, {"top", "--sort", "beauty"}, {"top", "now"}}) {
    EXPECT_EQ(std::get<PrintCommand>(Parse(arguments).command).exit_code, kUsage);
  }
}

}  // namespace
}  // namespace procwall
