// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/rule_check.h"

#include <gtest/gtest.h>

#include "tests/unit/rules/temporary_directory.h"

namespace procwall {
namespace {

TEST(CheckRules, ReportsEveryFileOfADirectory) {
  const TemporaryDirectory directory;
  directory.Write("b.json", "{\n \"name\": 1}");
  directory.Write("a.json", AllowText("curl", "/usr/bin/curl"));
  const std::string a = directory.Path("a.json");
  const std::string b = directory.Path("b.json");
  EXPECT_EQ(
      CheckRules(directory.Path()),
      (std::vector<RuleCheckLine>{
          {a, "curl", true, {}, {}},
          {b, "", false, {b, 2, 10, "\"name\" must be a text in quotes, not a number"}, {}}}));
}

TEST(CheckRules, TakesASingleFileOfAnyName) {
  const TemporaryDirectory directory;
  directory.Write("rule.txt", AllowText("curl", "/usr/bin/curl"));
  const std::string file = directory.Path("rule.txt");
  EXPECT_EQ(CheckRules(file), (std::vector<RuleCheckLine>{{file, "curl", true, {}, {}}}));
}

TEST(CheckRules, RefusesAPathThatIsNotThere) {
  const TemporaryDirectory directory;
  const auto lines = CheckRules(directory.Path("none"));
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0].error.reason,
            "cannot be read: open file: not found (No such file or directory)");
}

TEST(CheckRules, ReportsARuleThatAnotherFileHides) {
  const TemporaryDirectory directory;
  directory.Write("a.json", AllowText("same", "/bin/a"));
  directory.Write("b.json", AllowText("same", "/bin/b"));
  const auto lines = CheckRules(directory.Path());
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0].error.reason, R"(hidden by b.json, which has a rule of the same name "same")");
  EXPECT_TRUE(lines[1].ok);
}

}  // namespace
}  // namespace procwall
