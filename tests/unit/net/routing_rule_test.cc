// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "net/routing_rule.h"

#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>

#include <gtest/gtest.h>

#include "tests/support/errc_of.h"
#include "tests/support/netlink_builder.h"

namespace procwall {
namespace {

Bytes BytesOf(const std::uint32_t& value) { return std::as_bytes(std::span(&value, 1)); }

NetlinkBuilder RuleOf(std::uint32_t priority) {
  return NetlinkBuilder(RTM_NEWRULE)
      .Body(fib_rule_hdr{})
      .Attribute(FRA_PRIORITY, BytesOf(priority));
}

TEST(DecodeRoutingRule, TellsMarkAndMask) {
  const auto message =
      RuleOf(100).Attribute(FRA_FWMARK, BytesOf(0x10)).Attribute(FRA_FWMASK, BytesOf(0xff)).Build();
  EXPECT_EQ(DecodeRoutingRule(message).value(), (RoutingRule{100, 0x10, 0xff}));
}

TEST(DecodeRoutingRule, AMarkWithoutAMaskIsAllBits) {
  const auto message = RuleOf(32765).Attribute(FRA_FWMARK, BytesOf(0xca6c)).Build();
  EXPECT_EQ(DecodeRoutingRule(message).value(), (RoutingRule{32765, 0xca6c, 0xffffffff}));
}

TEST(DecodeRoutingRule, MostRulesLookAtNoMark) {
  EXPECT_EQ(DecodeRoutingRule(RuleOf(0).Build()).value(), (RoutingRule{0, 0, 0}));
}

TEST(DecodeRoutingRule, RefusesWhatIsNoRuleOrIsCut) {
  EXPECT_EQ(ErrcOf(DecodeRoutingRule(NetlinkBuilder(NLMSG_NOOP).Build())), Errc::kMalformed);
  const auto message = RuleOf(100).Attribute(FRA_FWMARK, BytesOf(0x10)).Build();
  for (std::size_t size = 0; size < message.size(); ++size) {
    EXPECT_FALSE(DecodeRoutingRule(Bytes(message).first(size)));
  }
}

TEST(ReadRulesByMark, CanBeAskedOfThisKernel) {
  const auto rules = ReadRulesByMark();
  ASSERT_TRUE(rules) << rules.error().ToString();
  for (const RoutingRule& rule : *rules) EXPECT_NE(rule.mask, 0U);
}

}  // namespace
}  // namespace procwall
