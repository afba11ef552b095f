// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/flow_record.h"

#include <gtest/gtest.h>

#include "tests/support/curl_decision.h"
#include "tests/support/flow_reply.h"

namespace procwall {
namespace {

TEST(FlowRecord, TellsWhatItWasToldOfTheFlow) {
  TrackedFlow flow = SampleFlow();
  flow.zone = 3;
  flow.reply.destination = {IpAddress::V4({203, 0, 113, 9}), 61000};
  const TrackedFlow told = FlowRecord(flow).Tracked(NameOf(flow));
  EXPECT_EQ(NameOf(told), NameOf(flow));
  EXPECT_EQ(told.id, flow.id);
  EXPECT_EQ(told.status, flow.status);
  EXPECT_EQ(told.state, flow.state);
  EXPECT_EQ(told.reply, flow.reply);
}

TEST(FlowRecord, TakesOverAChange) {
  FlowRecord record(SampleFlow());
  TrackedFlow changed = SampleFlow();
  changed.state = 7;
  record.Update(changed);
  EXPECT_EQ(record.Tracked(NameOf(SampleFlow())).state, 7);
  changed.state.reset();
  record.Update(changed);
  EXPECT_EQ(record.Tracked(NameOf(SampleFlow())).state, 7);
}

TEST(FlowRecord, TellsTheDecisionAsItWas) {
  DecisionPatterns patterns;
  FlowRecord record(SampleFlow());
  EXPECT_FALSE(record.IsOwned());
  EXPECT_EQ(record.Whole(NameOf(SampleFlow())).owner, nullptr);
  const Event decision = CurlTo(SampleFlow());
  record.SetOwner(NameOf(SampleFlow()), decision, patterns);
  EXPECT_TRUE(record.IsDecided());
  const EventPtr owner = record.Whole(NameOf(SampleFlow())).owner;
  ASSERT_NE(owner, nullptr);
  EXPECT_EQ(owner->sequence, 5U);
  EXPECT_EQ(owner->time, decision.time);
  EXPECT_EQ(owner->connection, decision.connection);
  EXPECT_EQ(owner->host, "example.org");
  EXPECT_EQ(owner->attribution.processes, decision.attribution.processes);
  EXPECT_EQ(owner->attribution.evidence.cookie, 105U);
}

TEST(FlowRecord, KeepsTheEndsThatWereJudgedWhereTheyAreOthers) {
  DecisionPatterns patterns;
  TrackedFlow flow = SampleFlow();
  flow.reply.source = {IpAddress::V4({172, 17, 0, 2}), 8080};
  Event decision = CurlTo(flow);
  decision.connection->remote = flow.reply.source;
  FlowRecord record(flow);
  record.SetOwner(NameOf(SampleFlow()), decision, patterns);
  EXPECT_EQ(record.Whole(NameOf(SampleFlow())).owner->connection, decision.connection);
}

TEST(FlowRecord, AnOwnerThatWasLookedUpDecidedNothing) {
  DecisionPatterns patterns;
  FlowRecord record(SampleFlow());
  record.SetOwner(NameOf(SampleFlow()), CurlTo(SampleFlow(), 0), patterns);
  EXPECT_TRUE(record.IsOwned());
  EXPECT_FALSE(record.IsDecided());
}

TEST(FlowRecord, KnowsTheCookieOfASocketThatWasLookedUp) {
  Event decision = CurlTo(SampleFlow());
  decision.attribution.evidence.cookie = 0;
  EXPECT_EQ(CookieOf(decision), 0U);
  RankedSocket socket;
  socket.socket.cookie = 77;
  decision.attribution.evidence.socket = socket;
  EXPECT_EQ(CookieOf(decision), 77U);
  DecisionPatterns patterns;
  FlowRecord record(SampleFlow());
  record.SetOwner(NameOf(SampleFlow()), decision, patterns);
  EXPECT_EQ(record.Cookie(), 77U);
}

}  // namespace
}  // namespace procwall
