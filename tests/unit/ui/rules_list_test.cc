// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/rules_list.h"

#include <sstream>

#include <gtest/gtest.h>

#include "tests/support/temporary_directory.h"
#include "tests/unit/ui/fake_daemon.h"
#include "tests/unit/ui/sample_event.h"

namespace procwall {
namespace {

v1::ListRulesResponse Response() {
  return FromText<v1::ListRulesResponse>(R"(
    directory: "/etc/procwall/rules"
    rules { name: "000-loopback" enabled: true precedence: true nolog: true action: "allow"
            duration: "always" file: "000-loopback.json"
            operator { type: "network" operand: "dest.network" data: "127.0.0.0/8" } }
    rules { name: "old" action: "deny" duration: "15m" file: "old.json"
            operator { type: "simple" operand: "true" } }
    refused { file: "games.json" line: 14 column: 7 reason: "operator.data: missing bracket"
              previous_version_in_force: true }
    refused { file: "new.json" reason: "unreadable" })");
}

TEST(RulesText, ShowsRulesAsSentencesAndRefusedFilesBelow) {
  EXPECT_EQ(RulesText(Response(), Terminal{}),
            "1 rule in force, 1 switched off, from /etc/procwall/rules\n"
            "\n"
            "NAME          ACTION       FOR     FLAGS              WHEN\n"
            "000-loopback  allow   on   always  precedence, nolog  dest.network is in 127.0.0.0/8\n"
            "old           deny    off  15m                        anything\n"
            "\n"
            "2 files are refused\n"
            "  games.json:14:7 operator.data: missing bracket\n"
            "    its previous version is still in force\n"
            "  new.json unreadable\n"
            "    nothing of it is in force\n");
}

TEST(RulesText, PutsConditionsBelowOnANarrowTerminal) {
  const std::string text = RulesText(Response(), {true, 72, Colours::kOff});
  EXPECT_EQ(text.substr(0, text.find("2 files")),
            "1 rule in force, 1 switched off, from /etc/procwall/rules\n"
            "\n"
            "NAME          ACTION       FOR     FLAGS\n"
            "000-loopback  allow   on   always  precedence, nolog\n"
            "    dest.network is in 127.0.0.0/8\n"
            "old           deny    off  15m\n"
            "    anything\n"
            "\n");
}

TEST(RulesText, CutsConditionsToTheTerminal) {
  v1::ListRulesResponse response = Response();
  response.mutable_rules(0)->mutable_operator_()->set_data(std::string(100, '9'));
  const std::string text = RulesText(response, {true, 110, Colours::kOff});
  EXPECT_NE(text.find("dest.network is in " + std::string(36, '9') + "…\n"), std::string::npos)
      << text;
}

v1::ListRulesResponse Counted() {
  v1::ListRulesResponse response = Response();
  response.set_counts_hits(true);
  response.mutable_rules(0)->set_hits(17);
  response.mutable_rules(0)->mutable_last_used()->set_seconds(1709301802);
  return response;
}

TEST(RulesText, ShowsHowOftenARuleWasUsedIfThatIsCounted) {
  const std::string text = RulesText(Counted(), {true, 72, Colours::kOff});
  EXPECT_NE(text.find("precedence, nolog  17, 2024-03-01 14:03:22\n"), std::string::npos) << text;
  EXPECT_NE(text.find("  never\n"), std::string::npos) << text;
}

TEST(RulesJson, TellsHowOftenARuleWasUsed) {
  const std::string lines = RulesJson(Counted());
  EXPECT_NE(lines.find(R"("hits":17,"last_used":"2024-03-01T14:03:22)"), std::string::npos)
      << lines;
  EXPECT_NE(lines.find(R"("hits":0,"last_used":null})"), std::string::npos) << lines;
}

TEST(RulesText, SaysThatThereIsNoRule) {
  v1::ListRulesResponse response;
  response.set_directory("/etc/procwall/rules");
  EXPECT_EQ(RulesText(response, Terminal{}), "0 rules in force, from /etc/procwall/rules\n");
}

TEST(RulesJson, PrintsAnObjectForEveryRuleAndRefusedFile) {
  EXPECT_EQ(
      RulesJson(Response()),
      R"({"kind":"rule","name":"000-loopback","action":"allow","enabled":true,)"
      R"("duration":"always","precedence":true,"nolog":true,"enforce":true,"description":"",)"
      R"("condition":"dest.network is in 127.0.0.0/8","operator":{"type":"network",)"
      R"("operand":"dest.network","data":"127.0.0.0/8","sensitive":false},)"
      R"("file":"000-loopback.json","created":"","updated":"","hits":null,"last_used":null})"
      "\n"
      R"({"kind":"rule","name":"old","action":"deny","enabled":false,"duration":"15m",)"
      R"("precedence":false,"nolog":false,"enforce":true,"description":"","condition":"anything",)"
      R"("operator":{"type":"simple","operand":"true","data":"","sensitive":false},)"
      R"("file":"old.json","created":"","updated":"","hits":null,"last_used":null})"
      "\n"
      R"({"kind":"refused","file":"games.json","line":14,"column":7,)"
      R"("reason":"operator.data: missing bracket","previous_version_in_force":true})"
      "\n"
      R"({"kind":"refused","file":"new.json","line":0,"column":0,"reason":"unreadable",)"
      R"("previous_version_in_force":false})"
      "\n");
}

TEST(RunRulesList, PrintsWhatTheDaemonSays) {
  const TemporaryDirectory directory;
  FakeDaemon daemon(directory / "s");
  daemon.rules = Response();
  DaemonClient client(daemon.Address());
  std::ostringstream out;
  std::ostringstream err;
  EXPECT_EQ(RunRulesList(OutputForm::kText, client, {out, err, {}}), kSuccess);
  EXPECT_EQ(out.str(), RulesText(Response(), Terminal{}));
}

TEST(RunRulesList, FailsWithoutADaemon) {
  const TemporaryDirectory directory;
  DaemonClient client("unix:" + directory / "none");
  std::ostringstream out;
  std::ostringstream err;
  EXPECT_EQ(RunRulesList(OutputForm::kText, client, {out, err, {}}), kFailed);
  EXPECT_TRUE(err.str().starts_with("procwall: no daemon answers at ")) << err.str();
}

}  // namespace
}  // namespace procwall
