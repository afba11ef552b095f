// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/rule_check.h"

#include <filesystem>

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

// A rule about the network OFFICE in "rules", and a file of aliases beside that.
struct OfficeWorld {
  TemporaryDirectory top;
  std::string rule = top.Path("rules/a.json");
  explicit OfficeWorld(std::string_view aliases) {
    std::filesystem::create_directory(top.Path("rules"));
    top.Write("rules/a.json", R"({"name":"a","enabled":true,"action":"deny","operator":
        {"type":"network","operand":"dest.network","data":"OFFICE"}})");
    top.Write("network_aliases.json", aliases);
  }
};

TEST(CheckRules, KnowsTheNetworkAliasesBesideTheDirectory) {
  const OfficeWorld world(R"({"OFFICE": ["10.1.0.0/16"]})");
  const std::vector<RuleCheckLine> good{{world.rule, "a", true, {}, {}}};
  EXPECT_EQ(CheckRules(world.top.Path("rules")), good);
  EXPECT_EQ(CheckRules(world.rule), good);
}

TEST(CheckRules, RefusesNetworkAliasesThatCannotBeUsed) {
  const OfficeWorld world("{");
  const std::string file = world.top.Path("network_aliases.json");
  const auto lines = CheckRules(world.top.Path("rules"));
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0], (RuleCheckLine{file, "", false, {file, 0, 0, "1:2: not JSON"}, {}}));
  EXPECT_FALSE(lines[1].ok);
}

}  // namespace
}  // namespace procwall
