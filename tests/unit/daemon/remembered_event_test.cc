// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/remembered_event.h"

#include <gtest/gtest.h>

#include "base/wakeup.h"

namespace procwall {
namespace {

class RememberedEventTest : public testing::Test {
 protected:
  void Append(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) events.Append({});
  }
  // The number of what is found; 0: nothing.
  std::uint64_t Find(std::uint64_t sequence) const {
    const auto found = RememberedEvent(events, sequence);
    return found ? (*found)->sequence : 0;
  }
  std::string WhyNot(std::uint64_t sequence) const {
    const auto found = RememberedEvent(events, sequence);
    return found ? "" : found.error().what;
  }

  const Wakeup wakeup = Wakeup::Create().value();
  EventLog events{wakeup};
};

TEST_F(RememberedEventTest, IsFoundByItsNumberOrAsTheLast) {
  Append(3);
  EXPECT_EQ(Find(2), 2U);
  EXPECT_EQ(Find(0), 3U);
}

TEST_F(RememberedEventTest, IsNotFoundBeforeTheFirst) {
  EXPECT_EQ(WhyNot(0), "nothing has been decided yet");
}

TEST_F(RememberedEventTest, IsNotFoundYetOrAnyMore) {
  Append(EventLog::kCapacity + 5);
  EXPECT_EQ(WhyNot(10'000), "there is no decision 10000 yet: the last one is 4101");
  EXPECT_EQ(WhyNot(2), "decision 2 is forgotten: the daemon remembers the last 4096");
}

}  // namespace
}  // namespace procwall
