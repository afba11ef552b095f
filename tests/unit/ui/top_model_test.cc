// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/top_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/ui/sample_event.h"
#include "tests/unit/ui/sample_flow.h"

namespace procwall {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class TopModelTest : public testing::Test {
 protected:
  static TopTime At(std::int64_t seconds) { return TopTime(std::chrono::seconds(seconds)); }
  // A decision a second after the one before.
  v1::Event Next(v1::Event event = SampleEvent()) {
    event.set_sequence(++sequence_);
    event.mutable_time()->set_seconds(++seconds_);
    event.mutable_time()->set_nanos(0);
    return event;
  }
  static v1::Event To(const std::string& ip, std::uint32_t port) {
    v1::Event event = SampleEvent();
    event.clear_dst_host();
    event.set_dst_ip(ip);
    event.set_dst_port(port);
    return event;
  }
  TopTime Now() const { return At(seconds_); }
  std::vector<TopProgram> Programs() { return model.Programs(Now()); }
  // REQUIRES: one program with one place.
  TopPlace Place() {
    const auto programs = Programs();
    EXPECT_EQ(programs.size(), 1U);
    EXPECT_EQ(programs.at(0).places.size(), 1U);
    return programs.at(0).places.at(0);
  }

  TopModel model{{"192.0.2.10"}};

 private:
  std::uint64_t sequence_ = 0;
  std::int64_t seconds_ = 1'000'000;
};

TEST_F(TopModelTest, KnowsNothingAtFirst) { EXPECT_THAT(Programs(), IsEmpty()); }

TEST_F(TopModelTest, CountsDecisionsByProgramAndOtherSide) {
  model.OnEvent(Next());
  model.OnEvent(Next());
  v1::Event denied = To("192.0.2.1", 25);
  denied.set_action(v1::ACTION_DENY);
  model.OnEvent(Next(denied));
  const auto programs = Programs();
  ASSERT_EQ(programs.size(), 1U);
  EXPECT_EQ(programs[0].key, "/usr/bin/curl");
  EXPECT_THAT(programs[0].pids, ElementsAre(4211));
  EXPECT_EQ(programs[0].counts.allowed, 2U);
  EXPECT_EQ(programs[0].counts.denied, 1U);
  EXPECT_DOUBLE_EQ(programs[0].counts.per_second, 0.3);
  ASSERT_EQ(programs[0].places.size(), 2U);
  EXPECT_EQ(programs[0].places[0].key, "192.0.2.1:25 tcp");
  EXPECT_EQ(programs[0].places[0].state, "denied");
  EXPECT_EQ(programs[0].places[1].key, "example.org:443 tcp");
  EXPECT_EQ(programs[0].places[1].state, "allowed");
}

TEST_F(TopModelTest, BothFamiliesOfOneNameAreOnePlace) {
  model.OnEvent(Next());
  v1::Event event = SampleEvent();
  event.set_protocol("tcp6");
  event.set_dst_ip("2001:db8::1");
  model.OnEvent(Next(event));
  EXPECT_EQ(Place().counts.allowed, 2U);
}

TEST_F(TopModelTest, UnknownProgramsAreGroupedByTheReason) {
  v1::Event event = SampleEvent();
  event.clear_process();
  event.set_unknown_reason("no-socket");
  model.OnEvent(Next(event));
  EXPECT_EQ(Programs().at(0).key, "unknown: no-socket");
}

TEST_F(TopModelTest, WhatIsToldAgainCountsOnce) {
  const v1::Event first = Next();
  const v1::Event second = Next();
  for (const v1::Event& event : {first, second, first, second}) model.OnEvent(event);
  EXPECT_EQ(Place().counts.allowed, 2U);
}

TEST_F(TopModelTest, ADaemonThatWasStartedAnewCountsOn) {
  model.OnEvent(Next());
  v1::Event event = Next();
  event.set_sequence(1);
  model.OnEvent(event);
  EXPECT_EQ(Place().counts.allowed, 2U);
}

TEST_F(TopModelTest, AFlowJoinsItsDecision) {
  model.OnEvent(Next());
  v1::Flow flow = SampleFlow();
  flow.clear_process();  // the decision knows
  flow.clear_host();
  model.OnFlows({flow}, Now());
  const TopPlace place = Place();
  EXPECT_EQ(place.key, "example.org:443 tcp");
  EXPECT_EQ(place.state, "ESTAB");
  EXPECT_EQ(place.counts.live, 1U);
  EXPECT_EQ(place.counts.in_bytes, 50'000U);
  EXPECT_EQ(place.counts.out_bytes, 1000U);
  EXPECT_EQ(place.counts.in_rate, std::nullopt);  // it takes two looks
}

TEST_F(TopModelTest, AFlowWithoutADecisionStandsForItself) {
  model.OnFlows({SampleFlow()}, Now());
  const TopPlace place = Place();
  EXPECT_FALSE(place.is_decided);
  EXPECT_EQ(place.key, "example.org:443 tcp");
  EXPECT_EQ(place.event.rule(), "allow-curl");
  EXPECT_EQ(place.event.direction(), "outgoing");
}

TEST_F(TopModelTest, RatesAreWhatMovedBetweenTwoLooks) {
  v1::Flow flow = SampleFlow();
  model.OnFlows({flow}, At(1'000'000));
  flow.set_received_bytes(52'000);
  flow.set_sent_bytes(1000);
  v1::Flow fresh = SampleFlow();
  fresh.set_id(78);
  fresh.mutable_original()->set_src_port(40001);
  fresh.set_received_bytes(400);
  fresh.set_sent_bytes(200);
  model.OnFlows({flow, fresh}, At(1'000'002));
  const TopPlace place = Place();
  EXPECT_EQ(place.state, "2 ESTAB");
  EXPECT_DOUBLE_EQ(*place.counts.in_rate, 1200);
  EXPECT_DOUBLE_EQ(*place.counts.out_rate, 100);
}

TEST_F(TopModelTest, ANumberThatIsUsedAgainIsAnotherFlow) {
  v1::Flow flow = SampleFlow();
  model.OnFlows({flow}, At(1'000'000));
  flow.mutable_original()->set_src_port(40009);
  flow.set_received_bytes(100);
  flow.set_sent_bytes(0);
  model.OnFlows({flow}, At(1'000'001));
  EXPECT_DOUBLE_EQ(*Place().counts.in_rate, 100);
}

TEST_F(TopModelTest, OfWhoCallsUsInAndOutAreTheOtherWayRound) {
  v1::Flow flow = SampleFlow();
  flow.mutable_original()->set_src_ip("198.51.100.7");
  flow.mutable_original()->set_dst_ip("192.0.2.10");
  flow.mutable_original()->set_dst_port(22);
  model.OnFlows({flow}, Now());
  const TopPlace place = Place();
  EXPECT_EQ(place.event.direction(), "incoming");
  EXPECT_EQ(place.key, "198.51.100.7 to :22 tcp");
  EXPECT_EQ(place.counts.in_bytes, 1000U);
  EXPECT_EQ(place.counts.out_bytes, 50'000U);
}

TEST_F(TopModelTest, WithoutCountersThereAreNoBytes) {
  v1::Flow flow = SampleFlow();
  flow.clear_sent_bytes();
  flow.clear_received_bytes();
  model.OnFlows({flow}, Now());
  EXPECT_EQ(Place().counts.in_bytes, std::nullopt);
}

TEST_F(TopModelTest, WhatEndedIsSaidToHaveEnded) {
  model.OnEvent(Next());
  model.OnFlows({SampleFlow()}, Now());
  model.OnFlows({}, Now());
  EXPECT_EQ(Place().state, "ended");
  model.OnNoFlows();  // nobody tells any more
  EXPECT_EQ(Place().state, "allowed");
}

TEST_F(TopModelTest, ForgetsWhatWasLongAgo) {
  model.OnEvent(Next());
  EXPECT_THAT(model.Programs(Now() + TopModel::kKeep + std::chrono::seconds(1)), IsEmpty());
}

TEST_F(TopModelTest, StaysBoundedUnderAScan) {
  for (std::uint32_t i = 0; i < 2 * TopModel::kMaxPlaces; ++i) {
    model.OnEvent(Next(To("192.0.2.1", 1 + i)));
  }
  const auto programs = model.Programs(Now());
  // What came last is there.
  const std::string last = "192.0.2.1:" + std::to_string(2 * TopModel::kMaxPlaces) + " tcp";
  ASSERT_FALSE(programs.empty());
  EXPECT_LE(programs[0].places.size(), TopModel::kMaxPlaces);
  EXPECT_TRUE(std::ranges::any_of(programs[0].places,
                                  [&](const TopPlace& place) { return place.key == last; }));
}

TEST_F(TopModelTest, HoldsAPlaceWithVeryManyFlows) {
  std::vector<v1::Flow> flows(1000, SampleFlow());
  for (std::size_t i = 0; i < flows.size(); ++i) {
    flows[i].mutable_original()->set_src_port(static_cast<std::uint32_t>(1000 + i));
  }
  model.OnFlows(flows, Now());
  const TopPlace place = Place();
  EXPECT_EQ(place.counts.live, 1000U);
  EXPECT_EQ(place.flows.size(), TopModel::kMaxFlowsOfPlace);
  EXPECT_EQ(place.state, "1000 ESTAB");
}

TEST_F(TopModelTest, BearsATimeThatIsNone) {
  v1::Event event = Next();
  event.mutable_time()->set_seconds(std::numeric_limits<std::int64_t>::max());
  event.mutable_time()->set_nanos(-5);
  model.OnEvent(event);
  EXPECT_EQ(model.Programs(Now()).size(), 1U);
}

}  // namespace
}  // namespace procwall
