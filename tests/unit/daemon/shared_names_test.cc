// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/shared_names.h"

#include <poll.h>

#include <chrono>
#include <vector>

#include <gtest/gtest.h>

#include "base/wakeup.h"
#include "tests/support/fake_clock.h"

namespace procwall {
namespace {

IpAddress Address(std::uint32_t number) {
  return IpAddress::V4(
      {10, 0, static_cast<std::uint8_t>(number >> 8), static_cast<std::uint8_t>(number)});
}

class SharedNamesTest : public testing::Test {
 protected:
  void Learn(std::uint32_t first, std::uint32_t count = 1) {
    for (std::uint32_t i = 0; i < count; ++i) {
      DnsMessage answer;
      answer.addresses.push_back({"a.example", Address(first + i), std::chrono::seconds(60)});
      names.Learn(answer);
    }
  }
  static bool IsWoken(const Wakeup& wakeup) {
    pollfd fd{wakeup.UnsafeFd(), POLLIN, 0};
    return ::poll(&fd, 1, 0) == 1;
  }

  FakeClock clock;
  std::vector<Wakeup> wakeups = [] {
    std::vector<Wakeup> two;
    for (int i = 0; i < 2; ++i) two.push_back(Wakeup::Create().value());
    return two;
  }();
  SharedNames names{clock, Lanes(wakeups)};
};

TEST_F(SharedNamesTest, TellEveryLaneOfNews) {
  EXPECT_FALSE(names.HasNews(0));
  Learn(1);
  EXPECT_TRUE(IsWoken(wakeups[0]));
  EXPECT_TRUE(IsWoken(wakeups[1]));
  EXPECT_TRUE(names.HasNews(0));
  const SharedNames::News news = names.NewsSince(0);
  EXPECT_TRUE(news.MayBeAbout(Address(1)));
  EXPECT_FALSE(news.MayBeAbout(Address(2)));
  EXPECT_FALSE(names.HasNews(news.position));
}

TEST_F(SharedNamesTest, TellOnlyWhatIsNew) {
  Learn(1);
  const std::uint64_t position = names.NewsSince(0).position;
  Learn(2);
  const SharedNames::News news = names.NewsSince(position);
  EXPECT_EQ(news.addresses, std::vector<IpAddress>{Address(2)});
  EXPECT_FALSE(news.too_many);
}

TEST_F(SharedNamesTest, OfTooManyAnyAddressMayBeMeant) {
  Learn(1, SharedNames::kMostNews + 1);
  const SharedNames::News news = names.NewsSince(0);
  EXPECT_TRUE(news.too_many);
  EXPECT_EQ(news.addresses.size(), SharedNames::kMostNews);
  EXPECT_TRUE(news.MayBeAbout(Address(60'000)));
}

TEST_F(SharedNamesTest, OneLaneNeedsNoWaking) {
  SharedNames alone(clock, Lanes(wakeups[0]));
  DnsMessage answer;
  answer.addresses.push_back({"a.example", Address(1), std::chrono::seconds(60)});
  alone.Learn(answer);
  EXPECT_FALSE(IsWoken(wakeups[0]));
}

}  // namespace
}  // namespace procwall
