// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
// The examples in docs/RULES.md decide what the text around them says, and so do its sentences.
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "rules/operand.h"
#include "rules/operator_type.h"
#include "rules/rule_draft.h"
#include "rules/rule_expectations.h"
#include "rules/rule_file.h"
#include "rules/rule_set.h"
#include "tests/unit/rules/golden_rule.h"

namespace procwall {
namespace {

std::string Document() {
  std::ifstream stream(PROCWALL_RULES_DOCUMENT, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::vector<std::string> Blocks(std::string_view text, std::string_view begin) {
  std::vector<std::string> blocks;
  for (std::size_t at = text.find(begin); at != std::string_view::npos; at = text.find(begin, at)) {
    at += begin.size();
    blocks.emplace_back(text.substr(at, text.find("```", at) - at));
  }
  return blocks;
}

std::vector<std::string> JsonBlocks(std::string_view text) { return Blocks(text, "```json\n"); }

TEST(DocumentedRules, AreRulesWithoutAnythingToNote) {
  const std::vector<std::string> blocks = JsonBlocks(Document());
  ASSERT_GE(blocks.size(), 10U);
  for (const std::string& block : blocks) {
    const auto checked = CheckRuleFile(block, "example.json");
    ASSERT_TRUE(checked) << checked.error().ToString() << "\n" << block;
    EXPECT_TRUE(checked->rule.enabled) << block;
    EXPECT_EQ(checked->notes, std::vector<std::string>()) << block;
  }
}

// Every name between backquotes that looks like an operand is one.
TEST(DocumentedRules, NameOnlyOperandsThatThereAre) {
  const std::string text = Document();
  for (const char* family : {"`process.", "`dest.", "`source.", "`user.", "`iface.", "`lists."}) {
    for (std::size_t at = text.find(family); at != std::string::npos;
         at = text.find(family, at + 1)) {
      const std::string name = text.substr(at + 1, text.find('`', at + 1) - at - 1);
      EXPECT_TRUE(FindOperand(name)) << name;
    }
  }
}

// What all rules of the document together say of somebody, and of others who come close.
struct Example {
  const char* decision;
  Change fits;
  struct Other {
    const char* what;
    Change change;  // of the one above
    const char* decision;
  };
  std::vector<Other> others;
};

void ToPort(Scene& s, Port port) { s.connection.remote.port = port; }
void To(Scene& s, std::string_view address) { s.connection.remote.address = Ip(address); }

std::vector<Example> Examples() {
  constexpr Example::Other kNextUser{"another user", [](Scene& s) { s.connection.uid = 1006; },
                                     "undecided"};
  return {
      {"allow by allow-ntp",
       [](Scene& s) { ToPort(s, 123); },
       {{"the next port", [](Scene& s) { ToPort(s, 124); }, "undecided"}}},
      {"allow by 000-dns-to-router",
       [](Scene& s) {
         To(s, "192.168.1.1");
         ToPort(s, 53);
       },
       {{"another server", [](Scene& s) { To(s, "192.168.1.2"); }, "deny by 001-no-other-dns"},
        {"another port", [](Scene& s) { ToPort(s, 54); }, "undecided"}}},
      {"deny by 001-no-other-dns",
       [](Scene& s) { ToPort(s, 53); },
       {{"another port", [](Scene& s) { ToPort(s, 54); }, "undecided"}}},
      {"allow by curl-to-example",
       AsItIs,
       {{"the domain itself", [](Scene& s) { s.host = "example.net"; }, "allow by curl-to-example"},
        {"a name that ends so", [](Scene& s) { s.host = "myexample.net"; }, "undecided"},
        {"no name is known", [](Scene& s) { s.host = ""; }, "undecided"},
        {"not over TLS", [](Scene& s) { ToPort(s, 80); }, "undecided"},
        {"another program", [](Scene& s) { s.process->path = "/usr/bin/curl2"; }, "undecided"},
        {"another letter case", [](Scene& s) { s.process->path = "/usr/bin/Curl"; }, "undecided"}}},
      {"allow by 500-guest-at-home",
       [](Scene& s) {
         s.connection.uid = 1005;
         To(s, "192.168.255.255");
       },
       {{"the world", [](Scene& s) { To(s, "192.169.0.0"); }, "reject by 501-guest-nowhere-else"},
        {"another user", [](Scene& s) { s.connection.uid = 1006; }, "allow by curl-to-example"}}},
      {"reject by 501-guest-nowhere-else",
       [](Scene& s) {
         s.connection.uid = 1005;
         s.host = "";
       },
       {kNextUser}},
      {"reject by 000-block-ads",
       [](Scene& s) { s.host = "ADS.example"; },
       {{"a name below", [](Scene& s) { s.host = "a.ads.example"; }, "undecided"},
        {"no name is known", [](Scene& s) { s.host = ""; }, "undecided"}}},
      {"deny by 000-block-bad-networks",
       [](Scene& s) { To(s, "198.51.100.1"); },
       {{"the next network", [](Scene& s) { To(s, "198.51.101.1"); }, "allow by curl-to-example"}}},
      {"allow by backup-at-night",
       [](Scene& s) {
         s.process->path = "/opt/backup-2.1/bin/backup";
         s.host = "eu.backup.example";
         s.now = LocalTime(2, 5, 59);
       },
       {{"by day", [](Scene& s) { s.now = LocalTime(2, 6); }, "undecided"},
        {"one folder deeper", [](Scene& s) { s.process->path = "/opt/backup-2/1/bin/backup"; },
         "undecided"},
        {"a name that ends so", [](Scene& s) { s.host = "mybackup.example"; }, "undecided"}}},
      {"undecided; on trial: no-programs-from-home",
       [](Scene& s) { s.process->path = "/home/alice/bin/x"; },
       {{"a directory that begins so", [](Scene& s) { s.process->path = "/homes/alice/bin/x"; },
         "undecided"}}},
      {"allow by game-for-now",
       [](Scene& s) {
         s.connection.protocol = IpProtocol::kUdp;
         ToPort(s, 27100);
         s.boot_now = BootTime(std::chrono::minutes(15)) - std::chrono::seconds(1);
       },
       {{"the next port", [](Scene& s) { ToPort(s, 27101); }, "undecided"},
        {"TCP", [](Scene& s) { s.connection.protocol = IpProtocol::kTcp; }, "undecided"},
        {"a second later", [](Scene& s) { s.boot_now += std::chrono::seconds(1); }, "undecided"}}},
  };
}

TEST(DocumentedRules, DecideForWhomTheTextSaysAndForNobodyElse) {
  const GoldenReferences references;
  std::vector<CompiledRulePtr> rules;
  for (const std::string& block : JsonBlocks(Document())) {
    rules.push_back(references.Read(block));
    ASSERT_NE(rules.back(), nullptr);
  }
  const RuleSet set = RuleSet::Create(rules);
  std::set<std::string> decided;
  for (const Example& example : Examples()) {
    Scene fits;
    example.fits(fits);
    const Decision decision = set.Decide(fits.View());
    EXPECT_EQ(Told(decision), example.decision);
    decided.insert(decision.IsDecided() ? decision.rule->name : decision.shadows.at(0)->name);
    for (const Example::Other& other : example.others) {
      Scene scene;
      example.fits(scene);
      other.change(scene);
      EXPECT_EQ(Told(set.Decide(scene.View())), other.decision)
          << example.decision << ", but " << other.what;
    }
  }
  for (const CompiledRulePtr& rule : rules)
    EXPECT_TRUE(decided.contains(rule->rule->name)) << rule->rule->name;
}

// `procwall rules add` as the document calls it, and the rules.test beside it.
TEST(DocumentedRules, MeetTheExpectationsOfTheDocument) {
  const std::string text = Document();
  ASSERT_NE(text.find("procwall rules add web --allow --program /usr/bin/curl "
                      "--to .example.org --port 443\n"),
            std::string::npos);
  std::string expected = Blocks(text, "```jsonc\n").at(0);
  const std::string user = "\"ada\"";  // this host need not have her
  ASSERT_NE(expected.find(user), std::string::npos);
  expected.replace(expected.find(user), user.size(), "1000");
  const auto expectations = ParseExpectations(expected, "rules.test");
  ASSERT_TRUE(expectations) << expectations.error().ToString();
  const auto web = RuleOfDraft({.name = "web",
                                .action = RuleAction::kAllow,
                                .program = "/usr/bin/curl",
                                .to = ".example.org",
                                .port = "443"},
                               SystemAccounts());
  ASSERT_TRUE(web) << web.error();
  const auto rule = std::make_shared<const Rule>(*web);
  const auto no_mail = MakeRule("no-mail", RuleAction::kDeny, Is("dest.port", "25"));
  const auto passed = [&](std::vector<std::shared_ptr<const Rule>> rules) {
    std::vector<bool> ok;
    for (const auto& result :
         TestRules(RuleSet::Compile(std::move(rules), nullptr), *expectations)) {
      ok.push_back(result.ok);
    }
    return ok;
  };
  EXPECT_EQ(passed({rule, no_mail}), (std::vector<bool>{true, true}));
  EXPECT_EQ(passed({rule}), (std::vector<bool>{true, false}));
  EXPECT_EQ(passed({no_mail}), (std::vector<bool>{false, true}));
}

// What the document says of an operand or a type in passing: those words, and rules that show it.
struct Sentence {
  std::string_view words;
  GoldenRule rule;
};

std::vector<Sentence> SentencesOnOperands() {
  return {
      {"`0443` is `443`",
       {R"({"type": "simple", "operand": "dest.port", "data": "0443"})",
        AsItIs,
        {{"another port", [](Scene& s) { ToPort(s, 4430); }}}}},
      {"`2001:DB8::01` is `2001:db8::1`",
       {R"({"type": "simple", "operand": "dest.ip", "data": "2001:DB8::01"})",
        [](Scene& s) { To(s, "2001:db8::1"); },
        {{"another address", [](Scene& s) { To(s, "2001:db8::10"); }}}}},
      {"`tcp` is not `tcp6`: use regexp `^tcp`",
       {R"({"type": "simple", "operand": "protocol", "data": "tcp"})",
        AsItIs,
        {{"tcp6", [](Scene& s) { s.connection.local.address = Ip("2001:db8::1"); }}}}},
      {"use regexp `^tcp`",
       {R"({"type": "regexp", "operand": "protocol", "data": "^tcp"})",
        [](Scene& s) { s.connection.local.address = Ip("2001:db8::1"); },
        {{"udp6", [](Scene& s) { s.connection.protocol = IpProtocol::kUdp; }}}}},
      {"`example.org` has `a.example.org`",
       {R"({"type": "simple", "operand": "dest.domain", "data": "example.org"})",
        [](Scene& s) { s.host = "a.example.org"; },
        {{"another domain", [](Scene& s) { s.host = "anexample.org"; }}}}},
      {"`*.example.org` only what is below",
       {R"({"type": "simple", "operand": "dest.domain", "data": "*.example.org"})",
        [](Scene& s) { s.host = "a.example.org"; },
        {{"not itself", [](Scene& s) { s.host = "example.org"; }}}}},
      {"So `deny` with the regexp `.*` on `process.path` also covers programs\nnobody could name",
       {R"({"type": "regexp", "operand": "process.path", "data": ".*"})",
        [](Scene& s) { s.process.reset(); },
        {}}},
      {"the network this host is in, by its name in the configuration; `other`: none of them",
       {R"({"type": "simple", "operand": "network.profile", "data": "other"})",
        [](Scene& s) { s.profile = "other"; },
        {{"at home", [](Scene& s) { s.profile = "home"; }}}}},
      {"`^$` can say \"no name\"",
       {R"({"type": "regexp", "operand": "dest.host", "data": "^$"})",
        [](Scene& s) { s.host = ""; },
        {{"a name", [](Scene& s) { s.host = "a"; }}}}},
  };
}

std::vector<Sentence> SentencesOnTypes() {
  return {
      {"`Mon-Fri 08:00-18:00`, `22:00-06:00`, `Sat,Sun`, several with `;`",
       {R"({"type": "simple", "operand": "time",
            "data": "Mon-Fri 08:00-18:00; 22:00-06:00; Sat,Sun"})",
        [](Scene& s) { s.now = LocalTime(5, 12); },
        {{"before work", [](Scene& s) { s.now = LocalTime(4, 7, 59); }}}}},
      {"Without `sensitive`, case is ignored, for letters of all alphabets",
       {R"({"type": "simple", "operand": "process.path", "data": "/opt/éλж"})",
        [](Scene& s) { s.process->path = "/OPT/ÉΛЖ"; },
        {{"another letter", [](Scene& s) { s.process->path = "/OPT/EΛЖ"; }}}}},
      {"Some part of the text matches",
       {R"({"type": "regexp", "operand": "dest.host", "data": "ample"})",
        AsItIs,
        {{"no part", [](Scene& s) { s.host = "amplify.test"; }}}}},
      {"`192.0.2.0/24` or `2001:db8::/32`; host bits do not matter",
       {R"({"type": "network", "operand": "dest.network", "data": "192.0.2.77/24"})",
        [](Scene& s) { To(s, "192.0.2.1"); },
        {{"the next network", [](Scene& s) { To(s, "192.0.3.1"); }}}}},
      {"`1024-65535`, both included",
       {R"({"type": "range", "operand": "dest.port", "data": "1024-65535"})",
        [](Scene& s) { ToPort(s, 65535); },
        {{"below it", [](Scene& s) { ToPort(s, 1023); }}}}},
      {"`1024-65535`, both included",
       {R"({"type": "range", "operand": "dest.port", "data": "1024-65535"})",
        [](Scene& s) { ToPort(s, 1024); },
        {{"below it", [](Scene& s) { ToPort(s, 1023); }}}}},
      {"`/opt/app` has `/opt/app/bin/x`, not `/opt/application`",
       {R"({"type": "directory", "operand": "process.path", "data": "/opt/app"})",
        [](Scene& s) { s.process->path = "/opt/app/bin/x"; },
        {{"not below it", [](Scene& s) { s.process->path = "/opt/application"; }}}}},
      {"`LAN` is 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 127.0.0.0/8, ::1 and fc00::/7",
       {R"({"type": "network", "operand": "dest.network", "data": "LAN"})",
        [](Scene& s) { To(s, "::1"); },
        {{"beyond ::1", [](Scene& s) { To(s, "::2"); }},
         {"beyond 172.16.0.0/12", [](Scene& s) { To(s, "172.32.0.1"); }}}}},
      {"`MULTICAST` is 224.0.0.0/4 and ff00::/8",
       {R"({"type": "network", "operand": "dest.network", "data": "MULTICAST"})",
        [](Scene& s) { To(s, "239.255.255.255"); },
        {{"beyond it", [](Scene& s) { To(s, "240.0.0.1"); }}}}},
      {"the pattern means what it says",
       {R"({"type": "regexp", "operand": "process.command", "data": "^CURL\\s\\S+$"})",
        [](Scene& s) {
          s.process->args = {"curl", "x"};
        },
        {{"blanks",
          [](Scene& s) {
            s.process->args = {"curl", " "};
          }}}}},
  };
}

TEST(DocumentedRules, HoldWhatTheSentencesSay) {
  const std::string text = Document();
  for (const auto& sentences : {SentencesOnOperands(), SentencesOnTypes()}) {
    for (const Sentence& sentence : sentences) {
      EXPECT_NE(text.find(sentence.words), std::string::npos) << sentence.words;
      Judge({sentence.rule});
    }
  }
}

TEST(DocumentedRules, AreDocumentedForEveryOperandAndEveryType) {
  const std::string text = Document();
  for (const Operand& operand : AllOperands()) {
    std::string named = "`" + std::string(operand.name);
    if (!operand.name.ends_with('.')) named += "`";
    if (text.find(named) == std::string::npos) {  // "`process.hash.md5`, `.sha1`, `.sha256`"
      ASSERT_TRUE(operand.name.starts_with("process.hash.")) << operand.name;
      named = "`" + std::string(operand.name.substr(operand.name.rfind('.'))) + "`";
    }
    EXPECT_NE(text.find(named), std::string::npos) << operand.name;
  }
  for (const OperatorType& type : AllOperatorTypes()) {
    EXPECT_NE(text.find("- `" + std::string(type.name) + "`: "), std::string::npos) << type.name;
  }
}

}  // namespace
}  // namespace procwall
