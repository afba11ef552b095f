// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/loaded_rules.h"

#include "tests/unit/ui/fake_daemon.h"
#include "tests/unit/ui/rules_world.h"

namespace procwall {
namespace {

using LoadedRulesTest = RulesWorld;

TEST_F(LoadedRulesTest, KnowRulesFilesAndErrors) {
  WriteRule("a", "deny");
  Write("bad.json", "{");
  const auto loaded = LoadRules(directory_.Path(), err_);
  ASSERT_TRUE(loaded);
  EXPECT_NE(loaded->Find("a"), nullptr);
  EXPECT_EQ(loaded->Find("b"), nullptr);
  EXPECT_EQ(loaded->FileOf("a"), directory_ / "a.json");
  EXPECT_EQ(loaded->errors.size(), 1U);
  EXPECT_EQ(loaded->set.Size(), 1U);
}

TEST_F(LoadedRulesTest, KnowTheNetworkAliasesBesideTheDirectory) {
  std::filesystem::create_directory(directory_ / "rules");
  Write("rules/a.json", R"({"name":"a","enabled":true,"action":"deny","operator":
      {"type":"network","operand":"dest.network","data":"OFFICE"}})");
  Write("network_aliases.json", R"({"OFFICE": ["10.1.0.0/16"]})");
  EXPECT_EQ(LoadRules(directory_ / "rules", err_)->set.Size(), 1U);
  EXPECT_EQ(err_.str(), "");
  Write("network_aliases.json", "{");
  EXPECT_EQ(LoadRules(directory_ / "rules", err_)->set.Size(), 0U);
  EXPECT_EQ(err_.str(), "procwall: " + directory_ / "network_aliases.json" +
                            ": 1:2: not JSON; only the built-in networks have names\n");
}

TEST_F(LoadedRulesTest, AreThoseOfTheDaemonUnlessToldOtherwise) {
  FakeDaemon daemon(directory_ / "s");
  daemon.status.set_rules_directory("/srv/a\\\\b");
  DaemonClient client(daemon.Address());
  EXPECT_EQ(RuleDirectoryOf("", client), "/srv/a\\b");
  EXPECT_EQ(RuleDirectoryOf("/x", client), "/x");
  DaemonClient nobody("unix:" + directory_ / "none");
  EXPECT_EQ(RuleDirectoryOf("", nobody), "/etc/procwall/rules");
}

}  // namespace
}  // namespace procwall
