// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/rule_change.h"

#include <gtest/gtest.h>

#include "tests/unit/ui/rules_world.h"

namespace procwall {
namespace {

const RuleChange kEnabled{.what = "enabled", .name = "a\x1b", .file = "/r/a.json"};

struct RuleChangeTest : RulesWorld {
  Console console{out_, err_, {}};
};

TEST_F(RuleChangeTest, IsALineOfJsonForPrograms) {
  TellChange(kEnabled, "enabled a", OutputForm::kJson, console);
  EXPECT_EQ(out_.str(), R"({"what":"enabled","name":"a\\x1b","file":"/r/a.json","why":""})"
                        "\n");
  EXPECT_EQ(err_.str(), "");
}

TEST_F(RuleChangeTest, IsASentenceForPeople) {
  TellChange(kEnabled, "enabled a", OutputForm::kText, console);
  EXPECT_EQ(out_.str(), "");
  EXPECT_EQ(err_.str(), "enabled a\n");
}

TEST_F(RuleChangeTest, WarnsOfCommentsThatAreLost) {
  Write("a.json", R"({"name": "a", /* mine */ "operator": {"type": "simple", "operand": "true"}})");
  WarnOfLostComments({.name = "a", .op = {"simple", "dest.port", "1"}}, directory_ / "a.json",
                     console);
  EXPECT_NE(err_.str().find("its comments are lost"), std::string::npos) << err_.str();
}

TEST_F(RuleChangeTest, WarnsOfNothingElse) {
  WriteRule("a", "deny");
  WarnOfLostComments({.name = "a"}, directory_ / "a.json", console);
  WarnOfLostComments({.name = "b"}, "", console);
  EXPECT_EQ(err_.str(), "");
}

}  // namespace
}  // namespace procwall
