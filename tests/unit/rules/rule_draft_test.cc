// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/rule_draft.h"

#include <gtest/gtest.h>

#include "tests/unit/rules/world.h"

namespace procwall {
namespace {

class OneUser final : public Accounts {
 public:
  std::optional<Uid> FindUser(const std::string& name) const override {
    return name == "ada" ? std::optional<Uid>(1000) : std::nullopt;
  }
  std::optional<std::vector<Uid>> FindGroup(const std::string&) const override { return {}; }
};

tl::expected<Rule, std::string> RuleOf(RuleDraft draft) {
  if (draft.name.empty()) draft.name = "x";
  return RuleOfDraft(draft, OneUser());
}
Operator OpOf(const RuleDraft& draft) {
  return RuleOf(draft).map([](const Rule& rule) { return rule.op; }).value_or(Operator{});
}

TEST(RuleOfDraft, PutsAllConditionsTogether) {
  Operator program = Is("process.path", "/usr/bin/curl");
  program.sensitive = true;
  const Rule expected{.name = "x",
                      .enabled = true,
                      .action = RuleAction::kAllow,
                      .duration = "until restart",
                      .op = AllOf({program, Is("dest.host", "example.net"), Is("dest.port", "443"),
                                   Like("protocol", "^tcp6?$"), Is("user.id", "1000")})};
  EXPECT_EQ(RuleOf({.action = RuleAction::kAllow,
                    .program = "/usr/bin/curl",
                    .to = "example.net",
                    .port = "443",
                    .protocol = "tcp",
                    .user = "ada",
                    .duration = "until-restart"}),
            expected);
}

TEST(RuleOfDraft, TellsDestinationsApart) {
  EXPECT_EQ(OpOf({.to = "192.0.2.1"}), Is("dest.ip", "192.0.2.1"));
  EXPECT_EQ(OpOf({.to = "2001:DB8::1"}), Is("dest.ip", "2001:db8::1"));
  EXPECT_EQ(OpOf({.to = "192.0.2.0/24"}), Within("dest.network", "192.0.2.0/24"));
  EXPECT_EQ(OpOf({.to = "*.example.net"}), Like("dest.host", "\\.example\\.net$"));
  EXPECT_EQ(OpOf({.to = ".example.net"}), Like("dest.host", "^(|.*\\.)example\\.net$"));
}

TEST(RuleOfDraft, TellsProgramsFoldersAndPatternsApart) {
  EXPECT_EQ(OpOf({.program = "/opt/app/"}).type, "directory");
  EXPECT_EQ(OpOf({.program = "/opt/*/app"}).type, "glob");
  EXPECT_EQ(OpOf({.port = "1-9"}).type, "range");
}

TEST(RuleOfDraft, SaysWhatItDoesNotUnderstand) {
  EXPECT_EQ(RuleOf({}).error(), "a rule without any condition would match everything");
  EXPECT_EQ(RuleOf({.program = "curl"}).error(), "\"curl\" is not an absolute path of a program");
  EXPECT_EQ(RuleOf({.to = "a b"}).error(), "\"a b\" is not a host, an address or a network");
  EXPECT_EQ(RuleOf({.to = "1.2.3.4/99"}).error(),
            "\"1.2.3.4/99\" is not a network like 192.0.2.0/24");
  EXPECT_EQ(RuleOf({.port = "0443"}).error(),
            "\"0443\" is not a port, or a range of ports like 8000-8080");
  EXPECT_EQ(RuleOf({.user = "bob"}).error(), "\"bob\" is not a user of this host");
  EXPECT_EQ(RuleOf({.port = "1", .duration = "soon"}).error(),
            "\"soon\" is not how long a rule holds: 15m, 1h30m, until-restart or always");
}

TEST(RuleOfDraft, RefusesWhatWouldNotCompile) { EXPECT_FALSE(RuleOf({.port = "9-1"})); }

}  // namespace
}  // namespace procwall
