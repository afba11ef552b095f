// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/system_rules.h"

#include <fstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temporary_directory.h"

namespace procwall {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kGood = R"({"SystemRules":[
{"Rule":{"Table":"mangle","Chain":"OUTPUT","Parameters":"-p icmp","Target":"ACCEPT"}}]})";

class SystemRulesTest : public testing::Test {
 protected:
  void Write(const std::string& text) const { std::ofstream(path) << text; }

  TemporaryDirectory directory;
  const std::string path = directory / "system-fw.json";
  FirewallNotes notes;
};

TEST_F(SystemRulesTest, WithoutAFileThereAreNone) {
  SystemRules rules(path, notes);
  EXPECT_FALSE(rules.Load());
  EXPECT_EQ(rules.Current(), nullptr);
  EXPECT_THAT(notes.All(), IsEmpty());
}

TEST_F(SystemRulesTest, NoPathIsNoFile) {
  SystemRules rules("", notes);
  EXPECT_FALSE(rules.Load());
  EXPECT_EQ(rules.UnsafeFd(), -1);
  EXPECT_FALSE(rules.OnChange());
}

TEST_F(SystemRulesTest, FollowsItsFile) {
  SystemRules rules(path, notes);
  ASSERT_FALSE(rules.Load());
  Write(kGood);
  EXPECT_TRUE(rules.OnChange());
  ASSERT_NE(rules.Current(), nullptr);
  EXPECT_EQ(rules.Current()->chains.size(), 1U);
  Write(kGood);
  EXPECT_FALSE(rules.OnChange());  // it says the same
  std::filesystem::remove(path);
  EXPECT_TRUE(rules.OnChange());
  EXPECT_EQ(rules.Current(), nullptr);
}

TEST_F(SystemRulesTest, OtherFilesOfTheDirectoryDoNotMatter) {
  SystemRules rules(path, notes);
  std::ofstream(directory / "other.json") << "{";
  EXPECT_FALSE(rules.OnChange());
  EXPECT_THAT(notes.All(), IsEmpty());
}

TEST_F(SystemRulesTest, ABadFileLeavesTheLastGoodStateAndSaysWhere) {
  Write(kGood);
  SystemRules rules(path, notes);
  ASSERT_TRUE(rules.Load());
  Write("{\n oops");
  EXPECT_FALSE(rules.OnChange());
  EXPECT_NE(rules.Current(), nullptr);
  EXPECT_THAT(notes.All(), ElementsAre(HasSubstr("system-fw.json:2")));
  Write(kGood);
  EXPECT_FALSE(rules.OnChange());
}

TEST_F(SystemRulesTest, NamesWhatIsNotInForceWithItsLine) {
  Write(kGood);
  SystemRules rules(path, notes);
  ASSERT_TRUE(rules.Load());
  rules.TellInstalled({{"", 2, 0, "nft says no"}}, "");
  EXPECT_THAT(notes.All(), ElementsAre(HasSubstr("system-fw.json:2: nft says no")));
  rules.TellInstalled({}, "");
  EXPECT_THAT(notes.All(), IsEmpty());
}

TEST_F(SystemRulesTest, RootObeysNoFileThatEverybodyCanChange) {
  Write(kGood);
  std::filesystem::permissions(path, std::filesystem::perms::all);
  SystemRules rules(path, notes);
  EXPECT_FALSE(rules.Load());
  EXPECT_EQ(notes.All().size(), 1U);
}

}  // namespace
}  // namespace procwall
