// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/withheld_syns.h"

#include <memory>
#include <string>

#include <gtest/gtest.h>

namespace procwall {
namespace {

using std::chrono_literals::operator""s;

FlowKey FlowOfPort(Port port) {
  return {
      IpProtocol::kTcp, {IpAddress::V4({10, 0, 0, 2}), port}, {IpAddress::V4({192, 0, 2, 1}), 443}};
}

class WithheldSynsTest : public testing::Test {
 protected:
  void Note(Port port, std::uint32_t sequence, const std::string& program) {
    Attribution attribution;
    attribution.confidence = Confidence::kCertain;
    attribution.processes = {std::make_shared<const Process>(Process{.path = program})};
    syns.Note(FlowOfPort(port), sequence, attribution, now);
  }
  std::string Find(Port port, std::uint32_t sequence) {
    const Attribution* found = syns.Find(FlowOfPort(port), sequence, now);
    return found == nullptr ? "nobody" : found->processes.at(0)->path;
  }

  WithheldSyns syns;
  BootTime now{1000s};
};

TEST_F(WithheldSynsTest, KnowsWhoSentTheFirst) {
  Note(1, 77, "/bin/a");
  Note(2, 78, "/bin/b");
  EXPECT_EQ(Find(1, 77), "/bin/a");
  EXPECT_EQ(Find(2, 78), "/bin/b");
}

TEST_F(WithheldSynsTest, AnotherNumberIsAnotherConnection) {
  Note(1, 77, "/bin/a");
  EXPECT_EQ(Find(1, 78), "nobody");
  EXPECT_EQ(Find(2, 77), "nobody");
  Note(1, 78, "/bin/b");
  EXPECT_EQ(Find(1, 77), "nobody");
  EXPECT_EQ(Find(1, 78), "/bin/b");
}

TEST_F(WithheldSynsTest, EachOneMakesItRememberedForLonger) {
  Note(1, 77, "/bin/a");
  now += WithheldSyns::kPatience;
  EXPECT_EQ(Find(1, 77), "/bin/a");
  Note(1, 77, "/bin/a");
  now += WithheldSyns::kPatience;
  EXPECT_EQ(Find(1, 77), "/bin/a");
  now += 1s;
  EXPECT_EQ(Find(1, 77), "nobody");
  Note(2, 1, "/bin/b");
  EXPECT_EQ(syns.Size(), 1U);
}

TEST_F(WithheldSynsTest, TheOldestGiveWay) {
  for (std::size_t i = 0; i <= WithheldSyns::kMost; ++i) Note(static_cast<Port>(i), 77, "/bin/a");
  EXPECT_EQ(syns.Size(), WithheldSyns::kMost);
  EXPECT_EQ(Find(0, 77), "nobody");
  EXPECT_EQ(Find(1, 77), "/bin/a");
  EXPECT_EQ(Find(WithheldSyns::kMost, 77), "/bin/a");
}

TEST_F(WithheldSynsTest, OneThatComesAgainAndAgainTakesOnePlace) {
  for (std::size_t i = 0; i < 5 * WithheldSyns::kMost; ++i) {
    now += std::chrono::milliseconds(1);
    Note(1, 77, "/bin/a");
  }
  EXPECT_EQ(syns.Size(), 1U);
  EXPECT_EQ(Find(1, 77), "/bin/a");
}

}  // namespace
}  // namespace procwall
