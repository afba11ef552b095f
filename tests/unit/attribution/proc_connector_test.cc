// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/proc_connector.h"

#include <sys/socket.h>

#include <array>
#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/connector_news.h"

namespace procwall {
namespace {

class ProcConnectorTest : public testing::Test {
 protected:
  ProcConnectorTest() {
    std::array<int, 2> ends{-1, -1};
    if (::socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, ends.data()) != 0) return;
    kernel_ = UniqueFd(ends[0]);
    connector = std::make_unique<ProcConnector>(UniqueFd(ends[1]), clock);
  }
  void Tell(const std::string& message) const {
    ASSERT_EQ(::send(kernel_.UnsafeFd(), message.data(), message.size(), 0),
              static_cast<ssize_t>(message.size()));
  }
  std::vector<ProcessEvent> Drain() const {
    std::vector<ProcessEvent> events;
    connector->DrainEvents([&](ProcessEvent event) { events.push_back(std::move(event)); });
    return events;
  }

  SystemClock clock;
  std::unique_ptr<ProcConnector> connector;

 private:
  UniqueFd kernel_;
};

TEST_F(ProcConnectorTest, HandsOnWhatTheKernelTells) {
  Tell(ConnectorNews(kForkNews, {50, 50, 77, 77}, 0, 5));
  Tell(ConnectorNews(kExecNews, {77, 77}, 0, 6));
  const auto events = Drain();
  ASSERT_EQ(events.size(), 2U);
  EXPECT_TRUE(std::holds_alternative<ProcessForked>(events[0].what));
  EXPECT_TRUE(std::holds_alternative<ProcessExecuted>(events[1].what));
}

TEST_F(ProcConnectorTest, CountsTimeAsTheDaemonDoes) {
  Tell(ConnectorNews(kExecNews, {77, 77}));
  const auto events = Drain();
  ASSERT_EQ(events.size(), 1U);
  EXPECT_GE(events[0].time, BootTime(std::chrono::nanoseconds(kNewsTime)));
}

TEST_F(ProcConnectorTest, TellsOfAGapInTheNumbersOfAProcessor) {
  Tell(ConnectorNews(kExecNews, {77, 77}, 0, 5));
  Tell(ConnectorNews(kExecNews, {78, 78}, 1, 100));
  Tell(ConnectorNews(kExecNews, {79, 79}, 0, 9));
  const auto events = Drain();
  ASSERT_EQ(events.size(), 4U);
  ASSERT_TRUE(std::holds_alternative<ProcessEventsLost>(events[2].what));
  EXPECT_EQ(std::get<ProcessEventsLost>(events[2].what).count, 3U);
}

TEST_F(ProcConnectorTest, CountsWhatItLeavesOut) {
  Tell(ConnectorNews(kExecNews, {77, 77}, 0, 5));
  Tell(ConnectorNews(kForkNews, {50, 50, 78, 77}, 0, 6));  // a thread
  Tell(ConnectorNews(kExecNews, {77, 77}, 0, 7));
  EXPECT_EQ(Drain().size(), 2U);
}

TEST_F(ProcConnectorTest, LivesThroughNoise) {
  Tell("noise");
  Tell(std::string(4000, '\xff'));
  Tell(ConnectorNews(kExecNews, {77, 77}));
  EXPECT_EQ(Drain().size(), 1U);
}

}  // namespace
}  // namespace procwall
