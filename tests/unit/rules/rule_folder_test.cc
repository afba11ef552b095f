// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/rule_folder.h"

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

std::string TextOf(const std::string& path) {
  return ReadFileAt(AT_FDCWD, path.c_str(), kMaxRuleFileBytes).value_or("none");
}

unsigned ModeOfFile(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 ? status.st_mode & 07777U : 0;
}

Rule Saved(std::string name) { return {.name = std::move(name), .op = Is("dest.port", "53")}; }

TEST(SaveRule, MakesAFileOfItsName) {
  const TemporaryDirectory directory;
  EXPECT_EQ(SaveRule(directory.Path(), Saved("../a b")).value(), directory.Path("_._a b.json"));
  EXPECT_EQ(ParseRuleFile(TextOf(directory.Path("_._a b.json")), "").value(), Saved("../a b"));
  EXPECT_EQ(ModeOfFile(directory.Path("_._a b.json")), 0600U);
}

TEST(SaveRule, TakesNoOtherFilesName) {
  const TemporaryDirectory directory;
  directory.Write("a_b.json", AllowText("other", "/bin/x"));
  directory.Write("a_b-2.json", "broken");
  EXPECT_EQ(SaveRule(directory.Path(), Saved("a/b")).value(), directory.Path("a_b-3.json"));
  EXPECT_EQ(TextOf(directory.Path("a_b-2.json")), "broken");
}

TEST(SaveRule, SavesARuleWhereItIsAndKeepsModeAndUnknownKeys) {
  const TemporaryDirectory directory;
  directory.Write("else.json", R"({"name": "a", "operator": {"type": "simple"}, "mine": [1]})");
  ::chmod(directory.Path("else.json").c_str(), 0640);
  EXPECT_EQ(SaveRule(directory.Path(), Saved("a")).value(), directory.Path("else.json"));
  EXPECT_EQ(ModeOfFile(directory.Path("else.json")), 0640U);
  EXPECT_NE(TextOf(directory.Path("else.json")).find("\"mine\""), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(directory.Path("a.json")));
}

TEST(SaveRule, ReplacesWhatALinkPointsTo) {
  const TemporaryDirectory directory;
  std::filesystem::create_directory(directory.Path("real"));
  directory.Write("real/a", AllowText("a", "/bin/x"));
  std::filesystem::create_symlink("real/a", directory.Path("a.json"));
  ASSERT_TRUE(SaveRule(directory.Path(), Saved("a")));
  EXPECT_TRUE(std::filesystem::is_symlink(directory.Path("a.json")));
  EXPECT_EQ(ParseRuleFile(TextOf(directory.Path("real/a")), "").value(), Saved("a"));
}

TEST(SaveRule, SaysWhereItCannot) {
  EXPECT_EQ(SaveRule("/nowhere/at/all", Saved("a")).error().file, "/nowhere/at/all/a.json");
}

TEST(RuleFolder, KnowsTheFileInForce) {
  const TemporaryDirectory directory;
  directory.Write("1.json", AllowText("a", "/bin/x"));
  directory.Write("2.json", AllowText("a", "/bin/y"));
  directory.Write(".3.json", AllowText("a", "/bin/z"));
  directory.Write("4.json", "broken");
  EXPECT_EQ(RuleFolder(directory.Path()).FileOf("a"), "2.json");
  EXPECT_EQ(RuleFolder(directory.Path()).FileOf("b"), std::nullopt);
  EXPECT_EQ(RuleFolder("/nowhere/at/all").FileOf("a"), std::nullopt);
}

TEST(RuleFolder, KnowsWhatItHasSaved) {
  const TemporaryDirectory directory;
  RuleFolder folder(directory.Path());
  EXPECT_EQ(folder.Save(Saved("a/b")).value(), directory.Path("a_b.json"));
  EXPECT_EQ(folder.Save(Saved("a\\b")).value(), directory.Path("a_b-2.json"));
  Rule changed = Saved("a/b");
  changed.description = "again";
  EXPECT_EQ(folder.Save(changed).value(), directory.Path("a_b.json"));
  EXPECT_EQ(ParseRuleFile(TextOf(directory.Path("a_b.json")), "").value(), changed);
}

}  // namespace
}  // namespace procwall
