// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/environment.h"

#include <string>

#include <gtest/gtest.h>

namespace procwall {
namespace {

using namespace std::string_view_literals;

Environment Picked(std::string_view text, const std::set<std::string>& names,
                   bool is_whole = true) {
  return PickVariables(text, names, is_whole);
}

TEST(PickVariables, TakesThoseThatAreAskedFor) {
  EXPECT_EQ(Picked("A=1\0SECRET=x\0B=a=b\n\0"sv, {"A", "B", "C"}),
            (Environment{{"A=1", "B=a=b\n"}, true}));
}

TEST(PickVariables, OfTwoOfOneNameTheFirstCounts) {
  EXPECT_EQ(Picked("A=1\0A=2\0"sv, {"A", "B"}), (Environment{{"A=1"}, true}));
}

TEST(PickVariables, ANameIsNotItsBeginning) {
  EXPECT_EQ(Picked("HOMER=x\0HOME=\0"sv, {"HOME"}), (Environment{{"HOME="}, true}));
}

TEST(PickVariables, TheLastNeedsNoEnd) {
  EXPECT_EQ(Picked("A=1"sv, {"A"}), (Environment{{"A=1"}, true}));
}

TEST(PickVariables, WhatMayBeCutIsNotTaken) {
  EXPECT_EQ(Picked("A=1\0B=22"sv, {"B"}, false), (Environment{{}, false}));
}

TEST(PickVariables, WhenAllAreFoundTheRestDoesNotMatter) {
  EXPECT_EQ(Picked("A=1\0B=22"sv, {"A"}, false), (Environment{{"A=1"}, true}));
}

TEST(PickVariables, SurvivesACutAtEveryByte) {
  const std::string_view text = "A=1\0\0=x\0B\0C==\0"sv;
  for (std::size_t size = 0; size <= text.size(); ++size) {
    const Environment environment = Picked(text.substr(0, size), {"", "A", "B", "C"});
    EXPECT_LE(environment.variables.size(), 3U);
  }
}

}  // namespace
}  // namespace procwall
