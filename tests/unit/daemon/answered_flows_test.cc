// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/answered_flows.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"
#include "tests/support/fake_verdicts.h"

namespace procwall {
namespace {

const Judgement kAllowed{RuleAction::kAllow, EventReason::kAnswer, nullptr, {}};

class AnsweredFlowsTest : public testing::Test {
 protected:
  Walk Packet(Port from, const std::string& program = "/a") {
    Process process;
    process.path = program;
    Walk walk{.held = HeldPacket(verdicts, 1, Verdict::kDrop), .received = clock.Now()};
    walk.connection.local = {IpAddress::V4({10, 0, 0, 2}), from};
    walk.attribution.processes = {std::make_shared<const Process>(std::move(process))};
    return walk;
  }

  FakeClock clock;
  FakeVerdicts verdicts;
  AnsweredFlows flows{clock};
};

TEST_F(AnsweredFlowsTest, KnowsTheConnectionAgain) {
  flows.Remember(Packet(1), kAllowed);
  EXPECT_EQ(flows.Find(Packet(1)), kAllowed);
  EXPECT_EQ(flows.Find(Packet(2)), std::nullopt);
}

TEST_F(AnsweredFlowsTest, AnotherProgramWithTheSamePortsIsAnother) {
  flows.Remember(Packet(1), kAllowed);
  EXPECT_EQ(flows.Find(Packet(1, "/b")), std::nullopt);
}

TEST_F(AnsweredFlowsTest, ForgetsWhenItsTimeIsOverHoweverOftenItWasAskedFor) {
  flows.Remember(Packet(1), kAllowed);
  clock.Advance(AnsweredFlows::kLifetime - std::chrono::nanoseconds(1));
  EXPECT_EQ(flows.Find(Packet(1)), kAllowed);
  flows.Remember(Packet(1), kAllowed);
  clock.Advance(std::chrono::nanoseconds(1));
  EXPECT_EQ(flows.Find(Packet(1)), std::nullopt);
}

TEST_F(AnsweredFlowsTest, ForgetsTheOldestWhenThereAreTooMany) {
  for (std::size_t i = 0; i <= AnsweredFlows::kMaxFlows; ++i) {
    flows.Remember(Packet(static_cast<Port>(i)), kAllowed);
  }
  EXPECT_EQ(flows.Find(Packet(0)), std::nullopt);
  EXPECT_EQ(flows.Find(Packet(1)), kAllowed);
}

}  // namespace
}  // namespace procwall
