// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/rule_writer.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <filesystem>

#include <gtest/gtest.h>

#include "base/file.h"
#include "rules/rule_file.h"
#include "tests/unit/rules/temporary_directory.h"
#include "tests/unit/rules/world.h"

namespace procwall {
namespace {

std::string Read(const std::string& path) {
  return ReadFileAt(AT_FDCWD, path.c_str(), kMaxRuleFileBytes).value_or("none");
}

unsigned ModeOf(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 ? status.st_mode & 07777U : 0;
}

Rule Named(std::string name) { return {.name = std::move(name), .op = Is("dest.port", "53")}; }

TEST(RuleFileText, SaysTheRule) {
  const Rule rule = Named("a");
  EXPECT_EQ(ParseRuleFile(RuleFileText(rule), "").value(), rule);
}

TEST(RuleFileText, HasTheConditionsOfAListAsTextToo) {
  const Rule rule{.name = "a", .op = AllOf({Is("dest.port", "53")})};
  const Rule read = ParseRuleFile(RuleFileText(rule), "").value();
  EXPECT_EQ(read.op.list, rule.op.list);
  EXPECT_EQ(read.op.data,
            R"([{"type":"simple","operand":"dest.port","sensitive":false,"data":"53","list":[]}])");
}

TEST(RuleFileText, KeepsKeysNobodyKnows) {
  const std::string text =
      RuleFileText(Named("a"), R"({"Name": "a", "colour": "red", // the best one
                      "OPERATOR": {"type": "x", "why": 1, "list": [{"a": 2}]}})");
  EXPECT_NE(text.find(R"("colour": "red")"), std::string::npos) << text;
  EXPECT_NE(text.find(R"("why": 1)"), std::string::npos) << text;
  EXPECT_EQ(text.find("Name"), std::string::npos) << text;
  EXPECT_EQ(ParseRuleFile(text, "").value(), Named("a"));
}

TEST(RuleFileText, KeepsThemInTheConditionsOfAList) {
  const Rule rule{.name = "a", .op = AllOf({Is("dest.port", "53")})};
  const std::string text = RuleFileText(rule, R"({"operator": {"list": [{"why": 7}, {"b": 2}]}})");
  EXPECT_NE(text.find(R"("why": 7)"), std::string::npos) << text;
}

TEST(RuleFileText, KeepsCommentsWhenARuleIsOnlySwitched) {
  const std::string before = R"({
  "name": "a", // who
  "operator": {"type": "simple", "operand": "dest.port", "data": "53"} /* what */
})";
  Rule rule = ParseRuleFile(before, "").value();
  rule.enabled = true;
  rule.updated = "2026-01-01T00:00:00Z";
  EXPECT_FALSE(LosesComments(rule, before));
  EXPECT_EQ(RuleFileText(rule, before), R"({
  "enabled": true,
  "updated": "2026-01-01T00:00:00Z",
  "name": "a", // who
  "operator": {"type": "simple", "operand": "dest.port", "data": "53"} /* what */
})");
}

TEST(RuleFileText, LosesCommentsWhenARuleIsAnother) {
  const std::string before = "{\"name\": \"a\", // who\n\"operator\": {\"type\": \"simple\"}}";
  EXPECT_TRUE(LosesComments(Named("a"), before));
  EXPECT_EQ(ParseRuleFile(RuleFileText(Named("a"), before), "").value(), Named("a"));
}

TEST(SaveRule, MakesAFileOfItsName) {
  const TemporaryDirectory directory;
  EXPECT_EQ(SaveRule(directory.Path(), Named("../a b")).value(), directory.Path("_._a b.json"));
  EXPECT_EQ(ParseRuleFile(Read(directory.Path("_._a b.json")), "").value(), Named("../a b"));
  EXPECT_EQ(ModeOf(directory.Path("_._a b.json")), 0600U);
}

TEST(SaveRule, TakesNoOtherFilesName) {
  const TemporaryDirectory directory;
  directory.Write("a_b.json", AllowText("other", "/bin/x"));
  directory.Write("a_b-2.json", "broken");
  EXPECT_EQ(SaveRule(directory.Path(), Named("a/b")).value(), directory.Path("a_b-3.json"));
  EXPECT_EQ(Read(directory.Path("a_b-2.json")), "broken");
}

TEST(SaveRule, SavesARuleWhereItIsAndKeepsModeAndUnknownKeys) {
  const TemporaryDirectory directory;
  directory.Write("else.json", R"({"name": "a", "operator": {"type": "simple"}, "mine": [1]})");
  ::chmod(directory.Path("else.json").c_str(), 0640);
  EXPECT_EQ(SaveRule(directory.Path(), Named("a")).value(), directory.Path("else.json"));
  EXPECT_EQ(ModeOf(directory.Path("else.json")), 0640U);
  EXPECT_NE(Read(directory.Path("else.json")).find("\"mine\""), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(directory.Path("a.json")));
}

TEST(SaveRule, ReplacesWhatALinkPointsTo) {
  const TemporaryDirectory directory;
  std::filesystem::create_directory(directory.Path("real"));
  directory.Write("real/a", AllowText("a", "/bin/x"));
  std::filesystem::create_symlink("real/a", directory.Path("a.json"));
  ASSERT_TRUE(SaveRule(directory.Path(), Named("a")));
  EXPECT_TRUE(std::filesystem::is_symlink(directory.Path("a.json")));
  EXPECT_EQ(ParseRuleFile(Read(directory.Path("real/a")), "").value(), Named("a"));
}

TEST(SaveRule, SaysWhereItCannot) {
  EXPECT_EQ(SaveRule("/nowhere/at/all", Named("a")).error().file, "/nowhere/at/all/a.json");
}

TEST(FindRuleFile, FindsTheOneInForce) {
  const TemporaryDirectory directory;
  directory.Write("1.json", AllowText("a", "/bin/x"));
  directory.Write("2.json", AllowText("a", "/bin/y"));
  EXPECT_EQ(FindRuleFile(directory.Path(), "a"), "2.json");
  EXPECT_EQ(FindRuleFile(directory.Path(), "b"), std::nullopt);
}

}  // namespace
}  // namespace procwall
