// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <poll.h>

#include <atomic>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "base/wakeup.h"

namespace procwall {

// What holds of all that watch a log: Kind has the types Log, Watchers and Reactor.
// What a watcher writes is tested over a real connection, in api_service_test.cc; here gRPC has not
// bound the calls yet, and the test says when they are done.
template <typename Kind>
class WatchersTest : public testing::Test {
 protected:
  using Watchers = typename Kind::Watchers;
  using Reactor = typename Kind::Reactor;

  ~WatchersTest() override {
    for (Reactor* reactor : reactors_) reactor->OnDone();  // deletes itself
  }

  Reactor* Watch() {
    reactors_.push_back(new Reactor(log, watchers, 0));
    return reactors_.back();
  }
  void Finish(Reactor* reactor) {
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
  std::vector<Reactor*> reactors_;

 protected:
  typename Kind::Log log{wakeup_};
  Watchers watchers{log};
};

TYPED_TEST_SUITE_P(WatchersTest);

TYPED_TEST_P(WatchersTest, AreCountedUntilTheyAreDone) {
  auto* const first = this->Watch();
  this->Watch();
  EXPECT_EQ(this->watchers.Size(), 2U);
  this->Finish(first);
  EXPECT_EQ(this->watchers.Size(), 1U);
}

TYPED_TEST_P(WatchersTest, AreWokenWhileThereIsOne) {
  EXPECT_FALSE(this->AnAppendWakes());
  auto* const watching = this->Watch();
  EXPECT_TRUE(this->AnAppendWakes());
  this->Finish(watching);
  EXPECT_FALSE(this->AnAppendWakes());
}

TYPED_TEST_P(WatchersTest, AreNotMoreThanTheirLimit) {
  for (std::size_t i = 0; i < TestFixture::Watchers::kMaxWatchers; ++i) this->Watch();
  this->Watch();
  EXPECT_EQ(this->watchers.Size(), TestFixture::Watchers::kMaxWatchers);
}

TYPED_TEST_P(WatchersTest, AreRefusedAfterTheEnd) {
  this->watchers.Close();
  this->Watch();
  EXPECT_EQ(this->watchers.Size(), 0U);
}

TYPED_TEST_P(WatchersTest, EndOnlyOnce) {
  auto* const watching = this->Watch();
  watching->OnCancel();
  watching->OnWriteDone(false);
  this->watchers.Close();
  this->watchers.Nudge();
  EXPECT_EQ(this->watchers.Size(), 1U);  // until gRPC is done with it
}

// The part of gRPC is played by threads that never wait for each other.
TYPED_TEST_P(WatchersTest, ComeWriteAndGoWhileOthersAppendAndNudge) {
  std::atomic<bool> over{false};
  std::thread appender([&] {
    while (!over.load()) this->log.Append({});
  });
  std::thread nudger([&] {
    while (!over.load()) this->watchers.Nudge();
  });
  const auto come_write_and_go = [&] {
    for (int round = 0; round < 200; ++round) {
      auto* const reactor = new typename TestFixture::Reactor(this->log, this->watchers, 5);
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
  EXPECT_EQ(this->watchers.Size(), 0U);
}

REGISTER_TYPED_TEST_SUITE_P(WatchersTest, AreCountedUntilTheyAreDone, AreWokenWhileThereIsOne,
                            AreNotMoreThanTheirLimit, AreRefusedAfterTheEnd, EndOnlyOnce,
                            ComeWriteAndGoWhileOthersAppendAndNudge);

}  // namespace procwall
