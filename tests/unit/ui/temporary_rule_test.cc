// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/temporary_rule.h"

#include <gmock/gmock.h>

#include "tests/unit/ui/fake_daemon.h"
#include "tests/unit/ui/rules_world.h"
#include "ui/rules_change.h"

namespace procwall {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class TemporaryRule : public RulesWorld {
 protected:
  TemporaryRule() {
    daemon_.status.set_rules_directory(directory_.Path());
    daemon_.rules.set_directory(directory_.Path());
  }
  static RulesAddOptions Options() {
    return {.draft = {.name = "web", .port = "443", .duration = "15m"}};
  }
  ExitCode Add(const RulesAddOptions& options) {
    out_.str("");
    err_.str("");
    std::istringstream in(input_);
    return RunRulesAdd(options, client_, {out_, err_, {}}, {in, false});
  }

  const TemporaryDirectory elsewhere_;
  FakeDaemon daemon_{elsewhere_ / "s"};
  DaemonClient client_{daemon_.Address()};
};

TEST_F(TemporaryRule, EndsAndOthersDoNot) {
  EXPECT_TRUE(IsTemporary({.duration = "15m"}));
  EXPECT_TRUE(IsTemporary({.duration = "until restart"}));
  EXPECT_FALSE(IsTemporary({.duration = "always"}));
}

TEST_F(TemporaryRule, IsHeldByTheDaemonAndNotSaved) {
  EXPECT_EQ(Add(Options()), kSuccess);
  EXPECT_EQ(daemon_.put_rule.rule().name(), "web");
  EXPECT_EQ(daemon_.put_rule.rule().duration(), "15m");
  EXPECT_FALSE(daemon_.put_rule.replace());
  EXPECT_EQ(out_.str(), "deny \"web\", 15m\n    when dest.port is 443\n");
  EXPECT_EQ(err_.str(), "in force for 15m, held in memory, no file\n");
  EXPECT_FALSE(Exists("web.json"));
}

TEST_F(TemporaryRule, IsOnlyShownInADryRun) {
  RulesAddOptions options = Options();
  options.dry_run = true;
  EXPECT_EQ(Add(options), kSuccess);
  EXPECT_FALSE(daemon_.put_rule.has_rule());
}

TEST_F(TemporaryRule, NeedsTheDaemon) {
  const RulesAddOptions options = Options();
  DaemonClient nobody("unix:" + elsewhere_ / "none");
  std::istringstream in;
  EXPECT_EQ(RunRulesAdd(options, nobody, {out_, err_, {}}, {in, false}), kFailed);
  EXPECT_THAT(err_.str(),
              StartsWith("procwall: a temporary rule needs the running daemon: no daemon answers"));
  EXPECT_EQ(out_.str(), "");
}

TEST_F(TemporaryRule, IsNoneOfAnotherDirectory) {
  RulesAddOptions options = Options();
  options.directory = elsewhere_.Path();
  EXPECT_EQ(Add(options), kFailed);
  EXPECT_THAT(err_.str(), HasSubstr("whose rules are those of " + directory_.Path().string()));
  options.directory = directory_.Path();
  EXPECT_EQ(Add(options), kSuccess);
}

TEST_F(TemporaryRule, ReplacesARuleOnlyWhenToldTo) {
  v1::Rule& before = *daemon_.rules.add_rules();
  before.set_name("web");
  before.set_file("web.json");
  RulesAddOptions options = Options();
  EXPECT_EQ(Add(options), kFailed);
  EXPECT_EQ(err_.str(), "procwall: there is a rule \"web\" already; --replace replaces it\n");
  options.replace = true;
  EXPECT_EQ(Add(options), kSuccess);
  EXPECT_TRUE(daemon_.put_rule.replace());
  EXPECT_EQ(err_.str(),
            "note it took the place of web.json, which is removed\n"
            "in force for 15m, held in memory, no file\n");
}

TEST_F(TemporaryRule, SaysThatTheDaemonHasItInAFileAllTheSame) {
  daemon_.put_file = "web.json";
  EXPECT_EQ(Add(Options()), kSuccess);
  EXPECT_THAT(err_.str(), StartsWith("saved in web.json, "));
}

TEST_F(TemporaryRule, IsRefusedByTheDaemon) {
  daemon_.change_answer = grpc::Status(grpc::StatusCode::INVALID_ARGUMENT, "dest.prt is not known");
  EXPECT_EQ(Add(Options()), kFailed);
  EXPECT_EQ(err_.str(), "procwall: dest.prt is not known\n");
}

TEST_F(TemporaryRule, IsSavedWhereAWholeRuleIsMeantForADirectory) {
  input_ = R"({"name":"x","enabled":true,"action":"deny","duration":"15m","operator":)"
           R"({"type":"simple","operand":"dest.port","data":"25"}})";
  EXPECT_EQ(Add({.directory = directory_.Path(), .draft = {.name = "-"}}), kSuccess);
  EXPECT_TRUE(Exists("x.json"));
  EXPECT_FALSE(daemon_.put_rule.has_rule());
  EXPECT_EQ(Add({.draft = {.name = "-"}}), kSuccess);
  EXPECT_EQ(daemon_.put_rule.rule().name(), "x");
}

}  // namespace
}  // namespace procwall
