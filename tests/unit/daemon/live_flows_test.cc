// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/live_flows.h"

#include <gtest/gtest.h>

namespace procwall {
namespace {

EventPtr Allowed(Port port, std::uint64_t sequence = 1) {
  Event event;
  event.sequence = sequence;
  event.action = RuleAction::kAllow;
  event.connection = Connection{.protocol = IpProtocol::kTcp,
                                .local = {IpAddress::V4({10, 0, 0, 1}), port},
                                .remote = {IpAddress::V4({10, 0, 0, 2}), 443}};
  return std::make_shared<const Event>(std::move(event));
}

template <typename Change>
EventPtr But(Change change) {
  Event event = *Allowed(1);
  change(event);
  return std::make_shared<const Event>(std::move(event));
}

TEST(LiveFlows, KeepsWhatWasLetThrough) {
  LiveFlows flows;
  flows.Add(Allowed(2, 2));
  flows.Add(Allowed(1, 1));
  ASSERT_EQ(flows.All().size(), 2U);
  EXPECT_EQ(flows.All()[0]->sequence, 1U);
}

TEST(LiveFlows, KeepsNothingThatDoesNotLiveOnOrIsNotOurs) {
  LiveFlows flows;
  flows.Add(But([](Event& event) { event.action = RuleAction::kDeny; }));
  flows.Add(But([](Event& event) { event.connection.reset(); }));
  flows.Add(But([](Event& event) { event.connection->protocol = IpProtocol::kUdp; }));
  flows.Add(But([](Event& event) { event.connection->direction = Direction::kForwarded; }));
  EXPECT_EQ(flows.Size(), 0U);
}

TEST(LiveFlows, KeepsTheLastDecisionOfAFlow) {
  LiveFlows flows;
  flows.Add(Allowed(1, 1));
  flows.Add(Allowed(1, 2));
  ASSERT_EQ(flows.Size(), 1U);
  EXPECT_EQ(flows.All()[0]->sequence, 2U);
}

TEST(LiveFlows, ForgetsTheEnded) {
  LiveFlows flows;
  flows.Add(Allowed(1));
  flows.Add(Allowed(2));
  flows.Keep([](const FlowKey& flow) { return flow.local.port == 2; });
  ASSERT_EQ(flows.Size(), 1U);
  EXPECT_EQ(flows.All()[0]->connection->local.port, 2);
}

TEST(LiveFlows, ForgetsTheLongestKnownWhenThereIsNoRoom) {
  LiveFlows flows;
  for (std::size_t i = 0; i <= LiveFlows::kMost; ++i) {
    flows.Add(Allowed(static_cast<Port>(i), i + 1));
  }
  EXPECT_EQ(flows.Size(), LiveFlows::kMost);
  EXPECT_EQ(flows.All().front()->sequence, 2U);
}

}  // namespace
}  // namespace procwall
