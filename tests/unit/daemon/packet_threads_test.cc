// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/packet_threads.h"

#include <chrono>
#include <memory>
#include <thread>
#include <utility>

#include <gtest/gtest.h>

#include "base/wakeup.h"
#include "tests/support/fake_proc.h"
#include "tests/support/fake_socket_table.h"
#include "tests/support/fake_witness.h"
#include "tests/support/netlink_peer.h"
#include "tests/support/packet_builder.h"
#include "tests/support/queue_message.h"

namespace procwall {
namespace {

constexpr std::chrono::seconds kThreadsPatience{30};  // not reached

// Two threads with a queue and a socket table each; what they share is shared.
class PacketThreadsTest : public testing::Test {
 protected:
  PacketThreadsTest() {
    proc_.Put({.pid = 100, .uid = 0, .exe = "/usr/bin/curl"});
    proc_.PutSocket(100, 5, CurlsSocket().inode);
    const Lanes lanes(wakers_);
    desk_ = QuestionDesk::Start(lanes, clock_, rule_changes_).value();
    finder_ =
        Finder::Start(clock_, lanes, programs_, {proc_.Open(), finder_table_.TakeDiag()}).value();
    facts_ = FactGatherer::Start(clock_, lanes).value();
  }

  void Start() {
    std::vector<PacketQueue> queues;
    queues.emplace_back(first.TakeSocket(), QueueOptions{.number = 3});
    queues.emplace_back(second.TakeSocket(), QueueOptions{.number = 4});
    std::size_t made = 0;
    threads =
        PacketThreads::Start(std::move(queues), Lanes(wakers_),
                             {.witness = witness_,
                              .programs = programs_,
                              .finder = *finder_,
                              .desk = *desk_,
                              .facts = *facts_,
                              .names = names_,
                              .waker = &wakers_.front(),
                              .events = events_,
                              .counters = counters,
                              .rules = rules_,
                              .clock = clock_,
                              .settings = settings_},
                             [&]() -> Result<PacketThreads::Sockets> {
                               return PacketThreads::Sockets{tables[made++].TakeDiag(), {}, {}};
                             })
            .value();
  }
  static void Say(const NetlinkPeer& kernel, std::uint32_t id) {
    kernel.Say(
        QueueMessage(id)
            .Attribute(NFQA_PAYLOAD,
                       PacketBuilder().V4("10.0.0.2", "192.0.2.1").Tcp(40000, 443, kSyn).Build())
            .Build());
  }
  static ByteVector Hear(const NetlinkPeer& kernel) {
    const auto patience_ends = std::chrono::steady_clock::now() + kThreadsPatience;
    ByteVector heard;
    while (heard.empty() && std::chrono::steady_clock::now() < patience_ends) {
      std::this_thread::yield();
      heard = kernel.Hear();
    }
    return heard;
  }
  static ByteVector VerdictFor(std::uint16_t queue, std::uint32_t id) {
    return EncodeVerdict({.number = queue}, id, Verdict::kAccept);
  }
  static SocketEntry CurlsSocket() {
    SocketEntry socket;
    socket.local = {IpAddress::V4({10, 0, 0, 2}), 40000};
    socket.remote = {IpAddress::V4({192, 0, 2, 1}), 443};
    socket.state = SocketState::kSynSent;
    socket.inode = 4711;
    return socket;
  }

  NetlinkPeer first;
  NetlinkPeer second;
  FakeSocketTable tables[2];
  Counters counters;
  std::unique_ptr<PacketThreads> threads;

 private:
  void TearDown() override {
    if (threads) threads->Stop();
    threads.reset();
  }

  SystemClock clock_;
  Settings settings_;
  FakeProc proc_;
  BlindWitness witness_;
  FakePrograms programs_;
  FakeSocketTable finder_table_;
  std::vector<PeerWaker> wakers_{PeerWaker(first), PeerWaker(second)};
  Wakeup event_wakeup_ = Wakeup::Create().value();
  EventLog events_{event_wakeup_};
  SharedNames names_{clock_};
  SharedRules rules_{std::make_shared<const RuleSet>()};
  RuleChanges rule_changes_{Wakeup::Create().value()};
  std::unique_ptr<QuestionDesk> desk_;
  std::unique_ptr<Finder> finder_;
  std::unique_ptr<FactGatherer> facts_;
};

// Both ask the finder under the same ticket: each hears of its own packet.
TEST_F(PacketThreadsTest, EachGetsTheAnswersToWhatItAsked) {
  for (FakeSocketTable& table : tables) table.KnowsProtocol().Finds(CurlsSocket());
  Start();
  Say(second, 8);
  EXPECT_EQ(Hear(second), VerdictFor(4, 8));
  EXPECT_TRUE(first.Hear().empty());
  Say(first, 7);
  EXPECT_EQ(Hear(first), VerdictFor(3, 7));
  EXPECT_TRUE(second.Hear().empty());
  threads->Stop();
  EXPECT_EQ(threads->Packets(0), 1U);
  EXPECT_EQ(threads->Packets(1), 1U);
  EXPECT_EQ(counters.packets.Get(), 2U);
  EXPECT_EQ(counters.allowed.Get(), 2U);
}

TEST_F(PacketThreadsTest, StopsAllOfThem) {
  Start();
  threads->Stop();
  EXPECT_FALSE(threads->HasFailed());
  EXPECT_EQ(threads->Count(), 2U);
}

}  // namespace
}  // namespace procwall
