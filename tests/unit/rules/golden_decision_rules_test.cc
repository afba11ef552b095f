// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
// Rules beside each other: which one decides, which conditions never hold, and which are refused.
#include <algorithm>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "rules/rule_file.h"
#include "rules/rule_set.h"
#include "tests/unit/rules/golden_rule.h"

namespace procwall {
namespace {

constexpr const char* kOnPort = R"({"type": "simple", "operand": "dest.port", "data": "443"})";
constexpr const char* kOnProgram =
    R"({"type": "simple", "operand": "process.path", "data": "/usr/bin/curl"})";
constexpr const char* kOnOthers =
    R"({"type": "simple", "operand": "process.path", "data": "/usr/bin/wget"})";

std::string File(const char* keys, const char* op = kOnPort) {
  return fmt::format(R"({{{}, "operator": {}}})", keys, op);
}

struct Situated {
  const char* claim;
  std::vector<std::string> files;  // in the order they are read
  const char* decision;            // about curl, port 443
};

std::vector<Situated> SituatedRules() {
  return {
      {"a deny beats an earlier allow",
       {File(R"("name": "a", "enabled": true, "action": "allow")"),
        File(R"("name": "b", "enabled": true, "action": "deny")", kOnProgram)},
       "deny by b"},
      {"a reject beats a later allow",
       {File(R"("name": "b", "enabled": true, "action": "allow")"),
        File(R"("name": "a", "enabled": true, "action": "reject")", kOnProgram)},
       "reject by a"},
      {"of two denies the first decides",
       {File(R"("name": "b", "enabled": true, "action": "deny")"),
        File(R"("name": "a", "enabled": true, "action": "reject")")},
       "reject by a"},
      {"an allow with precedence beats what comes behind it",
       {File(R"("name": "a", "enabled": true, "action": "allow", "precedence": true)"),
        File(R"("name": "b", "enabled": true, "action": "deny")")},
       "allow by a"},
      {"but not what comes before it",
       {File(R"("name": "b", "enabled": true, "action": "allow", "precedence": true)"),
        File(R"("name": "a", "enabled": true, "action": "deny")")},
       "deny by a"},
      {"of two allows the last decides",
       {File(R"("name": "b", "enabled": true, "action": "allow")"),
        File(R"("name": "a", "enabled": true, "action": "allow")", kOnProgram)},
       "allow by b"},
      {"names are compared by their bytes: digits",
       {File(R"("name": "9", "enabled": true, "action": "deny")"),
        File(R"("name": "10", "enabled": true, "action": "reject")")},
       "reject by 10"},
      {"names are compared by their bytes: capitals",
       {File(R"("name": "a", "enabled": true, "action": "deny")"),
        File(R"("name": "B", "enabled": true, "action": "reject")")},
       "reject by B"},
      {"of two rules by one name the later one is in force",
       {File(R"("name": "a", "enabled": true, "action": "deny")"),
        File(R"("name": "a", "enabled": true, "action": "allow")")},
       "allow by a"},
      {"what does not match decides nothing",
       {File(R"("name": "a", "enabled": true, "action": "deny")", kOnOthers),
        File(R"("name": "b", "enabled": true, "action": "allow")")},
       "allow by b"},
      {"a disabled rule decides nothing, nor one that does not say it is enabled",
       {File(R"("name": "a", "enabled": false, "action": "deny")"),
        File(R"("name": "b", "action": "deny")"),
        File(R"("name": "c", "enabled": true, "action": "allow")")},
       "allow by c"},
      {"a rule on trial decides nothing",
       {File(R"("name": "a", "enabled": true, "enforce": false, "action": "deny")"),
        File(R"("name": "b", "enabled": true, "enforce": true, "action": "allow")")},
       "allow by b; on trial: a"},
      {"without an action it is a deny",
       {File(R"("name": "a", "enabled": true)"),
        File(R"("name": "b", "enabled": true, "action": "allow")")},
       "deny by a"},
      {"without an event it decides as well",
       {File(R"("name": "a", "enabled": true, "nolog": true, "action": "allow")")},
       "allow by a"},
      {"for a while, and until restart",
       {File(R"("name": "a", "enabled": true, "action": "allow", "duration": "1h30m")"),
        File(R"("name": "b", "enabled": true, "action": "allow", "duration": "until restart")")},
       "allow by b"},
      {"of the last of two equal keys, and null is missing",
       {File(R"("name": "a", "enabled": true, "action": "deny", "ACTION": "allow")"),
        File(R"("name": "b", "enabled": null, "action": "deny")")},
       "allow by a"},
  };
}

TEST(GoldenRules, BesideEachOtherDecideInTheirOrder) {
  const GoldenReferences references;
  for (const Situated& situated : SituatedRules()) {
    std::vector<CompiledRulePtr> rules;
    for (const std::string& file : situated.files) rules.push_back(references.Read(file));
    ASSERT_EQ(std::ranges::count(rules, nullptr), 0) << situated.claim;
    const RuleSet set = RuleSet::Create(std::move(rules));
    Scene scene;
    EXPECT_EQ(Told(set.Decide(scene.View())), situated.decision) << situated.claim;
    scene.process->path = "/usr/bin/links";
    scene.connection.remote.port = 80;
    EXPECT_EQ(Told(set.Decide(scene.View())), "undecided") << situated.claim;
  }
}

TEST(GoldenRules, WithAnActionThatIsNotKnownDenyAndSaySo) {
  const auto checked =
      CheckRuleFile(File(R"("name": "a", "enabled": true, "action": "Block")"), "f");
  ASSERT_TRUE(checked);
  EXPECT_EQ(checked->rule.action, RuleAction::kDeny);
  EXPECT_EQ(checked->notes,
            std::vector<std::string>{"action \"Block\" is not known: it acts as deny"});
}

// OpenSnitch loads these too. They match nothing, and their author is told.
TEST(GoldenRules, ThatNeverMatchAreNoted) {
  const GoldenReferences references;
  const Scene scene;
  for (const char* op : {
           R"({"type": "simple", "operand": "dest.port", "data": "https"})",
           R"({"type": "simple", "operand": "dest.port", "data": ""})",
           R"({"type": "simple", "operand": "source.port", "data": "40000-40001"})",
           R"({"type": "simple", "operand": "process.id", "data": "0x1267"})",
           R"({"type": "simple", "operand": "user.id", "data": "alice"})",
           R"({"type": "simple", "operand": "dest.ip", "data": "203.0.113.9/32"})",
           R"({"type": "simple", "operand": "source.ip", "data": "localhost"})",
           R"({"type": "simple", "operand": "process.hash.sha1", "data": ""})",
           R"({"type": "lists", "operand": "lists.domains", "data": "/etc/procwall/lists/none"})",
       }) {
    const auto checked = CheckRuleFile(
        references.Located(File(R"("name": "a", "enabled": true, "action": "deny")", op)), "f",
        references.Get());
    ASSERT_TRUE(checked) << op;
    EXPECT_FALSE(checked->notes.empty()) << op;
    EXPECT_FALSE(checked->condition->Matches(Facts(scene.View()))) << op;
  }
}

TEST(GoldenRules, ThatCannotHoldAreRefused) {
  const GoldenReferences references;
  const std::pair<const char*, const char*> refused[] = {
      {R"({"type": "simple", "operand": "process.pth", "data": "/usr/bin/curl"})",
       "operator.operand: operand process.pth is not known"},
      {R"({"type": "complex", "operand": "process.path", "data": "/usr/bin/curl"})",
       "operator.type: type complex is not known"},
      {R"({"operand": "process.path", "data": "/usr/bin/curl"})",
       "operator.type: the type is missing"},
      {R"json({"type": "regexp", "operand": "dest.host", "data": "(?=x)"})json",
       "operator.data: not a regular expression: invalid perl operator: (?="},
      {R"({"type": "network", "operand": "dest.network", "data": "203.0.113.0"})",
       "operator.data: \"203.0.113.0\" is neither a network like 192.0.2.0/24 nor the name of one"},
      {R"({"type": "network", "operand": "dest.network", "data": "lan"})",
       "operator.data: \"lan\" is neither a network like 192.0.2.0/24 nor the name of one"},
      {R"({"type": "network", "operand": "process.path", "data": "203.0.113.0/24"})",
       "operator.operand: type network needs the operand dest.network or source.network"},
      {R"({"type": "range", "operand": "dest.port", "data": "443-80"})",
       "operator.data: \"443-80\" is not a range like 1024-65535"},
      {R"({"type": "range", "operand": "dest.host", "data": "1-2"})",
       "operator.type: type range makes no sense for dest.host"},
      {R"({"type": "directory", "operand": "process.path", "data": "opt"})",
       "operator.data: a directory begins with a slash"},
      {R"({"type": "glob", "operand": "dest.port", "data": "4*"})",
       "operator.type: type glob makes no sense for dest.port"},
      {R"({"type": "simple", "operand": "user.name", "data": "mallory"})",
       "operator.data: there is no user \"mallory\""},
      {R"({"type": "simple", "operand": "user.group", "data": "nobodies"})",
       "operator.data: there is no group \"nobodies\""},
      {R"({"type": "simple", "operand": "time", "data": "noon"})", "operator.data: "},
      {R"({"type": "simple", "operand": "lists.domains", "data": "/etc/procwall/lists/ads"})",
       "operator.type: type simple makes no sense for lists.domains"},
      {R"({"type": "list", "operand": "list", "data": "", "list": []})",
       "operator: an empty list would match everything"},
      {R"({"type": "list", "list": [{"type": "list", "list": []}]})",
       "operator.list[0]: an empty list would match everything"},
  };
  for (const auto& [op, reason] : refused) {
    const auto checked = CheckRuleFile(
        File(R"("name": "a", "enabled": true, "action": "deny")", op), "f", references.Get());
    ASSERT_FALSE(checked) << op;
    EXPECT_TRUE(checked.error().reason.starts_with(reason)) << checked.error().reason;
  }
}

}  // namespace
}  // namespace procwall
