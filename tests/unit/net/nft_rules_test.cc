// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "net/nft_rules.h"

#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/errc_of.h"
#include "tests/support/netlink_peer.h"

namespace procwall {
namespace {

constexpr int kNewRule = (NFNL_SUBSYS_NFTABLES << 8) | NFT_MSG_NEWRULE;

ByteVector RuleMessage(const std::string& table, std::uint64_t handle, std::uint32_t sequence = 0) {
  const BigEndian<std::uint64_t> wire(handle);
  const std::string chain = "PROCWALL-OUTPUT";
  return NetlinkBuilder(kNewRule)
      .Flags(NLM_F_MULTI)
      .Sequence(sequence)
      .Body(nfgenmsg{})
      .Attribute(NFTA_RULE_TABLE, AsBytes(table + '\0'))
      .Attribute(NFTA_RULE_CHAIN, AsBytes(chain + '\0'))
      .Attribute(NFTA_RULE_HANDLE, std::as_bytes(std::span(&wire, 1)))
      .Attribute(NFTA_RULE_EXPRESSIONS, AsBytes("abc"))
      .Build();
}

TEST(DecodeNftRule, TellsWhereARuleIsAndItsNumber) {
  EXPECT_EQ(DecodeNftRule(RuleMessage("mangle", 7)).value(),
            (NftRule{"mangle", "PROCWALL-OUTPUT", 7, "abc"}));
}

TEST(DecodeNftRule, RefusesWhatIsNoRule) {
  EXPECT_EQ(ErrcOf(DecodeNftRule(NetlinkBuilder(NLMSG_DONE).Build())), Errc::kMalformed);
  EXPECT_EQ(ErrcOf(DecodeNftRule(NetlinkBuilder(kNewRule).Body(nfgenmsg{}).Build())),
            Errc::kMalformed);
  EXPECT_EQ(ErrcOf(DecodeNftRule({})), Errc::kTruncated);
}

TEST(DecodeNftRule, ReadsNothingPastItsEndWhereverItIsCut) {
  const ByteVector message = RuleMessage("mangle", 7);
  for (std::size_t size = 0; size < message.size(); ++size) {
    EXPECT_FALSE(DecodeNftRule(Bytes(message).first(size)));
  }
}

TEST(ReadNftRules, GivesTheRulesOfThatTableAlone) {
  NetlinkPeer kernel;
  NetlinkSocket socket = kernel.TakeSocket();
  kernel.Say(Join({RuleMessage("mangle", 7, 1), RuleMessage("filter", 8, 1), NetlinkDone(0, 1)}));
  const auto rules = ReadNftRules(socket, NftFamily::kIpv4, "mangle");
  ASSERT_TRUE(rules);
  ASSERT_EQ(rules->size(), 1U);
  EXPECT_EQ(rules->front().handle, 7U);
}

TEST(EncodeNftRulesDump, NamesFamilyAndTable) {
  const auto request = EncodeNftRulesDump(NftFamily::kInet, "procwall");
  EXPECT_EQ(request[sizeof(nlmsghdr)], std::byte{1});
  const std::string text(static_cast<const char*>(static_cast<const void*>(request.data())),
                         request.size());
  EXPECT_NE(text.find(std::string("procwall") + '\0'), std::string::npos);
}

}  // namespace
}  // namespace procwall
