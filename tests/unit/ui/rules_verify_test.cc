// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/rules_verify.h"

#include "tests/unit/ui/fake_daemon.h"
#include "tests/unit/ui/rules_world.h"

namespace procwall {
namespace {

using RulesVerify = RulesWorld;

TEST_F(RulesVerify, LintIsContentWithGoodRules) {
  WriteRule("a", "deny");
  EXPECT_EQ(RunWith({"rules", "lint", directory_.Path()}), kSuccess);
  EXPECT_EQ(out_.str(), "");
}

TEST_F(RulesVerify, LintSaysWhatItFoundAndWhyItMatters) {
  WriteRule("a", "deny", "/nowhere/x");
  EXPECT_EQ(Rules({"lint"}), kFailed);
  EXPECT_EQ(out_.str(), "missing-path \"a\" " + directory_ / "a.json" +
                            "\n    process.path /nowhere/x does not exist\n    a program put there "
                            "later would get these rights, or it was moved and has lost them\n");
  EXPECT_EQ(Rules({"lint", "--json"}), kFailed);
  EXPECT_TRUE(out_.str().starts_with(R"({"kind":"missing-path","rule":"a","file":")"))
      << out_.str();
}

TEST_F(RulesVerify, LintTellsOfRefusedFiles) {
  Write("a.json", "{");
  EXPECT_EQ(Rules({"lint"}), kFailed);
  EXPECT_TRUE(out_.str().starts_with("refused " + directory_ / "a.json" + ":1:")) << out_.str();
}

TEST_F(RulesVerify, LintAsksTheDaemonWhatWasNeverUsed) {
  WriteRule("a", "deny");
  const TemporaryDirectory elsewhere;
  FakeDaemon daemon(elsewhere / "s");
  daemon.rules.set_directory(directory_.Path());
  daemon.rules.set_counts_hits(true);
  DaemonClient client(daemon.Address());
  EXPECT_EQ(RunRulesLint({OutputForm::kText, directory_.Path()}, client, {out_, err_, {}}),
            kFailed);
  EXPECT_TRUE(out_.str().starts_with("never-used \"a\"")) << out_.str();
}

TEST_F(RulesVerify, TestComparesWithWhatIsExpected) {
  WriteRule("a", "deny");
  Write("rules.test", R"([{"name": "no shell", "program": "/bin/sh", "to": "192.0.2.1",
    "expect": "deny"}, {"name": "curl", "program": "/bin/curl", "to": "192.0.2.1",
    "expect": "allow"}])");
  EXPECT_EQ(Rules({"test"}), kFailed);
  EXPECT_EQ(out_.str(),
            "ok no shell: deny by \"a\"\n"
            "FAILED curl: expected allow, got default: no rule matches\n");
  Write("good", R"([{"program": "/bin/sh", "to": "192.0.2.1", "expect": "deny"}])");
  EXPECT_EQ(Rules({"test", "--json", directory_ / "good"}), kSuccess);
  EXPECT_EQ(out_.str(),
            R"({"name":"expectation 1","ok":true,"expected":"deny","got":"deny by \"a\""})"
            "\n");
}

TEST_F(RulesVerify, TestSaysWhatItCannotRead) {
  EXPECT_EQ(Rules({"test", "/nowhere"}), kUsage);
  Write("bad", "[");
  EXPECT_EQ(Rules({"test", directory_ / "bad"}), kUsage);
}

}  // namespace
}  // namespace procwall
