// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/tls_watch.h"

#include <gtest/gtest.h>

#include "tests/support/quic_initial_builder.h"

namespace procwall {
namespace {

using Sight = TlsWatch::Sight;
using std::chrono_literals::operator""s;

FlowKey FlowFrom(Port port) {
  return {
      IpProtocol::kTcp, {IpAddress::V4({10, 0, 0, 2}), port}, {IpAddress::V4({192, 0, 2, 1}), 443}};
}

class TlsWatchTest : public testing::Test {
 protected:
  void Expect(Port port) {
    OpenedFlow opened;
    opened.judged.action = RuleAction::kAllow;
    watch.Expect(FlowFrom(port), std::move(opened), now);
  }
  Sight See(Port port, Bytes data) { return watch.See(FlowFrom(port), data, now).sight; }

  const std::vector<std::byte> hello = TlsRecords(TlsHello("a.example"));
  const Bytes whole = hello;
  TlsWatch watch;
  BootTime now{100s};
};

TEST_F(TlsWatchTest, TellsTheNameAndWhatWasDecided) {
  Expect(1);
  const TlsWatch::Seen seen = watch.See(FlowFrom(1), hello, now);
  EXPECT_EQ(seen.sight, Sight::kName);
  EXPECT_EQ(seen.name, "a.example");
  ASSERT_TRUE(seen.opened);
  EXPECT_EQ(seen.opened->judged.action, RuleAction::kAllow);
}

TEST_F(TlsWatchTest, KnowsNothingOfOtherFlows) {
  Expect(1);
  EXPECT_EQ(See(2, hello), Sight::kUnexpected);
}

TEST_F(TlsWatchTest, ExpectsNothingMoreOfWhatIsNotTls) {
  Expect(1);
  const auto http = ByteWriter().Put("GET / HTTP/1.1").Take();
  EXPECT_EQ(See(1, http), Sight::kNoName);
  EXPECT_EQ(See(1, hello), Sight::kNoName);  // it was on its way up
}

TEST_F(TlsWatchTest, ExpectsNothingMoreOfAHelloThatNamesNobody) {
  Expect(1);
  EXPECT_EQ(See(1, TlsRecords(TlsHello(""))), Sight::kNoName);
  EXPECT_EQ(See(1, hello), Sight::kNoName);
}

TEST_F(TlsWatchTest, TheSameEndsAgainAreAnotherConnection) {
  Expect(1);
  watch.Dismiss(FlowFrom(1));
  Expect(1);
  EXPECT_EQ(See(1, hello), Sight::kName);
}

TEST_F(TlsWatchTest, PutsAHelloTogether) {
  for (std::size_t cut = 1; cut < whole.size(); ++cut) {
    Expect(1);
    const Sight first = See(1, whole.first(cut));
    if (first == Sight::kName) continue;  // the name was in the first part
    EXPECT_EQ(first, Sight::kMore) << cut;
    EXPECT_EQ(See(1, whole.subspan(cut)), Sight::kName) << cut;
  }
}

TEST_F(TlsWatchTest, KeepsNoEndlessHello) {
  Expect(1);
  // A record that announces a handshake message of 16 MB.
  const auto start = ByteWriter()
                         .Put(std::uint8_t{22})
                         .Put(std::uint16_t{0x0301})
                         .Put(std::uint16_t{16384})
                         .Put(std::uint32_t{0x01ffffff})
                         .Put(std::uint16_t{0x0303})
                         .Take();
  EXPECT_EQ(See(1, start), Sight::kMore);
  const std::vector<std::byte> more(1000, std::byte{0});
  std::size_t parts = 0;
  while (See(1, more) == Sight::kMore) ASSERT_LT(++parts, 10U);
  EXPECT_EQ(See(1, hello), Sight::kNoName);
}

TEST_F(TlsWatchTest, WithholdsWhatFollowsUntilTheHelloIsLetThrough) {
  Expect(1);
  EXPECT_EQ(See(1, hello), Sight::kName);
  EXPECT_EQ(See(1, ByteWriter().Put("more").Take()), Sight::kWithheld);
  EXPECT_EQ(See(1, hello), Sight::kName);  // it is sent again
  watch.Dismiss(FlowFrom(1));
  EXPECT_EQ(See(1, hello), Sight::kNoName);
}

TEST_F(TlsWatchTest, ExpectsNothingForEver) {
  Expect(1);
  now += TlsWatch::kPatience + 1s;
  EXPECT_EQ(See(1, hello), Sight::kUnexpected);
  EXPECT_EQ(watch.Size(), 0U);
}

TEST_F(TlsWatchTest, OfTooManyTheLongestKnownAreForgotten) {
  for (std::size_t port = 1; port <= TlsWatch::kMostFlows + 1; ++port) {
    Expect(static_cast<Port>(port));
  }
  EXPECT_EQ(watch.Size(), TlsWatch::kMostFlows);
  EXPECT_EQ(See(1, hello), Sight::kUnexpected);
  EXPECT_EQ(See(2, hello), Sight::kName);
}

TEST_F(TlsWatchTest, AnEarlierConnectionOfTheSameEndsDoesNotEndThisOne) {
  Expect(1);
  now += TlsWatch::kPatience;
  Expect(1);
  now += 1s;
  EXPECT_EQ(See(1, hello), Sight::kName);
}

TEST_F(TlsWatchTest, TheSameEndsAgainAndAgainTakeNoRoom) {
  for (std::size_t i = 0; i < 10 * TlsWatch::kMostFlows; ++i) {
    Expect(1);
    now += std::chrono::nanoseconds(1);
  }
  EXPECT_EQ(See(1, hello), Sight::kName);
}

}  // namespace
}  // namespace procwall
