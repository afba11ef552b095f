// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "net/tracked_flow.h"

#include <linux/netfilter/nf_conntrack_common.h>

#include <unordered_set>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/buckets.h"
#include "tests/support/flow_reply.h"

namespace procwall {
namespace {

TEST(FlowStateName, IsTheProtocolsOwnWhereItHasOne) {
  TrackedFlow flow = SampleFlow();
  EXPECT_EQ(FlowStateName(flow), "ESTABLISHED");
  flow.protocol = IpProtocol::kSctp;
  EXPECT_EQ(FlowStateName(flow), "COOKIE_ECHOED");
  flow.protocol = IpProtocol::kDccp;
  EXPECT_EQ(FlowStateName(flow), "PARTOPEN");
}

TEST(FlowStateName, ElseTellsWhetherThereWasAnAnswer) {
  TrackedFlow flow = SampleFlow();
  flow.protocol = IpProtocol::kUdp;
  EXPECT_EQ(FlowStateName(flow), "REPLIED");
  flow.status = 0;
  EXPECT_EQ(FlowStateName(flow), "UNREPLIED");
}

TEST(FlowStateName, KnowsNoStateBeyondTheLast) {
  TrackedFlow flow = SampleFlow();
  flow.state = std::uint8_t{200};
  EXPECT_EQ(FlowStateName(flow), "REPLIED");
}

TEST(IsClosing, IsWhatNothingNewGoesThrough) {
  TrackedFlow flow = SampleFlow();
  EXPECT_FALSE(IsClosing(flow));
  flow.state = std::uint8_t{7};  // TIME_WAIT
  EXPECT_TRUE(IsClosing(flow));
  flow.protocol = IpProtocol::kUdp;
  EXPECT_FALSE(IsClosing(flow));
}

TEST(TrackedFlow, NatIsWhatTheStatusSays) {
  TrackedFlow flow = SampleFlow();
  EXPECT_EQ(flow.Nat(), FlowNat::kNone);
  flow.status |= IPS_SRC_NAT;
  EXPECT_EQ(flow.Nat(), FlowNat::kSource);
  flow.status |= IPS_DST_NAT;
  EXPECT_EQ(flow.Nat(), FlowNat::kBoth);
  EXPECT_STREQ(FlowNatName(flow.Nat()), "both");
}

TEST(FlowStatusNames, NamesWhatTellsSomething) {
  EXPECT_THAT(FlowStatusNames(SampleFlow()), testing::ElementsAre(testing::StrEq("assured")));
}

TEST(Update, KeepsWhatIsLeftOut) {
  TrackedFlow known = SampleFlow();
  known.sent = FlowCount{1, 40};
  TrackedFlow told = SampleFlow();
  told.state.reset();
  told.mark.reset();
  told.timeout_seconds = 10;
  Update(known, told);
  TrackedFlow expected = SampleFlow();
  expected.sent = FlowCount{1, 40};
  expected.timeout_seconds = 10;
  EXPECT_EQ(known, expected);
}

TEST(FlowName, IsAnotherInAnotherZone) {
  TrackedFlow other = SampleFlow();
  other.zone = 3;
  EXPECT_NE(NameOf(SampleFlow()), NameOf(other));
  EXPECT_EQ(NameOf(SampleFlow(1, 7)), NameOf(SampleFlow(1, 8)));
}

TEST(FlowName, BothWaysHaveOneHash) {
  const FlowName name = NameOf(SampleFlow());
  FlowName back = name;
  std::swap(back.original.source, back.original.destination);
  EXPECT_EQ(std::hash<FlowName>{}(name), std::hash<FlowName>{}(back));
}

// Whoever scans ports chooses both: neither a constant sum nor a constant difference of them may
// fill one bucket.
TEST(FlowName, APortScanFillsNoBucket) {
  std::unordered_set<FlowName> sum;
  std::unordered_set<FlowName> difference;
  std::unordered_set<FlowName> inverse;
  FlowName name = NameOf(SampleFlow());
  for (unsigned port = 0; port < 65536; ++port) {
    name.original.source.port = static_cast<Port>(port);
    name.original.destination.port = static_cast<Port>(65535 - port);
    sum.insert(name);
    name.original.destination.port = static_cast<Port>(port + 1);
    difference.insert(name);
    name.original.destination.address = name.original.source.address;
    name.original.destination.port = static_cast<Port>(~port);
    inverse.insert(name);
    name = NameOf(SampleFlow());
  }
  EXPECT_LT(FullestBucket(sum), 20U);
  EXPECT_LT(FullestBucket(difference), 20U);
  EXPECT_LT(FullestBucket(inverse), 20U);
}

}  // namespace
}  // namespace procwall
