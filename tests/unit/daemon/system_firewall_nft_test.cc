// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/system_firewall_nft.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace procwall {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Form = SystemFirewall::Form;

std::string TextOf(std::vector<SystemStatement> statements, std::string target = "accept",
                   std::string parameters = "") {
  SystemRule rule;
  rule.expressions = std::move(statements);
  rule.target = std::move(target);
  rule.target_parameters = std::move(parameters);
  const auto text = NftRuleText(rule, Form::kNftables, "queue num 3 bypass");
  return text ? *text : "refused: " + text.error();
}

TEST(NftRuleText, WritesConditions) {
  EXPECT_EQ(TextOf({{"tcp", "", {{"dport", "22,80"}}}}), "tcp dport { 22, 80 } accept");
  EXPECT_EQ(TextOf({{"ip", "!=", {{"daddr", "127.0.0.0/8"}}}}, "drop"),
            "ip daddr != 127.0.0.0/8 drop");
  EXPECT_EQ(TextOf({{"icmp", "", {{"type", "echo-request"}}}}), "icmp type echo-request accept");
  EXPECT_EQ(TextOf({{"iifname", "", {{"lo", ""}}}}), "iifname \"lo\" accept");
  EXPECT_EQ(TextOf({{"ct", "", {{"state", "established,related"}}}}),
            "ct state { established, related } accept");
  EXPECT_EQ(TextOf({{"meta", "", {{"skuid", "1000"}}}}), "meta skuid 1000 accept");
}

TEST(NftRuleText, WritesStatements) {
  EXPECT_EQ(TextOf({{"log", "", {{"prefix", "in: "}}}, {"counter", "", {}}}, "drop"),
            "log prefix \"in: \" counter drop");
  EXPECT_EQ(
      TextOf(
          {{"limit", "", {{"units", "10"}, {"rate-units", "mbytes"}, {"time-units", "second"}}}}),
      "limit rate 10 mbytes/second accept");
  EXPECT_EQ(TextOf({{"quota", "", {{"over", ""}, {"mbytes", "5"}}}}, "drop"),
            "quota over 5 mbytes drop");
  EXPECT_EQ(TextOf({{"meta", "", {{"set", ""}, {"mark", "7"}}}}, ""), "meta mark set 7");
}

TEST(NftRuleText, KnowsTheTargets) {
  EXPECT_EQ(TextOf({}, "queue", "num 0"), "queue num 3 bypass");
  EXPECT_EQ(TextOf({}, "reject", "with icmp type host-unreachable"),
            "reject with icmp type host-unreachable");
  EXPECT_EQ(TextOf({}, "dnat", "to 10.0.0.1:80"), "dnat ip to 10.0.0.1:80");
}

TEST(NftRuleText, NamesWhatIsNotSupported) {
  EXPECT_EQ(TextOf({}, "goto", "x"), "refused: target \"goto\" is not supported");
  EXPECT_EQ(TextOf({{"wifi", "", {}}}), "refused: expression \"wifi\" is not supported");
  EXPECT_EQ(TextOf({{"tcp", "~", {{"dport", "1"}}}}), "refused: operator \"~\" is not supported");
  EXPECT_EQ(TextOf({}, ""), "refused: the rule says nothing");
}

TEST(NftRuleText, NoTextOfTheFileLeavesItsRule) {
  EXPECT_THAT(TextOf({{"tcp", "", {{"dport", "22 accept; drop"}}}}), HasSubstr("refused"));
  EXPECT_THAT(TextOf({}, "reject", "with; flush ruleset"), HasSubstr("refused"));
  EXPECT_THAT(TextOf({{"iifname", "", {{"lo\"", ""}}}}), HasSubstr("refused"));
}

TEST(NftRuleText, TranslatesTheOldForm) {
  SystemRule rule;
  rule.parameters = "-p icmp";
  rule.target = "ACCEPT";
  EXPECT_EQ(NftRuleText(rule, Form::kIptables, "").value(), "meta l4proto icmp accept");
}

SystemFirewall WithChain(std::string type, std::string hook, std::string policy = "accept") {
  SystemChain chain;
  chain.line = 3;
  chain.type = std::move(type);
  chain.hook = std::move(hook);
  chain.policy = std::move(policy);
  SystemRule rule;
  rule.line = 5;
  rule.target = "accept";
  chain.rules = {rule};
  SystemFirewall system;
  system.form = Form::kNftables;
  system.chains = {chain};
  return system;
}

TEST(SystemForNft, MangleRulesStandBeforeOurQueue) {
  const NftSystem made = SystemForNft(WithChain("mangle", "output"), {"output", "input"}, "", {});
  EXPECT_THAT(
      made.chains,
      ElementsAre(NftSystemChain{
          "system_mangle_output_0", "output", "", {"accept comment \"system-fw.json:5\""}}));
  EXPECT_THAT(made.refused, IsEmpty());
}

TEST(SystemForNft, OtherChainsHaveHooksOfTheirOwn) {
  const NftSystem made = SystemForNft(WithChain("filter", "input", "drop"), {"output"}, "", {});
  ASSERT_EQ(made.chains.size(), 1U);
  EXPECT_EQ(made.chains[0].head, "type filter hook input priority filter; policy drop;");
}

TEST(SystemForNft, RefusesWhatOurTableCannotHold) {
  EXPECT_EQ(SystemForNft(WithChain("conntrack", "output"), {}, "", {}).refused.size(), 1U);
  EXPECT_EQ(SystemForNft(WithChain("filter", "ingress"), {}, "", {}).refused.size(), 1U);
  EXPECT_EQ(SystemForNft(WithChain("mangle", "output", "drop"), {"output"}, "", {}).refused.size(),
            1U);
  SystemFirewall bridge = WithChain("filter", "input");
  bridge.chains[0].family = "bridge";
  EXPECT_EQ(SystemForNft(bridge, {}, "", {}).refused.size(), 1U);
}

TEST(SystemForNft, LeavesOutTheLinesThatTheKernelRefused) {
  EXPECT_THAT(SystemForNft(WithChain("filter", "input"), {}, "", {5}).chains[0].rules, IsEmpty());
}

}  // namespace
}  // namespace procwall
