// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/facts_lookup.h"

#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/fake_verdicts.h"
#include "tests/unit/daemon/pipeline_world.h"

namespace procwall {
namespace {

using testing::ElementsAre;

// As a packet sees it that has to wait for what its rules ask.
class FactsLookupTest : public PipelineWorld {};

Rule NothingThroughEth7() {
  return {.name = "not-there", .enabled = true, .op = {"simple", "iface.out", "eth7"}};
}

TEST_F(FactsLookupTest, APacketWaitsForWhatItsRulesAsk) {
  Rules({NothingThroughEth7()});
  table.KnowsProtocol().Fails(EPERM).Fails(EPERM);
  out_interface = 7;
  Begin(1, Syn());
  EXPECT_EQ(pipeline().Parked(), 1U);
  EXPECT_EQ(counters.parked.Get(), 1U);
  ResumeWithFacts();
  EXPECT_EQ(verdicts.All(), (Answers{{1, Verdict::kDrop}}));
  Begin(2, Syn());  // it is known now
  EXPECT_EQ(verdicts.All(), (Answers{{1, Verdict::kDrop}, {2, Verdict::kDrop}}));
}

TEST_F(FactsLookupTest, APacketIsJudgedByTheRulesThatItWaitedFor) {
  Rules({NothingThroughEth7()});
  table.KnowsProtocol().Fails(EPERM);
  out_interface = 7;
  Begin(1, Syn());
  Rules({});
  ResumeWithFacts();
  EXPECT_THAT(Told(), ElementsAre("deny by not-there: 192.0.2.1:443 unknown lookup-failed"));
}

}  // namespace
}  // namespace procwall
