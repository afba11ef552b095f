// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/rule_coverage.h"

#include <gtest/gtest.h>

#include "tests/unit/rules/world.h"

namespace procwall {
namespace {

Operator Typed(std::string type, std::string operand, std::string data) {
  return {.type = std::move(type), .operand = std::move(operand), .data = std::move(data)};
}
Operator Exactly(Operator op) {
  op.sensitive = true;
  return op;
}

TEST(Covers, KnowsTheSameCondition) {
  EXPECT_TRUE(Covers(Is("dest.port", "53"), Is("dest.port", "53")));
  EXPECT_FALSE(Covers(Is("dest.port", "53"), Is("dest.port", "54")));
  EXPECT_FALSE(Covers(Is("dest.port", "53"), Is("source.port", "53")));
}

TEST(Covers, KnowsThatMoreConditionsAreNarrower) {
  const Operator narrow = AllOf({Is("process.path", "/a"), AllOf({Is("dest.port", "53")})});
  EXPECT_TRUE(Covers(Is("dest.port", "53"), narrow));
  EXPECT_FALSE(Covers(narrow, Is("dest.port", "53")));
}

TEST(Covers, KnowsWhatMatchesEverything) {
  EXPECT_TRUE(Covers(Is("true", ""), Is("dest.port", "53")));
  EXPECT_TRUE(Covers(Like("process.path", ".*"), Is("dest.port", "53")));
}

TEST(Covers, ComparesNetworks) {
  EXPECT_TRUE(Covers(Within("dest.network", "10.0.0.0/8"), Within("dest.network", "10.1.0.0/16")));
  EXPECT_TRUE(Covers(Within("dest.network", "10.0.0.0/8"), Is("dest.ip", "10.1.2.3")));
  EXPECT_FALSE(Covers(Within("dest.network", "10.1.0.0/16"), Within("dest.network", "10.0.0.0/8")));
  EXPECT_FALSE(Covers(Within("source.network", "10.0.0.0/8"), Is("dest.ip", "10.1.2.3")));
}

TEST(Covers, ComparesTextsWithPatternsAndDirectories) {
  EXPECT_TRUE(Covers(Like("dest.host", "\\.net$"), Is("dest.host", "example.net")));
  EXPECT_FALSE(Covers(Like("dest.host", "\\.net$"), Is("dest.host", "example.org")));
  EXPECT_TRUE(Covers(Typed("directory", "process.path", "/opt"), Is("process.path", "/opt/a")));
  EXPECT_FALSE(Covers(Typed("directory", "process.path", "/opt"), Is("process.path", "/optical")));
  EXPECT_TRUE(Covers(Typed("glob", "process.path", "/opt/*"), Is("process.path", "/opt/a")));
  EXPECT_TRUE(Covers(Is("dest.domain", "example.net"), Is("dest.host", "a.example.net")));
  EXPECT_FALSE(Covers(Is("dest.domain", "*.example.net"), Is("dest.host", "example.net")));
}

TEST(Covers, MindsTheCase) {
  EXPECT_TRUE(Covers(Is("process.path", "/A"), Exactly(Is("process.path", "/a"))));
  EXPECT_FALSE(Covers(Exactly(Is("process.path", "/a")), Is("process.path", "/a")));
}

TEST(ContradictsItself, FindsTwoValuesOfOneThing) {
  EXPECT_TRUE(ContradictsItself(AllOf({Is("dest.port", "80"), Is("dest.port", "443")})));
  EXPECT_FALSE(ContradictsItself(AllOf({Is("dest.port", "80"), Is("source.port", "443")})));
  EXPECT_FALSE(
      ContradictsItself(AllOf({Is("process.parent.path", "/a"), Is("process.parent.path", "/b")})));
}

bool Exclude(Operator a, Operator b) { return ContradictsItself(AllOf({a, b})); }

TEST(ContradictsItself, ComparesNumbersAndAddressesAndNotTheirTexts) {
  EXPECT_FALSE(Exclude(Is("dest.port", "443"), Is("dest.port", "0443")));
  EXPECT_FALSE(Exclude(Is("dest.ip", "2001:db8::1"), Is("dest.ip", "2001:DB8:0::01")));
  EXPECT_TRUE(Exclude(Is("dest.ip", "2001:db8::1"), Is("dest.ip", "2001:db8::2")));
  EXPECT_TRUE(Exclude(Is("user.id", "0"), Is("user.id", "01")));
}

TEST(ContradictsItself, KnowsWhatHoldsForSeveralValues) {
  EXPECT_FALSE(Exclude(Is("time", "Mon-Fri"), Is("time", "08:00-18:00")));
  EXPECT_FALSE(Exclude(Is("dest.domain", "example.net"), Is("dest.domain", "www.example.net")));
  EXPECT_FALSE(Exclude(Is("user.group", "staff"), Is("user.group", "wheel")));
  EXPECT_FALSE(Exclude(Is("user.name", "root"), Is("user.name", "toor")));  // two names of one uid
}

TEST(ContradictsItself, MindsTheCase) {
  EXPECT_FALSE(Exclude(Is("dest.host", "A.example"), Is("dest.host", "a.example")));
  EXPECT_FALSE(Exclude(Is("process.path", "/gr\u00fcn"), Is("process.path", "/GR\u00dcN")));
  EXPECT_TRUE(Exclude(Exactly(Is("process.path", "/A")), Exactly(Is("process.path", "/a"))));
  EXPECT_TRUE(Exclude(Is("process.path", "/a"), Is("process.path", "/b")));
}

TEST(Covers, ComparesNumbersAndAddressesAndNotTheirTexts) {
  EXPECT_TRUE(Covers(Is("dest.port", "443"), Is("dest.port", "0443")));
  EXPECT_TRUE(Covers(Is("dest.ip", "2001:db8::1"), Is("dest.ip", "2001:DB8::01")));
  EXPECT_TRUE(Covers(Like("dest.port", "^443$"), Is("dest.port", "0443")));
  EXPECT_FALSE(Covers(Like("dest.port", "^0443$"), Is("dest.port", "0443")));
}

TEST(Covers, KnowsThatADomainIsMoreThanItsName) {
  EXPECT_FALSE(Covers(Like("dest.domain", "^example\\.net$"), Is("dest.domain", "example.net")));
}

TEST(ConditionPatterns, CompilesEachOnce) {
  ConditionPatterns patterns;
  const Pattern* const pattern = patterns.Find(Like("dest.host", "a+"));
  ASSERT_NE(pattern, nullptr);
  EXPECT_TRUE(pattern->Matches(Text("AA")));
  EXPECT_EQ(patterns.Find(Like("process.path", "a+")), pattern);
  EXPECT_NE(patterns.Find(Exactly(Like("dest.host", "a+"))), pattern);
  EXPECT_NE(patterns.Find(Typed("glob", "process.path", "a+")), pattern);
  EXPECT_EQ(patterns.Find(Like("dest.host", "a(")), nullptr);
}

}  // namespace
}  // namespace procwall
