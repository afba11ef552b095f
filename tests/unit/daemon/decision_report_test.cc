// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/decision_report.h"

#include <chrono>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/daemon/pipeline_world.h"

namespace procwall {
namespace {

using testing::IsEmpty;

// What is told of packets that went the whole way.
class DecisionReportTest : public PipelineWorld {};

TEST_F(DecisionReportTest, ARuleMayDecideWithoutAnEvent) {
  Rules({Rule{.name = "quiet", .enabled = true, .nolog = true, .op = {"simple", "true", ""}}});
  Begin(1, CutHeader());
  EXPECT_EQ(verdicts.All(), (Answers{{1, Verdict::kDrop}}));
  EXPECT_THAT(Events(), IsEmpty());
  EXPECT_EQ(counters.denied.Get(), 1U);
}

TEST_F(DecisionReportTest, CountsWhatARuleDecides) {
  Rules({Rule{.name = "quiet", .enabled = true, .nolog = true, .op = {"simple", "true", ""}}});
  Begin(1, CutHeader());
  EXPECT_EQ(counters.rule_hits.Find("quiet").value_or(RuleHits::Use{}).hits, 1U);
}

TEST_F(DecisionReportTest, CountsAndTellsWhatARuleOnTrialWouldHaveDecided) {
  Rules({Rule{.name = "trial", .enabled = true, .op = {"simple", "true", ""}, .enforce = false}});
  Begin(1, CutHeader());
  EXPECT_EQ(verdicts.All(), (Answers{{1, Verdict::kAccept}}));
  EXPECT_EQ(counters.rule_hits.Find("trial").value_or(RuleHits::Use{}).hits, 1U);
  ASSERT_EQ(Events().front()->shadows.size(), 1U);
  EXPECT_EQ(Events().front()->shadows.front()->name, "trial");
}

TEST_F(DecisionReportTest, TellsHowLongAPacketWaited) {
  table.KnowsProtocol().Finds(CurlsSocket());
  Begin(1, Syn());
  auto answers = TakeAnswers(1);
  clock.Advance(std::chrono::milliseconds(7));
  pipeline().Resume(std::move(answers.front()));
  pipeline().Report();
  EXPECT_EQ(Events().front()->latency, std::chrono::milliseconds(7));
  EXPECT_EQ(Events().front()->time, clock.WallNow());
  EXPECT_EQ(Events().front()->parked, std::chrono::milliseconds(7));
}

}  // namespace
}  // namespace procwall
