// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/queue_losses.h"

#include <chrono>
#include <memory>
#include <sstream>
#include <string>

#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include "tests/support/fake_clock.h"

namespace procwall {
namespace {

class QueueLossesTest : public testing::Test {
 protected:
  QueueLossesTest() {
    auto logger = std::make_shared<spdlog::logger>(
        "test", std::make_shared<spdlog::sinks::ostream_sink_mt>(log_));
    logger->set_pattern("%v");
    spdlog::set_default_logger(std::move(logger));
  }
  ~QueueLossesTest() override { spdlog::set_default_logger(before_); }

  // How many lines the kernel's counts were worth.
  std::size_t LinesAbout(std::uint64_t queue_full, std::uint64_t buffer_full) {
    log_.str("");
    losses.Take({.queue_dropped = queue_full, .user_dropped = buffer_full});
    const std::string text = log_.str();
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  }

  FakeClock clock;
  Counters counters;
  QueueLosses losses{/*first_number=*/65535, /*queues=*/1, counters, clock};

 private:
  std::ostringstream log_;
  std::shared_ptr<spdlog::logger> before_ = spdlog::default_logger();
};

TEST_F(QueueLossesTest, CountsWhatTheKernelCounted) {
  losses.Take({.queue_dropped = 3, .user_dropped = 4});
  EXPECT_EQ(counters.lost_queue_full.Get(), 3U);
  EXPECT_EQ(counters.lost_buffer_full.Get(), 4U);
}

TEST_F(QueueLossesTest, LogsNothingWhileNothingIsLost) { EXPECT_EQ(LinesAbout(0, 0), 0U); }

TEST_F(QueueLossesTest, LogsTheFirstLossAtOnceAndLaterOnesOnceInAWhile) {
  EXPECT_EQ(LinesAbout(1, 0), 1U);
  EXPECT_EQ(LinesAbout(2, 0), 0U);
  clock.Advance(QueueLosses::kLogInterval);
  EXPECT_EQ(LinesAbout(2, 0), 1U);
  clock.Advance(QueueLosses::kLogInterval);
  EXPECT_EQ(LinesAbout(2, 0), 0U);  // nothing new
}

TEST_F(QueueLossesTest, AQueueThatIsNotThereChangesNothing) {
  losses.Take({.queue_dropped = 3, .user_dropped = 4});
  losses.Update();
  EXPECT_EQ(counters.lost_queue_full.Get(), 3U);
}

}  // namespace
}  // namespace procwall
