// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/rules_why.h"

#include "tests/unit/ui/rules_world.h"

namespace procwall {
namespace {

class RulesWhy : public RulesWorld {
 protected:
  void SetUp() override {
    WriteRule("allow-curl", "allow", "/usr/bin/curl");
    Write("deny-all.json", R"({"name":"deny-all","enabled":true,"action":"deny",)"
                           R"("operator":{"type":"simple","operand":"true"}})");
  }
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
}

}  // namespace
}  // namespace procwall
