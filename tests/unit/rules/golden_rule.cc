// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "tests/unit/rules/golden_rule.h"

#include <filesystem>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "rules/lifetime.h"
#include "rules/rule_file.h"
#include "rules/rule_set.h"
#include "tests/unit/rules/oracle.h"

namespace procwall {
namespace {

class GoldenAccounts final : public Accounts {
 public:
  std::optional<Uid> FindUser(const std::string& name) const override {
    if (name == "alice") return 1000;
    return name == "bob" ? std::optional<Uid>(1001) : std::nullopt;
  }
  std::optional<std::vector<Uid>> FindGroup(const std::string& name) const override {
    return name == "staff" ? std::optional(std::vector<Uid>{7, 1000}) : std::nullopt;
  }
};

// A file around an operator, the rule on everything that stands beside it, and which of the two
// decides.
struct Frame {
  const char* by;
  std::string_view before;
  std::string_view after;
  const char* everything;
  RuleAction everything_action;
  const char* fits;
  const char* misses;
};

constexpr Frame kFrames[] = {
    {"OpenSnitch 1.5.8",
     R"({
  "created": "2023-05-01T00:00:00.5Z",
  "updated": "2023-05-01T00:00:00.5Z",
  "name": "500-golden",
  "enabled": true,
  "precedence": false,
  "action": "deny",
  "duration": "until restart",
  "operator": )",
     "\n}", "900-everything", RuleAction::kAllow, "deny by 500-golden", "allow by 900-everything"},
    {"OpenSnitch 1.8",
     R"({
  "created": "2025-12-20T08:15:00+01:00",
  "updated": "2025-12-20T08:15:00+01:00",
  "name": "500-golden",
  "description": "",
  "action": "reject",
  "duration": "always",
  "operator": )",
     R"(,
  "enabled": true,
  "precedence": false,
  "nolog": false
})",
     "900-everything", RuleAction::kAllow, "reject by 500-golden", "allow by 900-everything"},
    {"a person, with precedence",
     R"(// the office
{"NAME": "500-golden", "Enabled": true, "precedence": true, "action": "allow", "operator":
   )",
     "}\n", "900-everything", RuleAction::kDeny, "allow by 500-golden", "deny by 900-everything"},
    {"a person", R"({"name": "500-golden", "enabled": true, "action": "allow", "operator": )", "}",
     "100-everything", RuleAction::kAllow, "allow by 500-golden", "allow by 100-everything"},
};

void JudgeInFrame(const GoldenRule& golden, const Frame& frame,
                  const GoldenReferences& references) {
  const std::string text = fmt::format("{}{}{}", frame.before, golden.op, frame.after);
  SCOPED_TRACE(fmt::format("written by {}:\n{}", frame.by, text));
  const CompiledRulePtr rule = references.Read(text);
  ASSERT_NE(rule, nullptr);
  auto everything =
      CompileRule(MakeRule(frame.everything, frame.everything_action, Is("true", ""))).value();
  const std::vector<CompiledRulePtr> both = {
      rule, std::make_shared<const CompiledRule>(std::move(everything))};
  const RuleSet rules = RuleSet::Create(both);
  Scene fits;
  golden.fits(fits);
  EXPECT_EQ(Told(rules.Decide(fits.View())), frame.fits);
  EXPECT_EQ(Told(DecideByScan(both, fits.View())), frame.fits);
  for (const CloseMiss& miss : golden.misses) {
    Scene misses;
    golden.fits(misses);
    miss.change(misses);
    EXPECT_EQ(Told(rules.Decide(misses.View())), frame.misses) << miss.what;
    // The index alone must not be what keeps a condition from holding.
    EXPECT_EQ(Told(DecideByScan(both, misses.View())), frame.misses) << miss.what;
  }
}

}  // namespace

void Judge(const std::vector<GoldenRule>& goldens) {
  const GoldenReferences references;
  for (const GoldenRule& golden : goldens) {
    for (const Frame& frame : kFrames) JudgeInFrame(golden, frame, references);
  }
}

GoldenReferences::GoldenReferences() {
  references_.accounts = std::make_shared<const GoldenAccounts>();
  references_.lists = std::make_shared<ListStore>(1000);
  const auto write = [&](const char* directory, std::string_view file, std::string_view text) {
    std::filesystem::create_directory(lists_.Path(directory));
    lists_.Write(fmt::format("{}/{}", directory, file), text);
  };
  write("ads", "hosts.txt", "# advertisers\n0.0.0.0 ads.example www.ads.example # two\n");
  write("ads", "names.txt", "Tracker.example\n*.metrics.example\n");
  write("patterns", "ads.txt", "^ads?[0-9]*\\.\n(^|\\.)Tracker\\.example$\n");
  write("networks", "bad.netset", "# networks\n198.51.100.0/24 ; documentation\n2001:db8::7\n");
  write("hashes", "malware.md5", "1BC29B36F623BA82AAF6724FD3B16718  /tmp/x\n");
}

std::string GoldenReferences::Located(std::string_view text) const {
  std::string located(text);
  const auto replace = [&](std::string_view named, const std::string& there) {
    for (std::size_t at = 0; (at = located.find(named, at)) != std::string::npos;) {
      located.replace(at, named.size(), there);
      at += there.size();
    }
  };
  replace("/etc/procwall/lists", lists_.Path());
  replace("/etc/opensnitchd/blocklists", lists_.Path("ads"));
  return located;
}

CompiledRulePtr GoldenReferences::Read(std::string_view text,
                                       const std::vector<std::string>& notes) const {
  auto checked = CheckRuleFile(Located(text), "golden.json", references_);
  if (!checked) {
    ADD_FAILURE() << checked.error().ToString() << "\n" << text;
    return nullptr;
  }
  EXPECT_EQ(checked->notes, notes) << text;
  const auto end =
      checked->condition ? Lifetime::Of(checked->rule.duration).EndOf({}) : std::nullopt;
  return std::make_shared<const CompiledRule>(CompiledRule{
      std::make_shared<const Rule>(std::move(checked->rule)), std::move(checked->condition), end});
}

std::string Told(const Decision& decision) {
  std::string told =
      decision.IsDecided()
          ? fmt::format("{} by {}", RuleActionName(decision.rule->action), decision.rule->name)
          : "undecided";
  for (const auto& shadow : decision.shadows) told += "; on trial: " + shadow->name;
  return told;
}

}  // namespace procwall
