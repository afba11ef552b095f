// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/rules_check.h"

#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "tests/support/temporary_directory.h"

namespace procwall {
namespace {

constexpr const char* kGood = R"({"name": "allow-ntp", "enabled": true, "action": "allow",
  "duration": "always", "operator": {"type": "simple", "operand": "dest.port", "data": "123"}})";

RuleCheckLine Ok() {
  return {.file = "a.json", .name = "allow-ntp", .ok = true, .error = {}, .notes = {}};
}
RuleCheckLine Refused() {
  return {.file = "b.json",
          .name = "",
          .ok = false,
          .error = {.file = "b.json", .line = 3, .column = 17, .reason = "no such operand"},
          .notes = {}};
}

TEST(RuleCheckText, IsOneLineAFile) {
  EXPECT_EQ(RuleCheckText(Ok(), Colours::kOff), "ok a.json allow-ntp");
  EXPECT_EQ(RuleCheckText(Refused(), Colours::kOff), "refused b.json 3:17 no such operand");
}

TEST(RuleCheckText, KeepsAHostileNameOnItsLine) {
  RuleCheckLine line = Ok();
  line.name = "x\nok /etc/passwd\x1b[2J";
  EXPECT_EQ(RuleCheckText(line, Colours::kOff), "ok a.json x\\x0aok /etc/passwd\\x1b[2J");
}

TEST(RuleCheckJson, IsOneObjectAFile) {
  EXPECT_EQ(RuleCheckJson(Refused()),
            R"({"ok":false,"file":"b.json","name":"","line":3,"column":17,)"
            R"("reason":"no such operand","notes":[]})");
}

class RunRulesCheckTest : public testing::Test {
 protected:
  ExitCode Check(const std::string& name, OutputForm form = OutputForm::kText) {
    return RunRulesCheck(form, {directory_ / name}, {out_, err_, {}});
  }
  void Write(const std::string& name, const std::string& text) {
    std::ofstream(directory_ / name) << text;
  }

  const TemporaryDirectory directory_;
  std::ostringstream out_;
  std::ostringstream err_;
};

TEST_F(RunRulesCheckTest, AcceptsAGoodFile) {
  Write("a.json", kGood);
  EXPECT_EQ(Check("a.json"), kSuccess);
  EXPECT_EQ(out_.str(), "ok " + directory_ / "a.json" + " allow-ntp\n");
}

TEST_F(RunRulesCheckTest, RefusesABadFileAndGoesOn) {
  std::filesystem::create_directory(directory_ / "rules");
  Write("rules/a.json", "{");
  Write("rules/b.json", kGood);
  EXPECT_EQ(Check("rules"), kFailed);
  EXPECT_TRUE(out_.str().starts_with("refused " + directory_ / "rules/a.json" + " 1:"))
      << out_.str();
  EXPECT_TRUE(out_.str().ends_with("\nok " + directory_ / "rules/b.json" + " allow-ntp\n"))
      << out_.str();
}

TEST_F(RunRulesCheckTest, SaysWhatItCannotRead) {
  EXPECT_EQ(Check("none"), kUsage);
  EXPECT_EQ(out_.str(), "");
  EXPECT_EQ(err_.str(),
            "procwall: cannot read " + directory_ / "none" + ": No such file or directory\n");
}

TEST_F(RunRulesCheckTest, SaysThatADirectoryHasNoRules) {
  std::filesystem::create_directory(directory_ / "rules");
  EXPECT_EQ(Check("rules"), kSuccess);
  EXPECT_EQ(err_.str(), "no rule files in " + directory_ / "rules" + "\n");
}

}  // namespace
}  // namespace procwall
