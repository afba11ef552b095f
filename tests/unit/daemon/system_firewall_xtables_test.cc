// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/system_firewall_xtables.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace procwall {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Form = SystemFirewall::Form;
using Texts = std::vector<std::string>;

Texts TextsOf(std::vector<SystemStatement> statements, std::string target = "accept",
              IpFamily family = IpFamily::kV4, std::string parameters = "") {
  SystemRule rule;
  rule.expressions = std::move(statements);
  rule.target = std::move(target);
  rule.target_parameters = std::move(parameters);
  const auto texts =
      XtablesRuleTexts(rule, Form::kNftables, "filter", family, "-j NFQUEUE --queue-num 3");
  return texts ? *texts : Texts{"refused: " + texts.error()};
}

TEST(XtablesRuleTexts, WritesConditions) {
  EXPECT_THAT(TextsOf({{"tcp", "", {{"dport", "22,8000-8010"}}}}),
              ElementsAre("-p tcp -m multiport --dports 22,8000:8010 -j ACCEPT"));
  EXPECT_THAT(TextsOf({{"ip", "!=", {{"daddr", "127.0.0.0/8"}}}}, "drop"),
              ElementsAre("! -d 127.0.0.0/8 -j DROP"));
  EXPECT_THAT(TextsOf({{"iifname", "", {{"wg*", ""}}}}), ElementsAre("-i wg+ -j ACCEPT"));
  EXPECT_THAT(TextsOf({{"ct", "", {{"state", "established,related"}}}}),
              ElementsAre("-m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT"));
}

TEST(XtablesRuleTexts, ListsBecomeSeveralRules) {
  EXPECT_THAT(TextsOf({{"icmp", "", {{"type", "echo-request,echo-reply"}}}}),
              ElementsAre("-p icmp --icmp-type echo-request -j ACCEPT",
                          "-p icmp --icmp-type echo-reply -j ACCEPT"));
}

TEST(XtablesRuleTexts, WhatIsForTheOtherFamilyIsLeftOut) {
  EXPECT_THAT(TextsOf({{"icmp", "", {{"type", "echo-request"}}}}, "accept", IpFamily::kV6),
              IsEmpty());
  EXPECT_THAT(TextsOf({{"ip6", "", {{"daddr", "fe80::/10"}}}}), IsEmpty());
  EXPECT_THAT(TextsOf({{"icmpv6", "", {{"type", "echo-request"}}}}, "accept", IpFamily::kV6),
              ElementsAre("-p ipv6-icmp --icmpv6-type echo-request -j ACCEPT"));
}

TEST(XtablesRuleTexts, LogsBeforeItActs) {
  EXPECT_THAT(TextsOf({{"udp", "", {{"dport", "53"}}}, {"log", "", {{"prefix", "dns "}}}}, "drop"),
              ElementsAre("-p udp -m multiport --dports 53 -j LOG --log-prefix \"dns \"",
                          "-p udp -m multiport --dports 53 -j DROP"));
}

TEST(XtablesRuleTexts, NamesWhatIptablesCannotDo) {
  for (const Texts& texts :
       {TextsOf({{"tcp", "<", {{"dport", "10"}}}}), TextsOf({{"meta", "", {{"nftrace", "1"}}}}),
        TextsOf({{"limit", "", {{"over", ""}, {"units", "5"}}}}), TextsOf({}, "dnat")}) {
    EXPECT_THAT(texts, ElementsAre(HasSubstr("refused: iptables cannot do")));
  }
}

TEST(XtablesRuleTexts, NoTextOfTheFileLeavesItsRule) {
  EXPECT_THAT(TextsOf({{"tcp", "", {{"dport", "22 -j ACCEPT"}}}}),
              ElementsAre(HasSubstr("refused")));
  SystemRule rule;
  rule.target = "ACCEPT";
  for (const char* const parameters : {"-p icmp\n-A OUTPUT", "-p icmp -j DROP", "-t nat", "`id`"}) {
    rule.parameters = parameters;
    EXPECT_FALSE(XtablesRuleTexts(rule, Form::kIptables, "mangle", IpFamily::kV4, ""))
        << parameters;
  }
}

TEST(XtablesRuleTexts, TakesTheOldFormAsItIs) {
  SystemRule rule;
  rule.parameters = "-p icmp";
  rule.target = "ACCEPT";
  EXPECT_THAT(XtablesRuleTexts(rule, Form::kIptables, "mangle", IpFamily::kV4, "").value(),
              ElementsAre("-p icmp -j ACCEPT"));
  EXPECT_THAT(XtablesRuleTexts(rule, Form::kIptables, "mangle", IpFamily::kV6, "").value(),
              IsEmpty());
}

TEST(SystemForXtables, NamesTheLineInEveryRule) {
  SystemChain chain;
  chain.type = "mangle";
  chain.hook = "output";
  SystemRule rule;
  rule.line = 12;
  rule.target = "accept";
  chain.rules = {rule};
  SystemFirewall system;
  system.form = Form::kNftables;
  system.chains = {chain};
  const XtablesSystem made = SystemForXtables(system, IpFamily::kV4, "", {});
  EXPECT_THAT(made.chains,
              ElementsAre(XtablesSystemChain{
                  "mangle", "OUTPUT", {"-m comment --comment system-fw.json:12 -j ACCEPT"}}));
}

TEST(SystemForXtables, RefusesTablesAndPoliciesItCannotHave) {
  SystemFirewall system;
  system.form = Form::kNftables;
  SystemChain nat;
  nat.type = "natdest";
  nat.hook = "prerouting";
  SystemChain mangle;
  mangle.type = "mangle";
  mangle.hook = "output";
  mangle.policy = "drop";
  system.chains = {nat, mangle};
  EXPECT_EQ(SystemForXtables(system, IpFamily::kV4, "", {}).refused.size(), 2U);
}

TEST(SystemForXtables, APolicyOfDropIsTheLastRule) {
  SystemFirewall system;
  system.form = Form::kNftables;
  SystemChain chain;
  chain.line = 9;
  chain.hook = "input";
  chain.policy = "drop";
  system.chains = {chain};
  EXPECT_THAT(SystemForXtables(system, IpFamily::kV4, "", {}).chains,
              ElementsAre(XtablesSystemChain{
                  "filter", "INPUT", {"-m comment --comment system-fw.json:9 -j DROP"}}));
}

}  // namespace
}  // namespace procwall
