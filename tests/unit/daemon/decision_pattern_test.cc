// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/decision_pattern.h"

#include <memory>

#include <gtest/gtest.h>

#include "tests/support/curl_decision.h"
#include "tests/support/flow_reply.h"

namespace procwall {
namespace {

TEST(DecisionPatterns, FlowsOfOneProgramToOneHostShareOne) {
  DecisionPatterns patterns;
  const EventPtr first = patterns.Of(CurlTo(SampleFlow(1), 5));
  EXPECT_EQ(patterns.Of(CurlTo(SampleFlow(2), 6)), first);
}

TEST(DecisionPatterns, WhatDiffersInMoreThanTheFlowHasItsOwn) {
  DecisionPatterns patterns;
  const Event decision = CurlTo(SampleFlow());
  const EventPtr first = patterns.Of(decision);
  Event other = decision;
  other.host = "example.net";
  EXPECT_EQ(patterns.Of(other)->host, "example.net");
  other = decision;
  other.connection->uid = 0;
  EXPECT_EQ(patterns.Of(other)->connection->uid, 0U);
  other = decision;
  other.attribution.confidence = Confidence::kLikely;
  EXPECT_EQ(patterns.Of(other)->attribution.confidence, Confidence::kLikely);
  other = decision;
  other.rule = std::make_shared<const Rule>();
  EXPECT_EQ(patterns.Of(other)->rule, other.rule);
  EXPECT_EQ(first->host, "example.org");  // it lives on
}

std::vector<AlikeDecisions> SummaryOf(const std::vector<Event>& events) {
  std::vector<EventPtr> decisions;
  for (const Event& event : events) decisions.push_back(std::make_shared<const Event>(event));
  return Summarise(decisions);
}

TEST(Summarise, CountsWhatDiffersInItsOwnPortAndItsTimeOnly) {
  TrackedFlow later = SampleFlow();
  ++later.original.source.port;
  const auto summary = SummaryOf({CurlTo(SampleFlow(), 5), CurlTo(later, 6)});
  ASSERT_EQ(summary.size(), 1U);
  EXPECT_EQ(summary[0].times, 2U);
  EXPECT_EQ(summary[0].last->sequence, 6U);
}

TEST(Summarise, KeepsApartWhatWentElsewhereOrWasDecidedOtherwise) {
  TrackedFlow elsewhere = SampleFlow();
  ++elsewhere.original.destination.port;
  Event denied = CurlTo(SampleFlow(), 7);
  denied.action = denied.judged_action = RuleAction::kDeny;
  Event unreadable = CurlTo(SampleFlow(), 8);
  unreadable.connection.reset();
  const auto summary =
      SummaryOf({CurlTo(SampleFlow(), 5), CurlTo(elsewhere, 6), denied, unreadable, unreadable});
  EXPECT_EQ(summary.size(), 5U);
}

}  // namespace
}  // namespace procwall
