// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/rules_why.h"

#include "record/rule_message.h"
#include "tests/unit/ui/fake_daemon.h"
#include "tests/unit/ui/rules_world.h"
#include "ui/rule_proposal.h"

namespace procwall {
namespace {

class RulesWhy : public RulesWorld {
 protected:
  void SetUp() override {
    WriteRule("allow-curl", "allow", "/usr/bin/curl");
    Write("deny-all.json", R"({"name":"deny-all","enabled":true,"action":"deny",)"
                           R"("operator":{"type":"simple","operand":"true"}})");
  }
  ExitCode Why(const RulesWhyOptions& options, DaemonClient& client) {
    out_.str("");
    err_.str("");
    std::istringstream in;
    return RunRulesWhy(options, client, {out_, err_, {}}, {in, false});
  }

  const TemporaryDirectory elsewhere_;
};

TEST_F(RulesWhy, NamesTheDecidingRuleAndTheOthers) {
  EXPECT_EQ(Rules({"why", "--program", "/usr/bin/curl", "--to", "192.0.2.1:443"}), kSuccess);
  EXPECT_EQ(out_.str(), "deny \"deny-all\"\n    when anything\n    in " +
                            directory_ / "deny-all.json" +
                            "\n\nOther rules\n  allow \"allow-curl\" allows, but a later rule that "
                            "denies or has precedence overrules it\n      " +
                            directory_ / "allow-curl.json" + "\n");
}

TEST_F(RulesWhy, SaysThatNoRuleMatches) {
  EXPECT_EQ(Rules({"disable", "deny-all"}), kSuccess);
  EXPECT_EQ(Rules({"why", "--program", "/bin/x", "--to", "example.net:443"}), kSuccess);
  EXPECT_TRUE(out_.str().starts_with("No rule matches: the default action decides.\n"))
      << out_.str();
  EXPECT_NE(out_.str().find("would match, but is disabled"), std::string::npos);
}

TEST_F(RulesWhy, IsJsonForPrograms) {
  EXPECT_EQ(Rules({"why", "--program", "/bin/x", "--to", "192.0.2.1:443", "--json"}), kSuccess);
  EXPECT_EQ(out_.str(),
            R"({"action":"deny","rule":"deny-all","file":")" + directory_ / "deny-all.json" +
                R"(","default_action":"","matching":[{"rule":"deny-all",)"
                R"("action":"deny","file":")" +
                directory_ / "deny-all.json" + R"(","role":"decides"}],"unknown":[]})" + "\n");
}

TEST_F(RulesWhy, ExplainsARecordedDecision) {
  input_ = EventLine("allow", "x");
  EXPECT_EQ(Rules({"why", "--events", "-"}), kSuccess);
  EXPECT_TRUE(out_.str().starts_with("deny \"deny-all\"\n")) << out_.str();
  EXPECT_EQ(Rules({"why", "--events", "-", "--event", "8"}), kFailed);
  EXPECT_EQ(err_.str(), "procwall: there is no such decision any more\n");
}

TEST_F(RulesWhy, TellsWhatItCannotKnow) {
  Write("hash.json", R"({"name":"0","enabled":true,"operator":{"type":"simple",)"
                     R"("operand":"process.hash.md5","data":"d41d8cd98f00b204e9800998ecf8427e"}})");
  EXPECT_EQ(Rules({"why", "--program", "/bin/x", "--to", "192.0.2.1:443"}), kSuccess);
  EXPECT_NE(out_.str().find("asked for by rules: process.hash.md5."), std::string::npos)
      << out_.str();
}

TEST_F(RulesWhy, SaysWhatItDoesNotUnderstand) {
  EXPECT_EQ(Rules({"why", "--to", "a b"}), kUsage);
  EXPECT_EQ(Rules({"why", "--to", "192.0.2.1", "--user", "no such user"}), kUsage);
  EXPECT_EQ(Rules({"why", "--to", "192.0.2.1", "--protocol", "xyz"}), kUsage);
  EXPECT_EQ(Rules({"why", "--to", "192.0.2.1", "--source", "a.example"}), kUsage);
  EXPECT_EQ(Rules({"why", "--to", "192.0.2.1", "--at", "some day"}), kUsage);
}

TEST_F(RulesWhy, SaysNothingOfMemoryWhereItIsKnownOrNotAskedFor) {
  FakeDaemon daemon(elsewhere_ / "s");
  daemon.status.set_rules_directory(directory_.Path());
  DaemonClient client(daemon.Address());
  daemon.rules.set_directory(directory_.Path());
  EXPECT_EQ(Why({.to = "192.0.2.1:443"}, client), kSuccess);
  EXPECT_EQ(err_.str(), "");
  EXPECT_EQ(Rules({"why", "--to", "192.0.2.1:443"}), kSuccess);
  EXPECT_EQ(err_.str(), "");  // a directory that was named may be anybody's
}

TEST_F(RulesWhy, SaysThatRulesInMemoryAreNotKnown) {
  FakeDaemon daemon(elsewhere_ / "s");
  daemon.status.set_rules_directory(directory_.Path());
  daemon.list_answer = grpc::Status(grpc::StatusCode::PERMISSION_DENIED, "no");
  DaemonClient client(daemon.Address());
  EXPECT_EQ(Why({.to = "192.0.2.1:443"}, client), kSuccess);
  EXPECT_EQ(err_.str(), "note rules held in memory are not known: procwalld at " +
                            (elsewhere_ / "s") + " refuses: no\n");
  EXPECT_TRUE(out_.str().starts_with("deny \"deny-all\"\n")) << out_.str();
}

TEST_F(RulesWhy, KnowsTheRulesThatTheDaemonHoldsInMemory) {
  FakeDaemon daemon(elsewhere_ / "s");
  daemon.status.set_rules_directory(directory_.Path());
  daemon.rules.set_directory(directory_.Path());
  *daemon.rules.add_rules() =
      ToMessage({.name = "answer",
                 .enabled = true,
                 .precedence = true,
                 .action = RuleAction::kAllow,
                 .duration = "until restart",
                 .op = {.type = "simple", .operand = "process.path", .data = "/usr/bin/curl"}});
  DaemonClient client(daemon.Address());
  EXPECT_EQ(Why({.program = "/usr/bin/curl", .to = "192.0.2.1:443"}, client), kSuccess);
  EXPECT_EQ(out_.str().substr(0, out_.str().find("Other rules")),
            "allow \"answer\", until restart, precedence\n"
            "    when process.path is /usr/bin/curl\n"
            "    held in memory, no file\n\n");
  EXPECT_EQ(
      Why({.form = OutputForm::kJson, .program = "/usr/bin/curl", .to = "192.0.2.1:443"}, client),
      kSuccess);
  EXPECT_TRUE(out_.str().starts_with(R"({"action":"allow","rule":"answer","file":"",)"))
      << out_.str();
}

TEST_F(RulesWhy, KnowsWhatRulesOnListsHaveToDoWithIt) {
  const TemporaryDirectory lists;
  std::ofstream(lists / "ads.txt") << "ads.example\n";
  Write("ads.json", R"({"name":"zz-ads","enabled":true,"action":"allow","operator":)"
                    R"({"type":"lists","operand":"lists.domains","data":")" +
                        lists.Path().string() + R"("}})");
  EXPECT_EQ(Rules({"why", "--program", "/bin/x", "--to", "ads.example:443"}), kSuccess);
  EXPECT_NE(out_.str().find("allow \"zz-ads\" matches too, but the search has ended"),
            std::string::npos)
      << out_.str();
  // It must be the one that decides in both places.
  EXPECT_EQ(Rules({"disable", "deny-all"}), kSuccess);
  EXPECT_EQ(Rules({"why", "--program", "/bin/x", "--to", "ads.example:443", "--json"}), kSuccess);
  EXPECT_NE(out_.str().find(R"("rule":"zz-ads","action":"allow",)"), std::string::npos);
  EXPECT_NE(out_.str().find(R"("role":"decides")"), std::string::npos) << out_.str();
}

TEST_F(RulesWhy, AsksAboutAllThatTheOptionsTell) {
  Write("vpn.json", R"({"name":"a-vpn","enabled":true,"precedence":true,"action":"allow",)"
                    R"("operator":{"type":"simple","operand":"iface.out","data":"wg0"}})");
  EXPECT_EQ(Rules({"why", "--to", "192.0.2.1:443", "--iface-out", "wg0"}), kSuccess);
  EXPECT_TRUE(out_.str().starts_with("allow \"a-vpn\"")) << out_.str();
  EXPECT_EQ(out_.str().find("Not known here"), std::string::npos) << out_.str();
  EXPECT_EQ(Rules({"why", "--to", "192.0.2.1:443"}), kSuccess);
  EXPECT_TRUE(out_.str().starts_with("deny \"deny-all\"")) << out_.str();
}

}  // namespace
}  // namespace procwall
