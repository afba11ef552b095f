// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/flow_note_message.h"

#include <memory>

#include <gtest/gtest.h>

#include "tests/support/flow_reply.h"

namespace procwall {
namespace {

const WallTime kNow{std::chrono::seconds(1000)};

Flow NotedFlow() {
  Process curl;
  curl.id.pid = 4211;
  curl.path = "/usr/bin/curl";
  Event event;
  event.sequence = 9;
  event.time = kNow - std::chrono::seconds(5);
  event.host = "example.org";
  event.rule = std::make_shared<const Rule>(Rule{.name = "web"});
  event.connection = Connection{};
  event.attribution.confidence = Confidence::kCertain;
  event.attribution.processes = {std::make_shared<const Process>(std::move(curl))};
  return {SampleFlow(), std::make_shared<const Event>(std::move(event)), {}};
}

TEST(FlowMessage, TellsWhatConntrackKnowsAndWhoseItIs) {
  Flow flow = NotedFlow();
  flow.tracked.sent = FlowCount{3, 500};
  const v1::Flow message = ToMessage(flow, kNow);
  EXPECT_EQ(message.id(), 7U);
  EXPECT_EQ(message.protocol(), "tcp");
  EXPECT_EQ(message.state(), "ESTABLISHED");
  EXPECT_EQ(message.original().dst_ip(), "192.0.2.1");
  EXPECT_EQ(message.original().dst_port(), 443U);
  EXPECT_EQ(message.sent_bytes(), 500U);
  EXPECT_FALSE(message.has_received_bytes());
  EXPECT_EQ(message.timeout().seconds(), 432000);
  EXPECT_EQ(message.age().seconds(), 5);
  EXPECT_EQ(message.process().pid(), 4211);
  EXPECT_EQ(message.confidence(), v1::CONFIDENCE_CERTAIN);
  EXPECT_EQ(message.rule(), "web");
  EXPECT_EQ(message.host(), "example.org");
  EXPECT_EQ(message.sequence(), 9U);
}

TEST(FlowMessage, SaysThatNobodyKnowsWhoseItIs) {
  const v1::Flow message = ToMessage({SampleFlow(), nullptr, {}}, kNow);
  EXPECT_FALSE(message.has_process());
  EXPECT_EQ(message.confidence(), v1::CONFIDENCE_UNKNOWN);
  EXPECT_EQ(message.unknown_reason(), "not-decided");
  EXPECT_FALSE(message.has_age());
}

TEST(FlowMessage, SaysWhichFlowsThisHostDidNotBegin) {
  Flow flow = NotedFlow();
  Event incoming = *flow.owner;
  incoming.connection->direction = Direction::kIncoming;
  flow.owner = std::make_shared<const Event>(std::move(incoming));
  const v1::Flow message = ToMessage(flow, kNow);
  EXPECT_EQ(message.status(1), "incoming");
}

TEST(FlowNoteMessage, TellsWhatBecameOfIt) {
  FlowNote note;
  note.time = kNow;
  note.what = FlowNote::What::kEnded;
  note.flow = NotedFlow();
  const v1::FlowNote message = ToMessage(note);
  EXPECT_EQ(message.what(), v1::FlowNote::WHAT_ENDED);
  EXPECT_EQ(message.time().seconds(), 1000);
  EXPECT_EQ(message.flow().id(), 7U);
}

TEST(FlowNoteMessage, ALossIsOfNoFlow) { EXPECT_FALSE(ToMessage(FlowNote()).has_flow()); }

}  // namespace
}  // namespace procwall
