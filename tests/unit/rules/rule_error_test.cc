// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/rule_error.h"

#include <gtest/gtest.h>

namespace procwall {
namespace {

TEST(RuleErrorToString, NamesFileLineAndColumn) {
  EXPECT_EQ((RuleError{"/etc/a.json", 3, 17, "no name"}.ToString()), "/etc/a.json:3:17: no name");
}

TEST(RuleErrorToString, LeavesOutWhatIsNotKnown) {
  EXPECT_EQ((RuleError{"a.json", 0, 0, "too large"}.ToString()), "a.json: too large");
  EXPECT_EQ((RuleError{"ads.txt", 3, 0, "no name"}.ToString()), "ads.txt:3: no name");
  EXPECT_EQ((RuleError{"", 3, 17, "no name"}.ToString()), "3:17: no name");
  EXPECT_EQ((RuleError{"", 0, 0, "no name"}.ToString()), "no name");
}

}  // namespace
}  // namespace procwall
