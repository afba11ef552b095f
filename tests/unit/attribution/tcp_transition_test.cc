// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/tcp_transition.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/errc_of.h"
#include "tests/support/trace_record.h"

namespace procwall {
namespace {

using What = TcpTransition::What;

constexpr TcpTransitionLayout kLayout{.id = 7,
                                      .socket = 8,
                                      .old_state = 16,
                                      .new_state = 20,
                                      .local_port = 24,
                                      .remote_port = 26,
                                      .local_address = 28,
                                      .remote_address = 44};
constexpr Pid kOne = 100;
constexpr Pid kOther = 200;
constexpr BootTime kBegin{std::chrono::hours(1)};
const Endpoint kLocal{IpAddress::V6({0x20, 1}), 4000};
const Endpoint kServer{IpAddress::V6({0x20, 2}), 443};

std::string Record(std::int32_t from, std::int32_t to) {
  return RecordHeadText(0) + RawBytes(std::uint64_t{0xabc}) + RawBytes(from) + RawBytes(to) +
         RawBytes(std::uint16_t{4000}) + RawBytes(std::uint16_t{443}) + std::string("\x20\x01") +
         std::string(14, '\0') + std::string("\x20\x02") + std::string(14, '\0');
}

TcpTransition Parsed(std::int32_t from, std::int32_t to) {
  const std::string record = Record(from, to);
  return ParseTcpTransition(AsBytes(record), kLayout).value();
}

TEST(ParseTcpTransition, ReadsWhoseSocketAndWhatItDoes) {
  const TcpTransition begins = Parsed(7, 2);
  EXPECT_EQ(begins.what, What::kBegins);
  EXPECT_EQ(begins.socket, 0xabcU);
  EXPECT_EQ(begins.local.ToString(), "[2001::]:4000");
  EXPECT_EQ(begins.remote.ToString(), "[2002::]:443");
  EXPECT_EQ(Parsed(2, 7).what, What::kGivesUp);
  EXPECT_EQ(Parsed(2, 1).what, What::kOther);
  EXPECT_EQ(Parsed(4, 7).what, What::kOther);
}

TEST(ParseTcpTransition, RefusesWhatEndsEarly) {
  const std::string record = Record(7, 2);
  for (std::size_t size = 0; size < record.size(); ++size) {
    EXPECT_EQ(ErrcOf(ParseTcpTransition(AsBytes(record).first(size), kLayout)), Errc::kTruncated)
        << size;
  }
}

TEST(TcpTransitionLayout, WantsAllFieldsInTheirSizes) {
  TracepointFormat format{.id = 9,
                          .fields = {{"skaddr", {8, 8}},
                                     {"oldstate", {16, 4}},
                                     {"newstate", {20, 4}},
                                     {"sport", {24, 2}},
                                     {"dport", {26, 2}},
                                     {"family", {28, 2}},
                                     {"protocol", {30, 2}},
                                     {"saddr_v6", {40, 16}},
                                     {"daddr_v6", {56, 16}}}};
  const auto layout = TcpTransitionLayoutOf(format);
  ASSERT_TRUE(layout);
  EXPECT_EQ(layout->id, 9U);
  EXPECT_EQ(layout->local_address, 40U);
  EXPECT_EQ(layout->remote_address, 56U);
  for (const auto& [name, field] : format.fields) {
    TracepointFormat without = format;
    without.fields.erase(name);
    EXPECT_EQ(ErrcOf(TcpTransitionLayoutOf(without)), Errc::kUnsupported) << name;
  }
}

TracedTransition Traced(What what, Pid pid, int microseconds, std::uint64_t socket = 1) {
  TracedTransition traced;
  traced.transition = {what, socket, what == What::kBegins ? Endpoint{} : kLocal, kServer};
  traced.pid = pid;
  traced.when = kBegin + std::chrono::microseconds(microseconds);
  return traced;
}

BootTime At(int microseconds) { return kBegin + std::chrono::microseconds(microseconds); }

std::optional<std::vector<GivenUpConnect>> GivenUp(const std::vector<TracedTransition>& told) {
  Connection connection;
  connection.protocol = IpProtocol::kTcp;
  connection.local = kLocal;
  connection.remote = kServer;
  return GivenUpConnectsOf(told, connection);
}

TEST(GivenUpConnects, AreWhoseBeganThemWhoeverClosedThem) {
  const auto given_up =
      GivenUp({Traced(What::kGivesUp, kOther, 5), Traced(What::kBegins, kOne, 1)});
  ASSERT_TRUE(given_up);
  EXPECT_EQ(*given_up, std::vector({GivenUpConnect{.pid = kOne, .began = At(1), .ended = At(5)}}));
}

TEST(GivenUpConnects, OfASocketWhoseAddressWasGivenAgainTheLastBeginCounts) {
  const auto given_up =
      GivenUp({Traced(What::kBegins, kOther, 1), Traced(What::kBegins, kOne, 3),
               Traced(What::kGivesUp, kOne, 4), Traced(What::kBegins, kOther, 6)});
  ASSERT_TRUE(given_up);
  EXPECT_EQ(*given_up, std::vector({GivenUpConnect{.pid = kOne, .began = At(3), .ended = At(4)}}));
}

TEST(GivenUpConnects, TwoSocketsOfOneFlowAreTwo) {
  const auto given_up =
      GivenUp({Traced(What::kBegins, kOne, 1), Traced(What::kGivesUp, kOne, 2),
               Traced(What::kBegins, kOther, 3, 2), Traced(What::kGivesUp, kOther, 4, 2)});
  ASSERT_TRUE(given_up);
  EXPECT_EQ(given_up->size(), 2U);
}

TEST(GivenUpConnects, OtherFlowsAreNotTold) {
  TracedTransition other = Traced(What::kGivesUp, kOne, 2);
  other.transition.local.port += 1;
  TracedTransition elsewhere = Traced(What::kGivesUp, kOne, 2);
  elsewhere.transition.remote.port += 1;
  TracedTransition established = Traced(What::kOther, kOne, 2);
  const auto given_up = GivenUp({Traced(What::kBegins, kOne, 1), other, elsewhere, established});
  ASSERT_TRUE(given_up);
  EXPECT_TRUE(given_up->empty());
}

TEST(GivenUpConnects, WithoutItsBeginOneSaysNothing) {
  EXPECT_EQ(GivenUp({Traced(What::kGivesUp, kOne, 2)}), std::nullopt);
  EXPECT_EQ(GivenUp({Traced(What::kBegins, kOne, 1, 2), Traced(What::kGivesUp, kOne, 2)}),
            std::nullopt);
  TracedTransition interrupted = Traced(What::kBegins, kOne, 1);
  interrupted.is_interrupt = true;
  EXPECT_EQ(GivenUp({interrupted, Traced(What::kGivesUp, kOne, 2)}), std::nullopt);
}

}  // namespace
}  // namespace procwall
