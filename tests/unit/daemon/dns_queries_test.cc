// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/dns_queries.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"

namespace procwall {
namespace {

using namespace std::chrono_literals;

FlowKey FlowOfQuery(Port port, std::uint8_t server = 53) {
  return {.protocol = IpProtocol::kUdp,
          .local = {IpAddress::V4({10, 0, 0, 2}), port},
          .remote = {IpAddress::V4({192, 0, 2, server}), 53}};
}

class DnsQueriesTest : public testing::Test {
 protected:
  std::string Answered(const FlowKey& flow, std::uint16_t id, std::string_view name) {
    const auto asker = queries_.Answered(flow, id, name);
    if (!asker) return "made up";
    return asker->program.empty() ? "nobody knows" : asker->program;
  }

  FakeClock clock_;
  DnsQueries queries_{clock_};
};

TEST_F(DnsQueriesTest, KnowWhoAskedWhatIsAnswered) {
  queries_.Ask(FlowOfQuery(4000), 1, "a.example", {"curl"});
  queries_.Ask(FlowOfQuery(4001), 1, "b.example", {"wget"});
  EXPECT_EQ(Answered(FlowOfQuery(4000), 1, "a.example"), "curl");
  EXPECT_EQ(Answered(FlowOfQuery(4001), 1, "b.example"), "wget");
}

TEST_F(DnsQueriesTest, KnowAnAnswerThatComesTwice) {
  queries_.Ask(FlowOfQuery(4000), 1, "a.example", {"curl"});
  EXPECT_EQ(Answered(FlowOfQuery(4000), 1, "a.example"), "curl");
  EXPECT_EQ(Answered(FlowOfQuery(4000), 1, "a.example"), "curl");
}

TEST_F(DnsQueriesTest, BelieveNoAnswerToAnotherQuestion) {
  queries_.Ask(FlowOfQuery(4000), 1, "a.example", {"curl"});
  EXPECT_EQ(Answered(FlowOfQuery(4000), 2, "a.example"), "made up");
  EXPECT_EQ(Answered(FlowOfQuery(4000), 1, "evil.example"), "made up");
}

TEST_F(DnsQueriesTest, DoNotKnowWhoAskedWhatWasNotSeen) {
  queries_.Ask(FlowOfQuery(4000), 1, "a.example", {"curl"});
  EXPECT_EQ(Answered(FlowOfQuery(4002), 1, "a.example"), "nobody knows");
  EXPECT_EQ(Answered(FlowOfQuery(4000, 54), 1, "a.example"), "nobody knows");
}

TEST_F(DnsQueriesTest, AreForgottenAfterAWhile) {
  queries_.Ask(FlowOfQuery(4000), 1, "a.example", {"curl"});
  clock_.Advance(DnsQueries::kPatience);
  queries_.Ask(FlowOfQuery(4001), 1, "a.example", {"curl"});
  EXPECT_EQ(Answered(FlowOfQuery(4000), 1, "a.example"), "nobody knows");
  EXPECT_EQ(queries_.Size(), 1U);
}

TEST_F(DnsQueriesTest, OfOneProgramCrowdOutOnlyItsOwn) {
  queries_.Ask(FlowOfQuery(4000), 1, "a.example", {"curl"});
  for (std::size_t i = 0; i < 2 * DnsQueries::kMaxQueries; ++i) {
    queries_.Ask(FlowOfQuery(static_cast<Port>(i), 54), 1, "b.example", {"flood"});
  }
  EXPECT_EQ(queries_.Size(), 1 + DnsQueries::kMaxQueries / 4);
  EXPECT_EQ(Answered(FlowOfQuery(4000), 1, "a.example"), "curl");
}

TEST_F(DnsQueriesTest, AreBoundedOverAllPrograms) {
  for (std::size_t i = 0; i < 2 * DnsQueries::kMaxQueries; ++i) {
    queries_.Ask(FlowOfQuery(static_cast<Port>(i)), 1, "b.example", {std::to_string(i % 8)});
  }
  EXPECT_LE(queries_.Size(), DnsQueries::kMaxQueries);
}

TEST_F(DnsQueriesTest, KnowWhoConnected) {
  queries_.Connect(FlowOfQuery(4000), {"curl"});
  EXPECT_EQ(queries_.StreamOf(FlowOfQuery(4000)).asker.program, "curl");
  EXPECT_EQ(queries_.StreamOf(FlowOfQuery(4001)).asker.program, "");
  clock_.Advance(DnsQueries::kStreamPatience);
  EXPECT_EQ(queries_.StreamOf(FlowOfQuery(4000)).asker.program, "");
}

TEST_F(DnsQueriesTest, ForgetTheConnectionThatHasBeenSilentForLongest) {
  queries_.Connect(FlowOfQuery(1), {"first"});
  queries_.Connect(FlowOfQuery(2), {"second"});
  clock_.Advance(1s);
  (void)queries_.StreamOf(FlowOfQuery(1));
  for (Port port = 100; port < 100 + DnsQueries::kMaxStreams - 1; ++port) {
    queries_.Connect(FlowOfQuery(port), {"other"});
  }
  EXPECT_EQ(queries_.StreamOf(FlowOfQuery(1)).asker.program, "first");
  EXPECT_EQ(queries_.StreamOf(FlowOfQuery(2)).asker.program, "");
}

}  // namespace
}  // namespace procwall
