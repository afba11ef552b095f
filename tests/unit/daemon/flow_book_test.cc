// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/flow_book.h"

#include <memory>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/flow_reply.h"

namespace procwall {
namespace {

using FlowWhat = FlowNote::What;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::uint8_t kTimeWait = 7;

TrackedFlow Udp(Port port, std::uint32_t id = 7) {
  TrackedFlow flow = SampleFlow(port, id);
  flow.protocol = IpProtocol::kUdp;
  flow.state.reset();
  return flow;
}

EventPtr DecisionOn(const TrackedFlow& flow, std::uint64_t sequence = 1,
                    std::chrono::milliseconds later = {}) {
  Event event;
  event.sequence = sequence;
  event.time = WallTime(std::chrono::hours(1)) + later;
  event.action = RuleAction::kAllow;
  event.connection = Connection{.protocol = flow.protocol,
                                .local = flow.original.source,
                                .remote = flow.original.destination};
  return std::make_shared<const Event>(std::move(event));
}

class FlowBookTest : public testing::Test {
 protected:
  void Hear(FlowWhat what, const TrackedFlow& flow) {
    using News = FlowNews::What;
    const News news = what == FlowWhat::kBegan   ? News::kBegan
                      : what == FlowWhat::kEnded ? News::kEnded
                                                 : News::kChanged;
    book.Hear({news, flow}, now, WallTime(std::chrono::hours(1)));
  }
  // FlowWhat was told since this was asked last, each with the number of its decision.
  std::vector<std::pair<FlowWhat, std::uint64_t>> TakeNotes() {
    std::vector<std::pair<FlowWhat, std::uint64_t>> told;
    for (const auto& [what, flow] : std::exchange(notes, {})) {
      told.emplace_back(what, flow.owner ? flow.owner->sequence : 0);
    }
    return told;
  }
  std::uint64_t DecisionOf(const TrackedFlow& tracked) const {
    std::uint64_t sequence = 0;
    book.ForEach([&](const Flow& flow) {
      if (NameOf(flow.tracked) == NameOf(tracked) && flow.owner) sequence = flow.owner->sequence;
    });
    return sequence;
  }
  std::size_t UntrackedCount() const {
    std::size_t count = 0;
    book.ForEachUntracked([&](const EventPtr&) { ++count; });
    return count;
  }

  std::vector<std::pair<FlowWhat, Flow>> notes;
  FlowBook book{[this](FlowWhat what, const Flow& flow) { notes.emplace_back(what, flow); }, 4, 4};
  BootTime now{std::chrono::hours(1)};
};

TEST_F(FlowBookTest, JoinsADecisionThatComesBeforeItsFlow) {
  book.Decide(DecisionOn(SampleFlow(), 5));
  Hear(FlowWhat::kBegan, SampleFlow());
  EXPECT_THAT(TakeNotes(), ElementsAre(std::pair(FlowWhat::kBegan, 5)));
  EXPECT_EQ(UntrackedCount(), 0U);
}

TEST_F(FlowBookTest, JoinsADecisionThatComesAfterItsFlow) {
  Hear(FlowWhat::kBegan, SampleFlow());
  EXPECT_THAT(TakeNotes(), IsEmpty());  // it waits for its decision
  book.Decide(DecisionOn(SampleFlow(), 5));
  EXPECT_THAT(TakeNotes(), ElementsAre(std::pair(FlowWhat::kBegan, 5)));
}

TEST_F(FlowBookTest, TellsOfAFlowThatNobodyDecidesAboutALittleLater) {
  Hear(FlowWhat::kBegan, SampleFlow());
  book.TellLate(now);
  EXPECT_THAT(TakeNotes(), IsEmpty());
  book.TellLate(now + FlowBook::kGrace);
  EXPECT_THAT(TakeNotes(), ElementsAre(std::pair(FlowWhat::kBegan, 0)));
}

TEST_F(FlowBookTest, TellsTheEndWithAllThatItMovedAndWhoseItWas) {
  book.Decide(DecisionOn(SampleFlow(), 5));
  Hear(FlowWhat::kBegan, SampleFlow());
  TrackedFlow ended = SampleFlow();
  ended.state.reset();
  ended.sent = FlowCount{6, 700};
  ended.received = FlowCount{5, 90000};
  Hear(FlowWhat::kEnded, ended);
  ASSERT_EQ(notes.size(), 2U);
  EXPECT_EQ(notes[1].first, FlowWhat::kEnded);
  EXPECT_EQ(notes[1].second.tracked.received, (FlowCount{5, 90000}));
  EXPECT_EQ(notes[1].second.tracked.state, SampleFlow().state);
  EXPECT_EQ(notes[1].second.owner->sequence, 5U);
  EXPECT_EQ(book.Size(), 0U);
}

TEST_F(FlowBookTest, TellsTheEndOfAFlowWhoseBeginningWasLost) {
  book.Decide(DecisionOn(SampleFlow(), 5));
  Hear(FlowWhat::kEnded, SampleFlow());
  EXPECT_THAT(TakeNotes(), ElementsAre(std::pair(FlowWhat::kEnded, 5)));
}

TEST_F(FlowBookTest, TellsAChangeOfStateAndNoOther) {
  book.Decide(DecisionOn(SampleFlow(), 5));
  Hear(FlowWhat::kBegan, SampleFlow());
  TakeNotes();
  Hear(FlowWhat::kChanged, SampleFlow());
  EXPECT_THAT(TakeNotes(), IsEmpty());
  TrackedFlow closing = SampleFlow();
  closing.state = kTimeWait;
  Hear(FlowWhat::kChanged, closing);
  EXPECT_THAT(TakeNotes(), ElementsAre(std::pair(FlowWhat::kChanged, 5)));
}

TEST_F(FlowBookTest, TellsOnlyOfEndsWhereNobodyListensToMore) {
  book.TellAll(false);
  book.Decide(DecisionOn(SampleFlow(), 5));
  Hear(FlowWhat::kBegan, SampleFlow());
  TrackedFlow closing = SampleFlow();
  closing.state = kTimeWait;
  Hear(FlowWhat::kChanged, closing);
  EXPECT_THAT(TakeNotes(), IsEmpty());
  Hear(FlowWhat::kEnded, SampleFlow());
  EXPECT_THAT(TakeNotes(), ElementsAre(std::pair(FlowWhat::kEnded, 5)));
}

TEST_F(FlowBookTest, KnowsAFlowBehindSourceNatByItsOriginalEnds) {
  TrackedFlow flow = SampleFlow();
  flow.reply.destination = {IpAddress::V4({203, 0, 113, 9}), 61000};
  book.Decide(DecisionOn(flow, 5));
  Hear(FlowWhat::kBegan, flow);
  EXPECT_EQ(DecisionOf(flow), 5U);
}

TEST_F(FlowBookTest, KnowsAForwardedFlowByItsRealDestination) {
  TrackedFlow flow = SampleFlow();
  flow.reply.source = {IpAddress::V4({172, 17, 0, 2}), 8080};
  TrackedFlow as_judged = flow;
  as_judged.original.destination = flow.reply.source;
  book.Decide(DecisionOn(as_judged, 5));
  Hear(FlowWhat::kBegan, flow);
  EXPECT_EQ(DecisionOf(flow), 5U);
}

TEST_F(FlowBookTest, KnowsAFlowByAnAnswerThatWasJudged) {
  TrackedFlow flow = Udp(40000);
  TrackedFlow as_judged = flow;
  std::swap(as_judged.original, as_judged.reply);
  Hear(FlowWhat::kBegan, flow);
  book.Decide(DecisionOn(as_judged, 5));
  EXPECT_EQ(DecisionOf(flow), 5U);
}

TEST_F(FlowBookTest, KnowsAPingByItsIdentifier) {
  TrackedFlow ping = SampleFlow(77);
  ping.protocol = IpProtocol::kIcmp;
  ping.original.destination.port = 8 * 256;
  TrackedFlow as_judged = ping;
  as_judged.original.destination.port = 0;
  book.Decide(DecisionOn(as_judged, 5));
  Hear(FlowWhat::kBegan, ping);
  EXPECT_EQ(DecisionOf(ping), 5U);
}

TEST_F(FlowBookTest, ADatagramFlowThatWasJudgedAgainHasItsLastDecision) {
  book.Decide(DecisionOn(Udp(1), 5));
  Hear(FlowWhat::kBegan, Udp(1));
  book.Decide(DecisionOn(Udp(1), 6, std::chrono::hours(1)));
  EXPECT_EQ(DecisionOf(Udp(1)), 6U);
}

TEST_F(FlowBookTest, AFirstSegmentThatWasSentAgainBelongsToItsConnection) {
  book.Decide(DecisionOn(SampleFlow(), 5));
  Hear(FlowWhat::kBegan, SampleFlow());
  book.Decide(DecisionOn(SampleFlow(), 6, std::chrono::milliseconds(1)));
  EXPECT_EQ(DecisionOf(SampleFlow()), 6U);
}

TEST_F(FlowBookTest, TheNextConnectionOfTheSameEndsHasADecisionOfItsOwn) {
  book.Decide(DecisionOn(SampleFlow(), 5));
  Hear(FlowWhat::kBegan, SampleFlow());
  book.Decide(DecisionOn(SampleFlow(), 6, std::chrono::minutes(1)));
  EXPECT_EQ(DecisionOf(SampleFlow()), 5U);
  Hear(FlowWhat::kEnded, SampleFlow());
  Hear(FlowWhat::kBegan, SampleFlow(40000, 8));
  EXPECT_EQ(DecisionOf(SampleFlow(40000, 8)), 6U);
}

TEST_F(FlowBookTest, ASuccessorWhosePredecessorsEndWasLostReplacesIt) {
  book.Decide(DecisionOn(SampleFlow(), 5));
  Hear(FlowWhat::kBegan, SampleFlow());
  TakeNotes();
  book.Decide(DecisionOn(SampleFlow(), 6, std::chrono::minutes(1)));
  Hear(FlowWhat::kBegan, SampleFlow(40000, 8));
  EXPECT_THAT(TakeNotes(),
              ElementsAre(std::pair(FlowWhat::kEnded, 5), std::pair(FlowWhat::kBegan, 6)));
  EXPECT_EQ(book.Size(), 1U);
}

TEST_F(FlowBookTest, IgnoresWhatWasNotLetThroughAndWhatWasCut) {
  Event denied = *DecisionOn(SampleFlow());
  denied.action = RuleAction::kDeny;
  book.Decide(std::make_shared<const Event>(denied));
  Event unparsable = *DecisionOn(SampleFlow());
  unparsable.connection.reset();
  book.Decide(std::make_shared<const Event>(unparsable));
  EXPECT_EQ(UntrackedCount(), 0U);
}

TEST_F(FlowBookTest, ADecisionStandsForAFlowWhoseBeginningIsNotTold) {
  book.Decide(DecisionOn(SampleFlow(), 5), FlowBook::Beginnings::kUntold);
  EXPECT_EQ(book.Size(), 1U);
  EXPECT_EQ(UntrackedCount(), 0U);
  Hear(FlowWhat::kEnded, SampleFlow());
  EXPECT_THAT(TakeNotes(), ElementsAre(std::pair(FlowWhat::kEnded, 5)));
  EXPECT_EQ(book.Size(), 0U);
}

TEST_F(FlowBookTest, WhatADecisionStandsForIsNamedByAListing) {
  TrackedFlow flow = SampleFlow();
  flow.reply.destination = {IpAddress::V4({203, 0, 113, 9}), 61000};
  book.Decide(DecisionOn(flow, 5), FlowBook::Beginnings::kUntold);
  book.BeginListing();
  book.List(flow);
  book.EndListing();
  EXPECT_EQ(DecisionOf(flow), 5U);
  book.ForEach([&](const Flow& listed) {
    EXPECT_EQ(listed.tracked.id, flow.id);
    EXPECT_EQ(listed.tracked.reply, flow.reply);
  });
  Hear(FlowWhat::kEnded, flow);
  EXPECT_EQ(book.Size(), 0U);
}

TEST_F(FlowBookTest, WhatADecisionStandsForIsKnownUnderAnotherName) {
  TrackedFlow flow = SampleFlow();
  flow.zone = 3;
  book.Decide(DecisionOn(flow, 5), FlowBook::Beginnings::kUntold);
  Hear(FlowWhat::kEnded, flow);
  EXPECT_THAT(TakeNotes(), ElementsAre(std::pair(FlowWhat::kEnded, 5)));
  EXPECT_EQ(book.Size(), 0U);
}

TEST_F(FlowBookTest, WhatNoListingKnowsIsNoFlow) {
  book.Decide(DecisionOn(SampleFlow(1), 5), FlowBook::Beginnings::kUntold);
  book.Decide(DecisionOn(Udp(2), 6), FlowBook::Beginnings::kUntold);
  book.BeginListing();
  book.EndListing();
  EXPECT_THAT(TakeNotes(), IsEmpty());
  EXPECT_EQ(book.Size(), 0U);
  EXPECT_EQ(UntrackedCount(), 1U);  // TCP may be, all the same
}

// The former never came to conntrack, or its end would have been heard by now.
TEST_F(FlowBookTest, AnotherConnectionOfTheSameEndsTakesThePlaceOfWhatWasNoFlow) {
  book.Decide(DecisionOn(SampleFlow(), 5), FlowBook::Beginnings::kUntold);
  book.Decide(DecisionOn(SampleFlow(), 6, std::chrono::minutes(1)), FlowBook::Beginnings::kUntold);
  EXPECT_EQ(UntrackedCount(), 1U);
  book.SettleDisputes();
  EXPECT_EQ(UntrackedCount(), 0U);
  Hear(FlowWhat::kEnded, SampleFlow());
  EXPECT_THAT(TakeNotes(), ElementsAre(std::pair(FlowWhat::kEnded, 6)));
  EXPECT_EQ(book.Size(), 0U);
}

TEST_F(FlowBookTest, AnotherConnectionOfTheSameEndsFollowsTheOneThatEnded) {
  book.Decide(DecisionOn(SampleFlow(), 5), FlowBook::Beginnings::kUntold);
  book.Decide(DecisionOn(SampleFlow(), 6, std::chrono::minutes(1)), FlowBook::Beginnings::kUntold);
  Hear(FlowWhat::kEnded, SampleFlow());
  EXPECT_THAT(TakeNotes(), ElementsAre(std::pair(FlowWhat::kEnded, 0)));  // which one it was
  book.SettleDisputes();
  Hear(FlowWhat::kEnded, SampleFlow());
  EXPECT_THAT(TakeNotes(), ElementsAre(std::pair(FlowWhat::kEnded, 6)));
}

TEST_F(FlowBookTest, WhatHasEndedBeforeItWasSettledIsNotPresumedAnyMore) {
  book.Decide(DecisionOn(SampleFlow(), 5), FlowBook::Beginnings::kUntold);
  book.Decide(DecisionOn(SampleFlow(), 6, std::chrono::minutes(1)), FlowBook::Beginnings::kUntold);
  Hear(FlowWhat::kEnded, SampleFlow());
  Hear(FlowWhat::kEnded, SampleFlow());
  EXPECT_THAT(TakeNotes(),
              ElementsAre(std::pair(FlowWhat::kEnded, 0), std::pair(FlowWhat::kEnded, 6)));
  book.SettleDisputes();
  EXPECT_EQ(book.Size(), 0U);
}

TEST_F(FlowBookTest, AListingNamesTheLatterOfTwoConnectionsOfTheSameEnds) {
  book.Decide(DecisionOn(SampleFlow(), 5), FlowBook::Beginnings::kUntold);
  book.Decide(DecisionOn(SampleFlow(), 6, std::chrono::minutes(1)), FlowBook::Beginnings::kUntold);
  book.BeginListing();
  book.List(SampleFlow());
  book.EndListing();
  EXPECT_EQ(DecisionOf(SampleFlow()), 6U);
  book.SettleDisputes();
  EXPECT_EQ(DecisionOf(SampleFlow()), 6U);
  EXPECT_EQ(book.Size(), 1U);
}

TEST_F(FlowBookTest, WhatIsDecidedWhileAListingIsReadStays) {
  book.BeginListing();
  book.Decide(DecisionOn(SampleFlow(1), 5), FlowBook::Beginnings::kUntold);
  book.EndListing();
  EXPECT_EQ(book.Size(), 1U);
}

TEST_F(FlowBookTest, ADecisionDoesNotTakeThePlaceOfAFlowThatIsKnown) {
  book.Decide(DecisionOn(SampleFlow(), 5));
  Hear(FlowWhat::kBegan, SampleFlow());
  book.Decide(DecisionOn(SampleFlow(), 6, std::chrono::minutes(1)), FlowBook::Beginnings::kUntold);
  EXPECT_EQ(DecisionOf(SampleFlow()), 5U);
  EXPECT_EQ(UntrackedCount(), 1U);
}

TEST_F(FlowBookTest, CountsTheFlowsBeyondItsBound) {
  for (Port port = 1; port <= 6; ++port) Hear(FlowWhat::kBegan, SampleFlow(port, port));
  EXPECT_EQ(book.Size(), 4U);
  EXPECT_EQ(book.Beyond(), 2U);
}

TEST_F(FlowBookTest, ForgetsTheLongestKnownDecisionsBeyondItsBound) {
  for (Port port = 1; port <= 100; ++port) book.Decide(DecisionOn(SampleFlow(port), port));
  EXPECT_EQ(UntrackedCount(), 4U);
  Hear(FlowWhat::kBegan, SampleFlow(1));
  EXPECT_EQ(DecisionOf(SampleFlow(1)), 0U);
  Hear(FlowWhat::kBegan, SampleFlow(100));
  EXPECT_EQ(DecisionOf(SampleFlow(100)), 100U);
}

TEST_F(FlowBookTest, AListingAddsWhatLivesAndEndsWhatItLeavesOut) {
  book.Decide(DecisionOn(SampleFlow(1, 1), 5));
  Hear(FlowWhat::kBegan, SampleFlow(1, 1));
  TakeNotes();
  book.BeginListing();
  book.List(SampleFlow(2, 2));
  Hear(FlowWhat::kBegan, SampleFlow(3, 3));  // while it was read
  book.EndListing();
  EXPECT_THAT(TakeNotes(), ElementsAre(std::pair(FlowWhat::kEnded, 5)));
  EXPECT_EQ(book.Size(), 2U);
}

TEST_F(FlowBookTest, AListingToldTwiceIsOne) {
  book.BeginListing();
  book.List(SampleFlow(1, 1));
  book.List(SampleFlow(1, 1));
  book.EndListing();
  EXPECT_EQ(book.Size(), 1U);
}

TEST_F(FlowBookTest, AsksOnceWhoseAFlowIs) {
  book.BeginListing();
  book.List(SampleFlow(1, 1));
  book.EndListing();
  EXPECT_EQ(book.TakeUnowned(now).size(), 1U);
  EXPECT_THAT(book.TakeUnowned(now), IsEmpty());
  book.SetOwner(NameOf(SampleFlow(1, 1)), DecisionOn(SampleFlow(1), 0));
  std::size_t owned = 0;
  book.ForEach([&](const Flow& flow) { owned += flow.owner != nullptr && !flow.IsDecided(); });
  EXPECT_EQ(owned, 1U);
}

TEST_F(FlowBookTest, DoesNotAskWhileTheDecisionMayCome) {
  Hear(FlowWhat::kBegan, SampleFlow());
  EXPECT_THAT(book.TakeUnowned(now), IsEmpty());
  EXPECT_EQ(book.TakeUnowned(now + FlowBook::kGrace).size(), 1U);
}

TEST_F(FlowBookTest, KnowsWhetherADatagramFlowSharesItsPort) {
  TrackedFlow other = Udp(1, 8);
  other.original.destination.port = 53;
  other.reply.source.port = 53;
  Hear(FlowWhat::kBegan, Udp(1));
  EXPECT_THAT(book.SharedPorts(), IsEmpty());
  Hear(FlowWhat::kBegan, other);
  EXPECT_THAT(book.SharedPorts(), ElementsAre(Udp(1).original.source));
  Hear(FlowWhat::kEnded, other);
  EXPECT_THAT(book.SharedPorts(), IsEmpty());
}

}  // namespace
}  // namespace procwall
