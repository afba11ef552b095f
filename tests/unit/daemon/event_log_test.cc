// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/event_log.h"

#include <poll.h>

#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "base/wakeup.h"

namespace procwall {
namespace {

class EventLogTest : public testing::Test {
 protected:
  void AppendMany(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) log_.Append({});
  }
  bool IsWoken() const {
    pollfd waiting{wakeup_.UnsafeFd(), POLLIN, 0};
    return ::poll(&waiting, 1, 0) == 1;
  }

  const Wakeup wakeup_ = Wakeup::Create().value();
  EventLog log_{wakeup_};
};

TEST_F(EventLogTest, NumbersEventsFromOneWithoutGaps) {
  AppendMany(3);
  std::uint64_t position = 1;
  for (std::uint64_t expected = 1; expected <= 3; ++expected) {
    const EventLog::Read read = log_.Next(position);
    ASSERT_TRUE(read.event);
    EXPECT_EQ(read.event->sequence, expected);
    EXPECT_EQ(read.missed, 0U);
  }
  EXPECT_FALSE(log_.Next(position).event);
}

TEST_F(EventLogTest, TellsASlowReaderWhatItLost) {
  std::uint64_t position = 1;
  AppendMany(EventLog::kCapacity + 10);
  const EventLog::Read read = log_.Next(position);
  EXPECT_EQ(read.missed, 10U);
  EXPECT_EQ(read.event->sequence, 11U);
}

TEST_F(EventLogTest, ALateReaderStartsWithTheMostRecent) {
  AppendMany(10);
  std::uint64_t position = log_.PositionOfRecent(4);
  EXPECT_EQ(log_.Next(position).event->sequence, 7U);
  EXPECT_EQ(log_.PositionOfRecent(0), 11U);
  EXPECT_EQ(log_.PositionOfRecent(1000), 1U);
}

TEST_F(EventLogTest, WakesOnlyWhenSomebodyListens) {
  AppendMany(1);
  EXPECT_FALSE(IsWoken());
  log_.SetListening(true);
  AppendMany(1);
  EXPECT_TRUE(IsWoken());
}

TEST_F(EventLogTest, WakesWhoeverWritesWhenSomebodyBeginsToListen) {
  const auto writer = std::make_shared<const Wakeup>(Wakeup::Create().value());
  log_.WakeOnListening(writer);
  const auto take_wake = [&] {
    pollfd waiting{writer->UnsafeFd(), POLLIN, 0};
    const bool is_woken = ::poll(&waiting, 1, 0) == 1;
    writer->Clear();
    return is_woken;
  };
  log_.SetListening(false);
  EXPECT_FALSE(take_wake());
  log_.SetListening(true);
  EXPECT_TRUE(take_wake());
  log_.SetListening(true);  // another one
  EXPECT_FALSE(take_wake());
}

TEST_F(EventLogTest, WakesNobodyWhoseWriterHasGone) {
  log_.WakeOnListening(std::make_shared<const Wakeup>(Wakeup::Create().value()));
  log_.SetListening(true);
  EXPECT_TRUE(log_.IsListening());
}

TEST_F(EventLogTest, WakesOnceUntilSomebodyReads) {
  log_.SetListening(true);
  AppendMany(1);
  EXPECT_TRUE(IsWoken());
  wakeup_.Clear();
  AppendMany(5);
  EXPECT_FALSE(IsWoken());
  log_.Rearm();
  AppendMany(1);
  EXPECT_TRUE(IsWoken());
}

TEST_F(EventLogTest, WakesThoseThatLookNowAndThenWhenMuchHasCome) {
  const auto reader = std::make_shared<const Wakeup>(Wakeup::Create().value());
  log_.AlsoWake(reader);
  log_.AlsoWake(std::make_shared<const Wakeup>(Wakeup::Create().value()));  // gone at once
  const auto is_woken = [&] {
    pollfd waiting{reader->UnsafeFd(), POLLIN, 0};
    return ::poll(&waiting, 1, 0) == 1;
  };
  AppendMany(EventLog::kBatch - 1);
  EXPECT_FALSE(is_woken());
  AppendMany(1);
  EXPECT_TRUE(is_woken());
}

TEST_F(EventLogTest, ReadersAndTheWriterDoNotDisturbEachOther) {
  constexpr std::uint64_t kEvents = 20000;
  std::thread writer([this] { AppendMany(kEvents); });
  std::uint64_t seen = 0;
  for (std::uint64_t position = 1; position <= kEvents;) {
    const EventLog::Read read = log_.Next(position);
    seen += read.missed + (read.event ? 1 : 0);
  }
  writer.join();
  EXPECT_EQ(seen, kEvents);
}

TEST_F(EventLogTest, WhatSeveralWriteIsReadInOrderAndAccountedFor) {
  constexpr std::uint64_t kEach = 10000;
  constexpr std::uint64_t kWriters = 3;
  std::vector<std::thread> writers;
  for (std::uint64_t i = 0; i < kWriters; ++i) {
    writers.emplace_back([this] { AppendMany(kEach); });
  }
  const auto read_all = [this] {
    std::uint64_t seen = 0;
    for (std::uint64_t position = 1; position <= kWriters * kEach;) {
      const EventLog::Read read = log_.Next(position);
      seen += read.missed + (read.event ? 1 : 0);
      if (read.event && read.event->sequence + 1 != position) return std::uint64_t{0};
    }
    return seen;
  };
  std::uint64_t seen_by_other = 0;
  std::thread other([&] { seen_by_other = read_all(); });
  EXPECT_EQ(read_all(), kWriters * kEach);
  other.join();
  for (std::thread& writer : writers) writer.join();
  EXPECT_EQ(seen_by_other, kWriters * kEach);
}

}  // namespace
}  // namespace procwall
