// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/event_watchers.h"

#include <poll.h>

#include <atomic>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "base/wakeup.h"

namespace procwall {
namespace {

// What a watcher writes is tested over a real connection, in api_service_test.cc; here gRPC has not
// bound the calls yet, and the test says when they are done.
class EventWatchersTest : public testing::Test {
 protected:
  ~EventWatchersTest() override {
    for (EventReactor* reactor : reactors_) reactor->OnDone();  // deletes itself
  }

  EventReactor* Watch() {
    reactors_.push_back(new EventReactor(log, watchers, 0));
    return reactors_.back();
  }
  void Finish(EventReactor* reactor) {
    std::erase(reactors_, reactor);
    reactor->OnDone();
  }
  bool AnAppendWakes() {
    wakeup_.Clear();
    log.Append({});
    pollfd waiting{wakeup_.UnsafeFd(), POLLIN, 0};
    return ::poll(&waiting, 1, 0) == 1;
  }

 private:
  const Wakeup wakeup_ = Wakeup::Create().value();
  std::vector<EventReactor*> reactors_;

 protected:
  EventLog log{wakeup_};
  EventWatchers watchers{log};
};

TEST_F(EventWatchersTest, AreCountedUntilTheyAreDone) {
  EventReactor* const first = Watch();
  Watch();
  EXPECT_EQ(watchers.Size(), 2U);
  Finish(first);
  EXPECT_EQ(watchers.Size(), 1U);
}

TEST_F(EventWatchersTest, AreWokenWhileThereIsOne) {
  EXPECT_FALSE(AnAppendWakes());
  EventReactor* const watching = Watch();
  EXPECT_TRUE(AnAppendWakes());
  Finish(watching);
  EXPECT_FALSE(AnAppendWakes());
}

TEST_F(EventWatchersTest, AreNotMoreThanTheirLimit) {
  for (std::size_t i = 0; i < EventWatchers::kMaxWatchers; ++i) Watch();
  Watch();
  EXPECT_EQ(watchers.Size(), EventWatchers::kMaxWatchers);
}

TEST_F(EventWatchersTest, AreRefusedAfterTheEnd) {
  watchers.Close();
  Watch();
  EXPECT_EQ(watchers.Size(), 0U);
}

TEST_F(EventWatchersTest, EndOnlyOnce) {
  EventReactor* const watching = Watch();
  watching->OnCancel();
  watching->OnWriteDone(false);
  watchers.Close();
  watchers.Nudge();
  EXPECT_EQ(watchers.Size(), 1U);  // until gRPC is done with it
}

// The part of gRPC is played by threads that never wait for each other.
TEST_F(EventWatchersTest, ComeWriteAndGoWhileOthersAppendAndNudge) {
  std::atomic<bool> over{false};
  std::thread appender([&] {
    while (!over.load()) log.Append({});
  });
  std::thread nudger([&] {
    while (!over.load()) watchers.Nudge();
  });
  const auto come_write_and_go = [&] {
    for (int round = 0; round < 200; ++round) {
      auto* const reactor = new EventReactor(log, watchers, 5);
      for (int i = 0; i < 10; ++i) reactor->OnWriteDone(true);
      reactor->OnCancel();
      reactor->OnDone();
    }
  };
  std::thread first(come_write_and_go);
  std::thread second(come_write_and_go);
  first.join();
  second.join();
  over.store(true);
  appender.join();
  nudger.join();
  EXPECT_EQ(watchers.Size(), 0U);
}

}  // namespace
}  // namespace procwall
