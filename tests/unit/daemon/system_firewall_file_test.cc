// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/system_firewall_file.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace procwall {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Form = SystemFirewall::Form;

SystemFirewall ReadFirewall(const std::string& text) {
  return ParseSystemFirewall(text, "fw.json").value();
}
std::string ErrorOf(const std::string& text) {
  const auto read = ParseSystemFirewall(text, "fw.json");
  return read ? "" : read.error().ToString();
}
std::string WithChain(const std::string& members) {
  return R"({"Enabled":true,"Version":1,"SystemRules":[
{"Chains":[{"Name":"mangle_output","Table":"opensnitch","Family":"inet","Type":"mangle",
"Hook":"output","Policy":"accept",)" +
         members + "}]}]}";
}

constexpr const char* kOldFile = R"({
    "SystemRules": [
        {
            "Rule": {
                "Description": "Allow icmp",
                "Table": "mangle",
                "Chain": "OUTPUT",
                "Parameters": "-p icmp",
                "Target": "ACCEPT",
                "TargetParameters": ""
            }
        }
    ]
})";

TEST(ParseSystemFirewall, ReadsTheOldForm) {
  const SystemFirewall read = ReadFirewall(kOldFile);
  EXPECT_EQ(read.form, Form::kIptables);
  ASSERT_EQ(read.chains.size(), 1U);
  EXPECT_EQ(read.chains[0].type, "mangle");
  EXPECT_EQ(read.chains[0].hook, "OUTPUT");
  EXPECT_EQ(read.chains[0].rules, (std::vector<SystemRule>{{.line = 4,
                                                            .description = "Allow icmp",
                                                            .parameters = "-p icmp",
                                                            .expressions = {},
                                                            .target = "ACCEPT",
                                                            .target_parameters = ""}}));
  EXPECT_THAT(read.refused, IsEmpty());
}

TEST(ParseSystemFirewall, ReadsChains) {
  const SystemFirewall read =
      ReadFirewall(WithChain(R"("Rules":[{"UUID":"x","Enabled":true,"Position":"0",
"Description":"ping","Parameters":"","Expressions":[{"Statement":{"Op":"","Name":"icmp",
"Values":[{"Key":"type","Value":"echo-request,echo-reply"}]}}],"Target":"accept",
"TargetParameters":""}])"));
  EXPECT_EQ(read.form, Form::kNftables);
  ASSERT_EQ(read.chains.size(), 1U);
  const SystemChain& chain = read.chains[0];
  EXPECT_EQ(chain.hook, "output");
  ASSERT_EQ(chain.rules.size(), 1U);
  EXPECT_EQ(chain.rules[0].expressions,
            (std::vector<SystemStatement>{{"icmp", "", {{"type", "echo-request,echo-reply"}}}}));
  EXPECT_EQ(chain.rules[0].target, "accept");
}

TEST(ParseSystemFirewall, LeavesOutWhatIsSwitchedOff) {
  EXPECT_THAT(ReadFirewall(WithChain(R"("Rules":[{"Enabled":false,"Target":"drop"}])")).chains,
              IsEmpty());
  EXPECT_THAT(
      ReadFirewall(R"({"Enabled":false,"SystemRules":[{"Rule":{"Table":"mangle","Chain":"OUTPUT",
"Target":"DROP"}}]})")
          .chains,
      IsEmpty());
}

TEST(ParseSystemFirewall, PositionsOrderTheRules) {
  const auto read = ReadFirewall(
      WithChain(R"("Rules":[{"Position":"2","Target":"drop"},{"Position":1,"Target":"accept"}])"));
  ASSERT_EQ(read.chains[0].rules.size(), 2U);
  EXPECT_EQ(read.chains[0].rules[0].target, "accept");
}

TEST(ParseSystemFirewall, ABadRuleIsRefusedByItsLineAndTheOthersAreRead) {
  const auto read =
      ReadFirewall(WithChain("\"Rules\":[{\"Target\":\"drop\"},\n{\"Target\":[]},\n7]"));
  EXPECT_EQ(read.chains[0].rules.size(), 1U);
  EXPECT_THAT(read.refused, ElementsAre(RuleError{"fw.json", 4, 0, "\"Target\" must be a text"},
                                        RuleError{"fw.json", 5, 0, "a rule must be an object"}));
}

TEST(ParseSystemFirewall, EmptyStatementsOfGuisSayNothing) {
  const auto read = ReadFirewall(WithChain(
      R"("Rules":[{"Target":"drop","Expressions":[{"Statement":{"Op":"","Name":"","Values":null}},
{"Statement":null}]}])"));
  EXPECT_THAT(read.chains[0].rules[0].expressions, IsEmpty());
  EXPECT_THAT(read.refused, IsEmpty());
}

TEST(ParseSystemFirewall, OfBothFormsTheChainsAreUsedAndTheRestIsNamed) {
  const auto read = ReadFirewall(R"({"SystemRules":[
{"Rule":{"Table":"mangle","Chain":"OUTPUT","Target":"ACCEPT"},
"Chains":[{"Type":"filter","Hook":"input","Rules":[{"Target":"drop"}]}]}]})");
  EXPECT_EQ(read.form, Form::kNftables);
  ASSERT_EQ(read.refused.size(), 1U);
  EXPECT_EQ(read.refused[0].line, 2);
  EXPECT_THAT(read.refused[0].reason, HasSubstr("iptables form"));
}

TEST(ParseSystemFirewall, TellsWhyTheWholeFileCannotBeRead) {
  EXPECT_THAT(ErrorOf("{\n\"SystemRules\": [,]\n}"), HasSubstr("fw.json:2"));
  EXPECT_EQ(ErrorOf("[]"), "fw.json:1: must be a JSON object");
  EXPECT_EQ(ErrorOf("{\n\"SystemRules\":\n 7}"), "fw.json:3: \"SystemRules\" must be a list");
}

TEST(ParseSystemFirewall, AFileWithoutRulesSaysNothing) {
  for (const char* const text : {"{}", R"({"SystemRules":null})", R"({"SystemRules":[]})"}) {
    EXPECT_THAT(ReadFirewall(text).chains, IsEmpty()) << text;
  }
}

}  // namespace
}  // namespace procwall
