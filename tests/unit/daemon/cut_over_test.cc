// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/cut_over.h"

#include <chrono>
#include <thread>

#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"
#include "tests/support/fake_socket_table.h"

namespace procwall {
namespace {

class CutOverTest : public testing::Test {
 protected:
  static Connection Https() {
    return {.protocol = IpProtocol::kTcp,
            .local = {IpAddress::V4({10, 0, 0, 1}), 40000},
            .remote = {IpAddress::V4({192, 0, 2, 1}), 443}};
  }
  static SocketEntry SocketWith(std::uint64_t cookie) {
    SocketEntry socket;
    socket.local = Https().local;
    socket.remote = Https().remote;
    socket.state = SocketState::kEstablished;
    socket.cookie = cookie;
    return socket;
  }
  // curl's connection, by the socket with cookie 7, was let through.
  void LetCurlThrough() { LetThrough(Https().local.port); }
  void LetThrough(Port port) {
    Event event;
    event.action = RuleAction::kAllow;
    event.connection = Https();
    event.connection->local.port = port;
    Process curl;
    curl.path = "/usr/bin/curl";
    event.attribution.confidence = Confidence::kCertain;
    event.attribution.processes = {std::make_shared<const Process>(std::move(curl))};
    event.attribution.evidence.cookie = 7;
    events.Append(std::move(event));
  }
  void Deny(const std::string& path) {
    const Rule rule{.name = "stop",
                    .enabled = true,
                    .action = RuleAction::kDeny,
                    .op = {.type = "simple", .operand = "process.path", .data = path}};
    rules.Set(std::make_shared<const RuleSet>(
        RuleSet::Compile({std::make_shared<const Rule>(rule)}, nullptr)));
  }
  // What it told of, after it has judged again.
  EventPtr JudgeAgain() {
    const std::uint64_t before = events.PositionOfRecent(1);
    {
      CutOver cut_over({.events = events, .rules = rules, .clock = clock}, table.TakeDiag(),
                       *Wakeup::Create());
      cut_over.RulesChanged();
      const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(300);
      while (events.PositionOfRecent(1) == before && std::chrono::steady_clock::now() < deadline) {
        std::this_thread::yield();
      }
    }
    std::uint64_t position = events.PositionOfRecent(1);
    const EventPtr last = events.Next(position).event;
    return last != nullptr && last->cut ? last : nullptr;
  }

  Wakeup event_wakeup{*Wakeup::Create()};
  EventLog events{event_wakeup};
  SharedRules rules{std::make_shared<const RuleSet>()};
  FakeClock clock;
  FakeSocketTable table;
};

TEST_F(CutOverTest, CutsAConnectionThatARuleDeniesNowAndTellsOfIt) {
  LetCurlThrough();
  Deny("/usr/bin/curl");
  table.KnowsProtocol().Finds(SocketWith(7)).Destroys();
  const EventPtr cut = JudgeAgain();
  ASSERT_NE(cut, nullptr);
  EXPECT_TRUE(cut->cut);
  EXPECT_EQ(cut->action, RuleAction::kDeny);
  EXPECT_EQ(cut->rule->name, "stop");
  EXPECT_EQ(cut->connection, Https());
  EXPECT_EQ(table.TakeRequests(), 3U);
}

TEST_F(CutOverTest, LeavesOtherProgramsAlone) {
  LetCurlThrough();
  Deny("/usr/bin/wget");
  EXPECT_EQ(JudgeAgain(), nullptr);
  EXPECT_EQ(table.TakeRequests(), 0U);
}

TEST_F(CutOverTest, LeavesAnotherSocketOfTheSameAddressesAlone) {
  LetCurlThrough();
  Deny("/usr/bin/curl");
  table.KnowsProtocol().Finds(SocketWith(8));
  EXPECT_EQ(JudgeAgain(), nullptr);
  EXPECT_EQ(table.TakeRequests(), 2U);
}

TEST_F(CutOverTest, ForgetsConnectionsThatHaveEnded) {
  for (std::size_t i = 1; i < CutOver::kPruneEvery; ++i) LetThrough(static_cast<Port>(i));
  LetCurlThrough();
  Deny("/usr/bin/curl");
  table.KnowsProtocol().Dumps({SocketWith(7)}).Finds(SocketWith(7)).Destroys();
  ASSERT_NE(JudgeAgain(), nullptr);
  EXPECT_EQ(table.TakeRequests(), 4U);
}

TEST_F(CutOverTest, SaysNothingOfAConnectionThatHasEnded) {
  LetCurlThrough();
  Deny("/usr/bin/curl");
  table.KnowsProtocol().FindsNothing();
  EXPECT_EQ(JudgeAgain(), nullptr);
}

}  // namespace
}  // namespace procwall
