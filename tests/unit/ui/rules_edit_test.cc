// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/rules_edit.h"

#include "tests/unit/ui/rules_world.h"

namespace procwall {
namespace {

class RulesEdit : public RulesWorld {
 protected:
  void SetUp() override { WriteRule("a", "deny"); }

  // An editor that writes that text.
  ExitCode EditTo(const std::string& text) {
    DaemonClient client("unix:" + directory_ / "no-socket");
    std::istringstream nothing;
    return RunRulesEdit({directory_.Path(), "a"}, client, {out_, err_, {}}, {nothing, false},
                        [&](const std::string& path) {
                          draft_ = path;
                          std::ofstream(path) << text;
                          return true;
                        });
  }
  void TearDown() override { std::filesystem::remove(draft_); }

  std::string draft_ = "none";
};

TEST_F(RulesEdit, SavesWhatWasWrittenAsItWasWritten) {
  const std::string text = R"({"name": "a", // mine
    "operator": {"type": "simple", "operand": "dest.port", "data": "25"}})";
  EXPECT_EQ(EditTo(text), kSuccess);
  EXPECT_EQ(Read("a.json"), text);
  EXPECT_FALSE(std::filesystem::exists(draft_));
}

TEST_F(RulesEdit, KeepsTheOldRuleAndTheDraftWhenItIsRefused) {
  const std::string before = Read("a.json");
  EXPECT_EQ(EditTo("{"), kFailed);
  EXPECT_EQ(Read("a.json"), before);
  EXPECT_TRUE(std::filesystem::exists(draft_));
  EXPECT_NE(err_.str().find("the draft is " + draft_), std::string::npos) << err_.str();
}

TEST_F(RulesEdit, RefusesTheNameOfAnotherRule) {
  WriteRule("b", "deny");
  EXPECT_EQ(EditTo(Read("b.json")), kFailed);
  EXPECT_NE(err_.str().find("has a rule \"b\" already"), std::string::npos) << err_.str();
}

TEST_F(RulesEdit, SaysThatNothingWasChanged) {
  EXPECT_EQ(EditTo(Read("a.json")), kSuccess);
  EXPECT_EQ(err_.str(), "nothing was changed\n");
}

TEST_F(RulesEdit, LetsAPersonTryAgain) {
  DaemonClient client("unix:" + directory_ / "no-socket");
  std::istringstream yes("y\n");
  int times = 0;
  const std::string good = Read("a.json") + "\n";
  const Editor editor = [&](const std::string& path) {
    std::ofstream(path) << (times++ == 0 ? "{" : good);
    return true;
  };
  EXPECT_EQ(RunRulesEdit({directory_.Path(), "a"}, client, {out_, err_, {}}, {yes, true}, editor),
            kSuccess);
  EXPECT_EQ(times, 2);
  EXPECT_EQ(Read("a.json"), good);
}

TEST_F(RulesEdit, RunsTheEditorOfTheEnvironment) {
  environment_ = {{"EDITOR", "sed -i s/deny/reject/"}};
  EXPECT_EQ(Rules({"edit", "a"}), kSuccess);
  EXPECT_NE(Read("a.json").find("reject"), std::string::npos);
}

TEST_F(RulesEdit, KeepsTheRuleWhenTheEditorFails) {
  environment_ = {{"VISUAL", "false"}, {"EDITOR", "true"}};
  EXPECT_EQ(Rules({"edit", "a"}), kFailed);
  EXPECT_EQ(err_.str().substr(0, 28), "procwall: the editor failed;");
  draft_ = err_.str().substr(err_.str().rfind(' ') + 1);
  draft_.pop_back();
}

}  // namespace
}  // namespace procwall
