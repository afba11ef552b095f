// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/event_follower.h"

#include <future>
#include <utility>

#include <gtest/gtest.h>

#include "base/wakeup.h"

namespace procwall {
namespace {

using std::chrono::milliseconds;

class EventFollowerTest : public testing::Test {
 protected:
  void AppendMany(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) log_.Append({});
  }
  static constexpr milliseconds kLong{600'000};

  const Wakeup wakeup_ = Wakeup::Create().value();
  EventLog log_{wakeup_};
};

TEST_F(EventFollowerTest, HandsOverWhatIsLeftBeforeItEnds) {
  std::uint64_t seen = 0;
  {
    const auto follower = EventFollower::Start(
        "test", log_, kLong,
        [&](const EventFollower::Batch& batch) { seen += batch.events.size(); });
    ASSERT_TRUE(follower);
    AppendMany(10);
  }
  EXPECT_EQ(seen, 10U);
}

TEST_F(EventFollowerTest, IsWokenWhenMuchHasCome) {
  std::promise<void> enough;
  std::uint64_t seen = 0;
  const auto follower =
      EventFollower::Start("test", log_, kLong, [&](const EventFollower::Batch& batch) {
        const bool had_enough = seen >= EventLog::kBatch;
        seen += batch.events.size();
        if (!had_enough && seen >= EventLog::kBatch) enough.set_value();
      });
  ASSERT_TRUE(follower);
  AppendMany(EventLog::kBatch);
  EXPECT_EQ(enough.get_future().wait_for(std::chrono::seconds(30)), std::future_status::ready);
}

TEST_F(EventFollowerTest, CountsWhatItWasTooSlowFor) {
  std::promise<void> begun;
  std::promise<void> go_on;
  auto may_go_on = go_on.get_future();
  std::uint64_t seen = 0;
  std::uint64_t missed = 0;
  bool is_first = true;
  {
    const auto follower =
        EventFollower::Start("test", log_, kLong, [&](const EventFollower::Batch& batch) {
          if (std::exchange(is_first, false)) {
            begun.set_value();
            may_go_on.wait();
          }
          seen += batch.events.size();
          missed += batch.missed;
        });
    ASSERT_TRUE(follower);
    begun.get_future().wait();
    AppendMany(EventLog::kCapacity + 7);  // nobody waits for it
    go_on.set_value();
  }
  EXPECT_EQ(seen, EventLog::kCapacity);
  EXPECT_EQ(missed, 7U);
}

}  // namespace
}  // namespace procwall
