// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "base/worker.h"

#include <array>
#include <cstddef>
#include <deque>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace procwall {
namespace {

// A worker whose first batch stays in hand until the test lets it go.
class WorkerTest : public testing::Test {
 protected:
  static constexpr std::size_t kLimit = 3;

  void Start() {
    worker_ = std::make_unique<Worker<int>>("a-worker", kLimit, Wakeup::Create().value(),
                                            [this](std::deque<int> tasks) { Handle(tasks); });
  }
  void Handle(const std::deque<int>& tasks) {
    batches_.emplace_back(tasks.begin(), tasks.end());
    if (batches_.size() == 1) {
      first_begun_.set_value();
      may_end_.get_future().wait();
    }
    for (const int task : tasks) {
      if (task == kLast) last_done_.set_value();
    }
  }

  static constexpr int kLast = 99;
  std::vector<std::vector<int>> batches_;  // the worker's, until it is gone
  std::promise<void> first_begun_;
  std::promise<void> may_end_;
  std::promise<void> last_done_;
  std::unique_ptr<Worker<int>> worker_;
};

TEST_F(WorkerTest, TakesEverythingThatWaitsAtOnceAndInOrder) {
  Start();
  EXPECT_TRUE(worker_->TryAsk(1));
  first_begun_.get_future().wait();
  EXPECT_TRUE(worker_->TryAsk(2));
  EXPECT_TRUE(worker_->TryAsk(3));
  EXPECT_TRUE(worker_->TryAsk(int{kLast}));
  may_end_.set_value();
  last_done_.get_future().wait();
  worker_.reset();
  EXPECT_THAT(batches_, testing::ElementsAre(std::vector{1}, std::vector{2, 3, kLast}));
}

TEST_F(WorkerTest, RefusesMoreThanItsLimit) {
  Start();
  EXPECT_TRUE(worker_->TryAsk(0));
  first_begun_.get_future().wait();
  for (std::size_t i = 0; i < kLimit; ++i) EXPECT_TRUE(worker_->TryAsk(1));
  EXPECT_FALSE(worker_->TryAsk(1));
  may_end_.set_value();
}

TEST_F(WorkerTest, LetsTheRunningBatchEndBeforeItDies) {
  Start();
  EXPECT_TRUE(worker_->TryAsk(1));
  first_begun_.get_future().wait();
  EXPECT_TRUE(worker_->TryAsk(2));
  std::promise<void> ending;
  std::thread end([&] {
    ending.set_value();
    worker_.reset();
  });
  ending.get_future().wait();
  may_end_.set_value();
  end.join();
  EXPECT_EQ(batches_.front(), std::vector{1});
}

TEST(Worker, EndsWithoutEverHavingWorked) {
  const Worker<int> worker("idle", 1, Wakeup::Create().value(), [](const std::deque<int>&) {});
}

TEST(Worker, CarriesItsNameForTheDebugger) {
  std::promise<std::string> named;
  Worker<int> worker("a-worker", 1, Wakeup::Create().value(), [&named](const std::deque<int>&) {
    std::array<char, 16> name{};
    ::pthread_getname_np(::pthread_self(), name.data(), name.size());
    named.set_value(name.data());
  });
  ASSERT_TRUE(worker.TryAsk(1));
  EXPECT_EQ(named.get_future().get(), "a-worker");
}

TEST(Worker, ARefusedTaskIsStillTheCallers) {
  std::promise<void> may_end;
  std::promise<void> begun;
  bool first = true;
  Worker<std::unique_ptr<int>> worker("a-worker", 1, Wakeup::Create().value(),
                                      [&](const std::deque<std::unique_ptr<int>>&) {
                                        if (!std::exchange(first, false)) return;
                                        begun.set_value();
                                        may_end.get_future().wait();
                                      });
  ASSERT_TRUE(worker.TryAsk(std::make_unique<int>(1)));
  begun.get_future().wait();
  ASSERT_TRUE(worker.TryAsk(std::make_unique<int>(2)));
  auto refused = std::make_unique<int>(3);
  EXPECT_FALSE(worker.TryAsk(std::move(refused)));
  EXPECT_TRUE(refused);  // NOLINT(bugprone-use-after-move): the claim
  may_end.set_value();
}

}  // namespace
}  // namespace procwall
