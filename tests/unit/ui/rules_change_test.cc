// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/rules_change.h"

#include "record/rule_message.h"
#include "tests/unit/ui/fake_daemon.h"
#include "tests/unit/ui/rules_world.h"
#include "ui/rule_proposal.h"

namespace procwall {
namespace {

using RulesChange = RulesWorld;

TEST_F(RulesChange, AddShowsAndSavesARule) {
  EXPECT_EQ(Rules({"add", "web", "--allow", "--program", "/usr/bin/curl", "--port", "443"}),
            kSuccess);
  EXPECT_EQ(out_.str(),
            "allow \"web\"\n    when process.path is exactly /usr/bin/curl and dest.port is 443\n");
  EXPECT_EQ(err_.str(), "saved " + directory_ / "web.json" + "\n");
  EXPECT_EQ(RunWith({"rules", "check", directory_.Path()}), kSuccess);
}

TEST_F(RulesChange, AddSavesNothingWhenItOnlyShows) {
  EXPECT_EQ(Rules({"add", "web", "--deny", "--port", "25", "--dry-run"}), kSuccess);
  EXPECT_FALSE(Exists("web.json"));
}

TEST_F(RulesChange, AddSaysWhatItDoesNotUnderstand) {
  EXPECT_EQ(Rules({"add", "web", "--allow"}), kUsage);
  EXPECT_EQ(err_.str(),
            "procwall: a rule without any condition would match everything\n"
            "See `procwall rules add --help`.\n");
  EXPECT_EQ(Rules({"add", "web", "--allow", "--deny", "--port", "1"}), kUsage);
}

TEST_F(RulesChange, AddReplacesARuleOnlyWhenToldTo) {
  WriteRule("web", "deny");
  EXPECT_EQ(Rules({"add", "web", "--allow", "--port", "443"}), kFailed);
  EXPECT_EQ(Rules({"add", "web", "--allow", "--port", "443", "--replace"}), kSuccess);
  EXPECT_NE(Read("web.json").find("dest.port"), std::string::npos);
}

TEST_F(RulesChange, AddReadsAWholeRule) {
  input_ = R"({"name":"x","enabled":true,"action":"deny","operator":{"type":"simple",)"
           R"("operand":"dest.port","data":"25"}})";
  EXPECT_EQ(Rules({"add", "-"}), kSuccess);
  EXPECT_TRUE(Exists("x.json"));
  input_ = "{\n\"name\": 1}";
  EXPECT_EQ(Rules({"add", "-"}), kUsage);
  EXPECT_EQ(err_.str().substr(0, 30), "procwall: standard input:2:9: ");
}

TEST_F(RulesChange, DisableAndEnableChangeOnlyThat) {
  WriteRule("a", "deny");
  EXPECT_EQ(Rules({"disable", "a"}), kSuccess);
  EXPECT_NE(Read("a.json").find("\"enabled\": false"), std::string::npos);
  EXPECT_EQ(Rules({"disable", "a"}), kSuccess);
  EXPECT_EQ(err_.str(), "\"a\" is disabled already\n");
  EXPECT_EQ(Rules({"enable", "a"}), kSuccess);
  EXPECT_NE(Read("a.json").find("\"enabled\": true"), std::string::npos);
}

TEST_F(RulesChange, EnableRefusesWhatWouldNotCompile) {
  Write("a.json", R"({"name":"a","operator":{"type":"simple","operand":"dest.prt","data":"1"}})");
  EXPECT_EQ(Rules({"enable", "a"}), kFailed);
  EXPECT_NE(err_.str().find("dest.prt"), std::string::npos) << err_.str();
}

TEST_F(RulesChange, ChangesNothingIfOneRuleIsNotThere) {
  WriteRule("abc", "deny");
  EXPECT_EQ(Rules({"disable", "abc", "ab"}), kFailed);
  EXPECT_EQ(err_.str(), "procwall: there is no rule \"ab\" in " + directory_.Path().string() +
                            "; did you mean \"abc\"?\n");
  EXPECT_NE(Read("abc.json").find("true"), std::string::npos);
}

TEST_F(RulesChange, RemoveWantsAYes) {
  WriteRule("a", "deny");
  EXPECT_EQ(Rules({"remove", "a"}), kFailed);
  EXPECT_EQ(err_.str(), "procwall: nobody is there to be asked: say --yes\n");
  EXPECT_TRUE(Exists("a.json"));
  EXPECT_EQ(Rules({"remove", "a", "--yes"}), kSuccess);
  EXPECT_FALSE(Exists("a.json"));
}

TEST_F(RulesChange, RemoveAsksAPerson) {
  WriteRule("a", "deny");
  DaemonClient client("unix:" + directory_ / "no-socket");
  std::istringstream no("n\n");
  std::istringstream yes("y\n");
  const RulesRemoveOptions options{directory_.Path(), {"a"}, false};
  EXPECT_EQ(RunRulesRemove(options, client, {out_, err_, {}}, {no, true}), kFailed);
  EXPECT_TRUE(Exists("a.json"));
  EXPECT_EQ(RunRulesRemove(options, client, {out_, err_, {}}, {yes, true}), kSuccess);
  EXPECT_FALSE(Exists("a.json"));
}

TEST_F(RulesChange, TellsProgramsWhatWasChanged) {
  WriteRule("a", "deny");
  const auto line = [&](const char* what, const char* why) {
    return std::string(R"({"what":")") + what + R"(","name":"a","file":")" +
           (directory_ / "a.json") + R"(","why":")" + why + "\"}\n";
  };
  EXPECT_EQ(Rules({"disable", "a", "--json"}), kSuccess);
  EXPECT_EQ(out_.str(), line("disabled", ""));
  EXPECT_EQ(Rules({"disable", "a", "--json"}), kSuccess);
  EXPECT_EQ(out_.str(), line("kept", "it is disabled already"));
  EXPECT_EQ(Rules({"remove", "--yes", "a", "--json"}), kSuccess);
  EXPECT_EQ(out_.str(), line("removed", ""));
}

TEST_F(RulesChange, SwitchingARuleKeepsItsComments) {
  Write("a.json",
        "{\"name\": \"a\", // mine\n\"operator\": {\"type\":\"simple\",\"operand\":"
        "\"dest.port\",\"data\":\"1\"}}");
  EXPECT_EQ(Rules({"enable", "a"}), kSuccess);
  EXPECT_NE(Read("a.json").find("// mine"), std::string::npos) << Read("a.json");
  EXPECT_EQ(err_.str(), "saved " + directory_ / "a.json" + "\n");
}

TEST_F(RulesChange, ReplacingARuleSaysThatItsCommentsAreLost) {
  Write("a.json",
        "{\"name\": \"a\", // mine\n\"operator\": {\"type\":\"simple\",\"operand\":"
        "\"dest.port\",\"data\":\"1\"}}");
  EXPECT_EQ(Rules({"add", "a", "--port", "2", "--replace"}), kSuccess);
  EXPECT_TRUE(err_.str().starts_with("note " + directory_ / "a.json" + " is written anew"))
      << err_.str();
}

TEST_F(RulesChange, SaysThatTheDirectoryIsNotThere) {
  EXPECT_EQ(RunWith({"rules", "enable", "a", "--rules-path", "/nowhere"}), kFailed);
  EXPECT_EQ(err_.str().substr(0, 36), "procwall: rules directory /nowhere: ");
}

TEST(RuleTimeNow, IsRfc3339) { EXPECT_EQ(RuleTimeNow().size(), 20U); }

// A daemon that holds "held" in memory.
class RulesChangeInMemory : public RulesWorld {
 protected:
  RulesChangeInMemory() {
    daemon_.status.set_rules_directory(directory_.Path());
    daemon_.rules.set_directory(directory_.Path());
    *daemon_.rules.add_rules() =
        ToMessage({.name = "held",
                   .enabled = true,
                   .duration = "until restart",
                   .op = {.type = "simple", .operand = "dest.port", .data = "25"}});
  }
  ExitCode Switch(const RulesSwitchOptions& options) {
    return RunRulesSwitch(options, client_, {out_, err_, {}});
  }
  ExitCode Remove(const RulesRemoveOptions& options) {
    std::istringstream in;
    return RunRulesRemove(options, client_, {out_, err_, {}}, {in, false});
  }

  const TemporaryDirectory elsewhere_;
  FakeDaemon daemon_{elsewhere_ / "s"};
  DaemonClient client_{daemon_.Address()};
};

TEST_F(RulesChangeInMemory, TheDaemonSwitchesWhatItHolds) {
  EXPECT_EQ(Switch({.names = {"held"}, .enable = false}), kSuccess);
  EXPECT_EQ(daemon_.switched_rule.name(), "held");
  EXPECT_FALSE(daemon_.switched_rule.enabled());
  EXPECT_EQ(err_.str(), "disabled \"held\", held in memory, no file\n");
  daemon_.rules.mutable_rules(0)->set_enabled(false);
  EXPECT_EQ(Switch({.names = {"held"}, .enable = true, .form = OutputForm::kJson}), kSuccess);
  EXPECT_TRUE(daemon_.switched_rule.enabled());
  EXPECT_EQ(out_.str(),
            R"({"what":"enabled","name":"held","file":"","why":"held in memory, no file"})"
            "\n");
}

TEST_F(RulesChangeInMemory, TheDaemonRemovesWhatItHolds) {
  WriteRule("a", "deny");
  EXPECT_EQ(Remove({.names = {"a", "held"}, .yes = true}), kSuccess);
  EXPECT_EQ(daemon_.removed_rule.name(), "held");
  EXPECT_FALSE(Exists("a.json"));
  EXPECT_TRUE(out_.str().ends_with("deny \"held\", until restart\n    when dest.port is 25\n"))
      << out_.str();
  EXPECT_EQ(err_.str(),
            "removed " + directory_ / "a.json" + "\nremoved \"held\", held in memory, no file\n");
}

TEST_F(RulesChangeInMemory, SaysThatTheDaemonRefuses) {
  daemon_.change_answer = grpc::Status(grpc::StatusCode::NOT_FOUND, "there is no rule \"held\"");
  EXPECT_EQ(Remove({.names = {"held"}, .yes = true}), kFailed);
  EXPECT_EQ(Switch({.names = {"held"}, .enable = false}), kFailed);
  EXPECT_EQ(err_.str(),
            "procwall: there is no rule \"held\"\nprocwall: there is no rule \"held\"\n");
}

TEST_F(RulesChangeInMemory, ChangesNothingIfARuleIsNowhere) {
  EXPECT_EQ(Remove({.names = {"held", "other"}, .yes = true}), kFailed);
  EXPECT_EQ(daemon_.removed_rule.name(), "");
  EXPECT_EQ(err_.str(),
            "procwall: there is no rule \"other\" in " + directory_.Path().string() + "\n");
}

TEST_F(RulesChangeInMemory, LeavesItAloneWhereAnotherDirectoryIsMeant) {
  EXPECT_EQ(Remove({.directory = elsewhere_.Path(), .names = {"held"}, .yes = true}), kFailed);
  EXPECT_EQ(daemon_.removed_rule.name(), "");
}

TEST_F(RulesChangeInMemory, SaysThatItIsNotKnownWhatTheDaemonHolds) {
  daemon_.list_answer = grpc::Status(grpc::StatusCode::PERMISSION_DENIED, "no");
  EXPECT_EQ(Switch({.names = {"held"}, .enable = false}), kFailed);
  EXPECT_TRUE(err_.str().ends_with("\nnote rules held in memory are not known: procwalld at " +
                                   (elsewhere_ / "s") + " refuses: no\n"))
      << err_.str();
}

}  // namespace
}  // namespace procwall
