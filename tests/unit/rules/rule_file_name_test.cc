// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/rule_file_name.h"

#include <gtest/gtest.h>

namespace procwall {
namespace {

TEST(RuleFileName, IsTheNameOfTheRule) {
  EXPECT_EQ(RuleFileName("allow-ntp"), "allow-ntp.json");
  EXPECT_EQ(RuleFileName("Größe 1"), "Größe 1.json");
}

TEST(RuleFileName, StaysInItsDirectory) {
  EXPECT_EQ(RuleFileName("../../etc/passwd"), "_._.._etc_passwd.json");
  EXPECT_EQ(RuleFileName("/usr/bin/curl"), "_usr_bin_curl.json");
  EXPECT_EQ(RuleFileName(std::string_view("a\0b", 3)), "a_b.json");
}

TEST(RuleFileName, IsNeitherHiddenNorAnOptionNorSeveralLines) {
  EXPECT_EQ(RuleFileName(".hidden"), "_hidden.json");
  EXPECT_EQ(RuleFileName("-rf"), "_rf.json");
  EXPECT_EQ(RuleFileName("a\nb"), "a_b.json");
  EXPECT_EQ(RuleFileName(""), "_.json");
}

TEST(RuleFileName, CutsALongNameBetweenTwoCharacters) {
  EXPECT_EQ(RuleFileName(std::string(300, 'a')), std::string(200, 'a') + ".json");
  EXPECT_EQ(RuleFileName(std::string(199, 'a') + "ß"), std::string(199, 'a') + ".json");
}

TEST(RuleFileName, NumbersFurtherAttempts) { EXPECT_EQ(RuleFileName("a", 2), "a-2.json"); }

}  // namespace
}  // namespace procwall
