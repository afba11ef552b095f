// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/witnessed_flows.h"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

#include "attribution/witness/flow_hash.h"

namespace procwall {
namespace {

witness::FlowName NameTo(std::uint16_t port) {
  witness::FlowName name{};
  name.netns_cookie = 1;
  name.local[15] = name.remote[15] = 7;
  name.local_port = 4000;
  name.remote_port = port;
  name.protocol = 17;
  return name;
}

struct FindFlowTest : testing::Test {
  witness::FlowSet& SetOf(const witness::FlowName& name) {
    return sets[witness::PlaceOf(&name, secret.words.data()).set];
  }
  // As the kernel's half would.
  witness::FlowSlot& Put(const witness::FlowName& name, std::size_t way, std::uint64_t cookie) {
    SetOf(name).tags[way] = witness::PlaceOf(&name, secret.words.data()).tag;
    witness::FlowSlot& slot = SetOf(name).slots[way];
    slot.name = name;
    slot.flow.cookie = cookie;
    slot.written = ++slot.writing;
    return slot;
  }
  std::uint64_t Found(const witness::FlowName& name) const {
    const auto flow = FindFlow(sets, secret, name);
    return flow ? flow->cookie : 0;
  }

  FlowSecret secret = FlowSecret::Draw();
  std::vector<witness::FlowSet> sets{witness::kFlowSets};
};

TEST_F(FindFlowTest, FindsItInWhicheverWayItIs) {
  EXPECT_EQ(Found(NameTo(53)), 0U);
  Put(NameTo(53), 0, 5);
  Put(NameTo(54), witness::kFlowWays - 1, 6);
  EXPECT_EQ(Found(NameTo(53)), 5U);
  EXPECT_EQ(Found(NameTo(54)), 6U);
  EXPECT_EQ(Found(NameTo(55)), 0U);
}

TEST_F(FindFlowTest, GoesByTheWholeNameNotByTheTag) {
  Put(NameTo(53), 1, 5).name = NameTo(54);
  EXPECT_EQ(Found(NameTo(53)), 0U);
  Put(NameTo(53), 2, 6);
  EXPECT_EQ(Found(NameTo(53)), 6U);
}

TEST_F(FindFlowTest, TakesNothingThatIsHalfWritten) {
  witness::FlowSlot& slot = Put(NameTo(53), 3, 5);
  ++slot.writing;
  EXPECT_EQ(Found(NameTo(53)), 0U);
  slot.written = slot.writing;
  EXPECT_EQ(Found(NameTo(53)), 5U);
}

TEST_F(FindFlowTest, KnowsNothingWithoutATable) {
  EXPECT_FALSE(FindFlow({}, secret, NameTo(53)));
  EXPECT_FALSE(FindFlow(std::span(sets).first(1), secret, NameTo(53)));
}

TEST(FlowSecret, IsAnotherOneEachTimeAndItsMultiplierIsOdd) {
  const FlowSecret one = FlowSecret::Draw();
  const FlowSecret other = FlowSecret::Draw();
  EXPECT_NE(one.words, other.words);
  EXPECT_EQ(one.words[1] & 1U, 1U);
}

// Of 16 a set on the average; 60 have a probability of 10^-16.
TEST(PlaceOf, SpreadsAScanOfPortsOverTheSets) {
  const FlowSecret secret = FlowSecret::Draw();
  std::vector<int> loads(witness::kFlowSets);
  for (std::uint32_t port = 0; port < witness::kMaxFlows; ++port) {
    const witness::FlowName name = NameTo(static_cast<std::uint16_t>(port));
    ++loads[witness::PlaceOf(&name, secret.words.data()).set];
  }
  EXPECT_LT(*std::ranges::max_element(loads), 60);
}

TEST(MappedFlows, SaysWhyItCannotBeMapped) {
  const auto mapped = MappedFlows::Open(-1);
  ASSERT_FALSE(mapped);
  EXPECT_EQ(mapped.error().sys_errno, EBADF);
  EXPECT_TRUE(MappedFlows().Sets().empty());
}

}  // namespace
}  // namespace procwall
