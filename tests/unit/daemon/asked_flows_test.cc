// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/asked_flows.h"

#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>

#include <algorithm>
#include <cerrno>

#include <gtest/gtest.h>

#include "net/flow_mark.h"
#include "tests/support/netlink_peer.h"

namespace procwall {
namespace {

constexpr int kNew = (NFNL_SUBSYS_CTNETLINK << 8) | IPCTNL_MSG_CT_NEW;
const Connection kAnsweredFlow{.protocol = IpProtocol::kUdp,
                               .local = {IpAddress::V4({10, 0, 0, 2}), 40000},
                               .remote = {IpAddress::V4({192, 0, 2, 53}), 53},
                               .direction = Direction::kIncoming};

class AskedFlowsTest : public testing::Test {
 protected:
  NetlinkPeer kernel;
  AskedFlows flows{kernel.TakeSocket()};
};

TEST_F(AskedFlowsTest, WhatConntrackKnowsWasBegunHere) {
  kernel.Say(NetlinkBuilder(kNew).Sequence(1).Body(nfgenmsg{}).Build());
  EXPECT_TRUE(flows.HasBegun(kAnsweredFlow));
}

TEST_F(AskedFlowsTest, WhatItDoesNotKnowIsAStrangers) {
  kernel.Say(NetlinkError(ENOENT, 1));
  EXPECT_FALSE(flows.HasBegun(kAnsweredFlow));
}

TEST_F(AskedFlowsTest, AsksForTheFlowAsThisHostBeganIt) {
  kernel.Say(NetlinkError(ENOENT, 1));
  (void)flows.HasBegun(kAnsweredFlow);
  Connection outgoing = kAnsweredFlow;
  outgoing.direction = Direction::kOutgoing;
  ByteVector asked = kernel.Hear();
  ByteVector wanted = EncodeFlowQuestion(outgoing);
  ASSERT_EQ(asked.size(), wanted.size());
  // But for the sequence number.
  EXPECT_TRUE(
      std::equal(asked.begin() + sizeof(nlmsghdr), asked.end(), wanted.begin() + sizeof(nlmsghdr)));
}

TEST_F(AskedFlowsTest, WithoutPortsThereIsNothingToAsk) {
  Connection other = kAnsweredFlow;
  other.protocol = IpProtocol::kIgmp;
  EXPECT_FALSE(flows.HasBegun(other));
}

}  // namespace
}  // namespace procwall
