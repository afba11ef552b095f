// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/rules_history.h"

#include "tests/unit/ui/rules_world.h"

namespace procwall {
namespace {

using RulesHistory = RulesWorld;

TEST_F(RulesHistory, ReplayShowsWhatWouldChange) {
  WriteRule("no-curl", "deny", "/usr/bin/curl");
  input_ = EventLine("allow", "curl") + EventLine("allow", "curl");
  EXPECT_EQ(Rules({"replay", "--events", "-", "--default", "deny"}), kFailed);
  EXPECT_EQ(out_.str(),
            "     2 x /usr/bin/curl to example.net:443\n"
            "         allow by \"curl\" -> deny by \"no-curl\"\n"
            "2 of 2 decisions would change; 0 more would be another rule's\n");
  EXPECT_EQ(Rules({"replay", "--events", "-", "--default", "deny", "--json"}), kFailed);
  EXPECT_EQ(out_.str(),
            R"({"count":2,"program":"/usr/bin/curl","destination":"example.net:443",)"
            R"("before":"allow","rule_before":"curl","after":"deny","rule_after":"no-curl"})"
            "\n");
}

TEST_F(RulesHistory, ReplayIsContentWhenNothingWouldChange) {
  WriteRule("curl-2", "allow", "/usr/bin/curl");
  input_ = EventLine("allow", "curl");
  EXPECT_EQ(Rules({"replay", "--events", "-", "--default", "deny"}), kSuccess);
  EXPECT_EQ(out_.str(), "0 of 1 decisions would change; 1 more would be another rule's\n");
}

TEST_F(RulesHistory, ReplayUsesTheDefaultActionWhereNoRuleMatches) {
  input_ = EventLine("deny", "");
  EXPECT_EQ(Rules({"replay", "--events", "-", "--default", "deny"}), kSuccess);
  EXPECT_EQ(Rules({"replay", "--events", "-", "--default", "allow"}), kFailed);
}

TEST_F(RulesHistory, SaysWhichLineIsWrong) {
  input_ = EventLine("deny", "") + "x\n";
  EXPECT_EQ(Rules({"replay", "--events", "-"}), kUsage);
  EXPECT_EQ(err_.str(), "procwall: standard input:2: this is not a JSON object\n");
}

TEST_F(RulesHistory, LearnShowsRulesAndWhatTheyPermitBeyond) {
  input_ = EventLine("allow", "");
  EXPECT_EQ(RunWith({"rules", "learn", "--events", "-"}), kSuccess);
  EXPECT_EQ(out_.str(),
            "allow \"learned-curl-tcp\"\n"
            "    when process.path is exactly /usr/bin/curl and protocol matches ^tcp6?$ and "
            "dest.host is example.net and dest.port is 443\n"
            "    from 1 decisions\n"
            "    permits also: every user (seen: 1000)\n");
}

TEST_F(RulesHistory, LearnSavesRulesThatFlipNothing) {
  input_ = EventLine("allow", "");
  EXPECT_EQ(RunWith({"rules", "learn", "--events", "-", "--to", directory_.Path(), "--json"}),
            kSuccess);
  EXPECT_TRUE(Exists("learned-curl-tcp.json"));
  EXPECT_EQ(Rules({"replay", "--events", "-", "--default", "deny"}), kSuccess);
}

}  // namespace
}  // namespace procwall
