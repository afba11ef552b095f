// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
// Rule files as OpenSnitch and people write them, and what is made of them.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "rules/operand.h"
#include "rules/operator_type.h"
#include "rules/rule_file.h"
#include "rules/rule_json.h"
#include "rules/rule_set.h"
#include "tests/unit/rules/golden_rule.h"

namespace procwall {
namespace {

std::string ReadText(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::string Describe(const std::filesystem::path& file) {
  const auto checked = CheckRuleFile(ReadText(file), file.filename().string());
  if (!checked) return "refused " + checked.error().ToString() + "\n";
  std::string text = "ok\n" + ToJson(checked->rule) + "\n";
  for (const std::string& note : checked->notes) text += "note: " + note + "\n";
  return text;
}

std::vector<std::filesystem::path> Files() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(PROCWALL_GOLDEN_RULES)) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  return files;
}

TEST(GoldenRules, AreReadAsExpected) {
  ASSERT_FALSE(Files().empty());
  for (const auto& file : Files()) {
    auto expected = file;
    expected.replace_extension(".txt");
    if (std::getenv("UPDATE_GOLDEN") != nullptr) {  // NOLINT(concurrency-mt-unsafe): one thread
      std::ofstream(expected, std::ios::binary) << Describe(file);
    }
    EXPECT_EQ(Describe(file), ReadText(expected)) << file;
  }
}

// What each of those files decides; of a subject that is one step away from that one, nothing.
struct GoldenFile {
  const char* name;
  Change fits;
  const char* decision;
  CloseMiss miss;
  std::vector<std::string> notes{};
};

std::vector<GoldenFile> GoldenFiles() {
  return {
      {"by-hand.json",
       AsItIs,
       "deny by hand-made",
       kNextPort,
       {"action \"Allow\" is not known: it acts as deny"}},
      {"go-escapes.json",
       [](Scene& s) {
         s.process->args = {"sh", "-c", "x >> y"};
       },
       "allow by a < b && c > d",
       {"one of the two",
        [](Scene& s) {
          s.process->args = {"sh", "-c", "x > y"};
        }}},
      {"later-operand.json",
       [](Scene& s) {
         s.process->path = "/usr/bin/wget";
         s.hashes->md5 = "d41d8cd98f00b204e9800998ecf8427e";
       },
       "deny by by-hash",
       {"no hash is known", [](Scene& s) { s.hashes.reset(); }}},
      {"lists-of-domains.json",
       [](Scene& s) { s.host = "ads.example"; },
       "reject by 000-block-ads",
       {"a name below", [](Scene& s) { s.host = "a.ads.example"; }}},
      {"opensnitch-1.5.8-list-both.json", AsItIs,
       "deny by deny-until-restart-list-simple-usr-bin-curl-simple-443", kNextPort},
      {"opensnitch-1.5.8-simple.json", [](Scene& s) { s.connection.remote.port = 123; },
       "allow by allow-always-simple-ntp", kNextPort},
      {"opensnitch-1.8-list.json",
       [](Scene& s) { s.process->path = "/usr/bin/wget"; },
       "deny by deny-wget-tls",
       {"a name that ends so", [](Scene& s) { s.host = "myexample.net"; }}},
      {"server-name.json",
       [](Scene& s) { s.sni = "a.tracker.example"; },
       "deny by no-tracker-over-quic",
       {"a name that ends so", [](Scene& s) { s.sni = "mytracker.example"; }}},
  };
}

TEST(GoldenRules, DecideAsTheirFilesSay) {
  const GoldenReferences references;
  std::set<std::string> judged;
  for (const GoldenFile& golden : GoldenFiles()) {
    SCOPED_TRACE(golden.name);
    judged.insert(golden.name);
    const CompiledRulePtr rule = references.Read(
        ReadText(std::filesystem::path(PROCWALL_GOLDEN_RULES) / golden.name), golden.notes);
    ASSERT_NE(rule, nullptr);
    const RuleSet rules = RuleSet::Create({rule});
    Scene scene;
    golden.fits(scene);
    EXPECT_EQ(Told(rules.Decide(scene.View())), golden.decision);
    golden.miss.change(scene);
    EXPECT_EQ(Told(rules.Decide(scene.View())), "undecided") << golden.miss.what;
  }
  for (const auto& file : Files()) {
    const auto checked = CheckRuleFile(ReadText(file), "golden.json", references.Get());
    const bool decides = checked && checked->condition;
    EXPECT_EQ(judged.contains(file.filename()), decides) << file;
  }
}

TEST(GoldenRules, SavedAsTextDecideOnceTheyAreEnabled) {
  std::string text =
      ReadText(std::filesystem::path(PROCWALL_GOLDEN_RULES) / "opensnitch-1.5.8-list-as-text.json");
  Scene scene;
  scene.process->args = {"sh", "-c", "<&>"};
  const GoldenReferences references;
  const CompiledRulePtr disabled_rule = references.Read(text);
  ASSERT_NE(disabled_rule, nullptr);
  EXPECT_EQ(Told(RuleSet::Create({disabled_rule}).Decide(scene.View())), "undecided");
  const std::string disabled = "\"enabled\": false";
  text.replace(text.find(disabled), disabled.size(), "\"enabled\": true");
  const CompiledRulePtr rule = references.Read(text);
  ASSERT_NE(rule, nullptr);
  const RuleSet rules = RuleSet::Create({rule});
  EXPECT_EQ(Told(rules.Decide(scene.View())), "reject by disabled-list-saved-as-text");
  scene.process->args = {"sh", "-c", "<>"};
  EXPECT_EQ(Told(rules.Decide(scene.View())), "undecided");
}

// An operand, or a type, that is new needs a row in one of the tables, with something it misses.
TEST(GoldenRules, JudgeEveryOperandAndEveryType) {
  std::set<std::string_view> operands;
  std::set<std::string> types;
  for (const auto& goldens : {ProcessGoldens(), EvidenceGoldens(), NetworkGoldens(), NameGoldens(),
                              MomentGoldens(), ListGoldens()}) {
    for (const GoldenRule& golden : goldens) {
      const auto rule =
          ParseRuleFile(R"({"name": "golden", "operator": )" + std::string(golden.op) + "}", "f");
      ASSERT_TRUE(rule) << golden.op;
      const bool misses = !golden.misses.empty();
      EXPECT_EQ(misses, rule->op.operand != "true") << "only true has no close miss:" << golden.op;
      types.insert(rule->op.type);
      if (rule->op.type != "list") operands.insert(FindOperand(rule->op.operand).value()->name);
    }
  }
  for (const Operand& operand : AllOperands()) {
    EXPECT_TRUE(operands.contains(operand.name)) << operand.name;
  }
  EXPECT_TRUE(types.contains("list"));
  for (const OperatorType& type : AllOperatorTypes()) {
    EXPECT_TRUE(types.contains(std::string(type.name))) << type.name;
  }
}

}  // namespace
}  // namespace procwall
