// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/packet_thread.h"

#include <poll.h>

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

constexpr QueueOptions kOptions{.number = 3};
constexpr std::chrono::seconds kPatience{30};  // not reached

// What QueueWaker has the kernel do, while there is one.
struct KernelWaker final : Waker {
  explicit KernelWaker(const std::unique_ptr<NetlinkPeer>& its_kernel) : kernel(its_kernel) {}
  void Wake() const override {
    if (kernel) PeerWaker(*kernel).Wake();
  }
  const std::unique_ptr<NetlinkPeer>& kernel;
};

// A thread whose queue, sockets and /proc are the test's; curl holds one socket.
class PacketThreadTest : public testing::Test {
 protected:
  PacketThreadTest() {
    proc_.Put({.pid = 100, .uid = 0, .exe = "/usr/bin/curl"});
    proc_.PutSocket(100, 5, CurlsSocket().inode);
  }

  void Start() { Start(PacketQueue(kernel->TakeSocket(), kOptions)); }
  void Start(PacketQueue queue) {
    thread = std::make_unique<PacketThread>(std::move(queue),
                                            PacketThread::Sockets{table.TakeDiag(), {}, {}},
                                            PacketThread::Parts{.witness = witness_,
                                                                .programs = programs_,
                                                                .finder = *finder_,
                                                                .desk = *desk,
                                                                .facts = *facts_,
                                                                .names = names_,
                                                                .waker = &answered,
                                                                .events = events_,
                                                                .counters = counters,
                                                                .rules = rules_,
                                                                .clock = clock,
                                                                .settings = settings});
  }
  void Say(std::uint32_t id) const {
    kernel->Say(
        QueueMessage(id)
            .Attribute(NFQA_PAYLOAD,
                       PacketBuilder().V4("10.0.0.2", "192.0.2.1").Tcp(40000, 443, kSyn).Build())
            .Build());
  }
  // The next verdicts that arrive, as they lie on the wire.
  ByteVector Hear() const {
    const auto patience_ends = std::chrono::steady_clock::now() + kPatience;
    ByteVector heard;
    while (heard.empty() && std::chrono::steady_clock::now() < patience_ends) {
      std::this_thread::yield();
      heard = kernel->Hear();
    }
    return heard;
  }
  bool FailsInTime() const {
    const auto patience_ends = std::chrono::steady_clock::now() + kPatience;
    while (!thread->HasFailed() && std::chrono::steady_clock::now() < patience_ends)
      std::this_thread::yield();
    return thread->HasFailed();
  }
  static ByteVector VerdictFor(std::uint32_t id, Verdict verdict) {
    return EncodeVerdict(kOptions, id, verdict);
  }
  static SocketEntry CurlsSocket() {
    SocketEntry socket;
    socket.local = {IpAddress::V4({10, 0, 0, 2}), 40000};
    socket.remote = {IpAddress::V4({192, 0, 2, 1}), 443};
    socket.state = SocketState::kSynSent;
    socket.inode = 4711;
    return socket;
  }

  std::unique_ptr<NetlinkPeer> kernel = std::make_unique<NetlinkPeer>();
  FakeSocketTable table;
  Settings settings;
  Counters counters;
  SystemClock clock;
  KernelWaker answered{kernel};
  RuleChanges rule_changes{Wakeup::Create().value()};
  std::unique_ptr<QuestionDesk> desk = QuestionDesk::Start(answered, clock, rule_changes).value();
  std::unique_ptr<PacketThread> thread;  // Stop()ped before all that follows dies, see below

 private:
  void TearDown() override { thread.reset(); }

  FakeProc proc_;
  BlindWitness witness_;
  FakePrograms programs_;
  FakeSocketTable finder_table_;
  Wakeup event_wakeup_ = Wakeup::Create().value();
  EventLog events_{event_wakeup_};
  SharedNames names_{clock};
  SharedRules rules_{std::make_shared<const RuleSet>()};
  std::unique_ptr<Finder> finder_ =
      Finder::Start(clock, answered, programs_, {proc_.Open(), finder_table_.TakeDiag()}).value();
  std::unique_ptr<FactGatherer> facts_ = FactGatherer::Start(clock, answered).value();
};

TEST_F(PacketThreadTest, AnswersAPacketThatIsDecidedAtOnce) {
  table.KnowsProtocol().Fails(EPERM);
  Start();
  Say(7);
  EXPECT_EQ(Hear(), VerdictFor(7, Verdict::kAccept));
}

TEST_F(PacketThreadTest, AnswersAPacketThatWaitedForTheFinder) {
  settings.default_action = RuleAction::kDeny;
  table.KnowsProtocol().Finds(CurlsSocket());
  Start();
  Say(7);
  EXPECT_EQ(Hear(), VerdictFor(7, Verdict::kDrop));
}

TEST_F(PacketThreadTest, DropsWhatMakesNoSense) {
  Start();
  kernel->Say(QueueMessage(7).Attribute(NFQA_PAYLOAD, ByteVector(9000)).Build());
  EXPECT_EQ(Hear(), VerdictFor(7, Verdict::kDrop));
  EXPECT_EQ(counters.packets.Get(), 0U);
  thread->Stop();
  EXPECT_EQ(counters.undecodable.Get(), 1U);
}

TEST_F(PacketThreadTest, AnswersWhatWaitsBeforeItStops) {
  table.KnowsProtocol().Finds(CurlsSocket());
  Say(7);
  Start();
  thread->Stop();
  EXPECT_EQ(kernel->Hear(), VerdictFor(7, Verdict::kAccept));
  EXPECT_FALSE(thread->HasFailed());
}

TEST_F(PacketThreadTest, StopsWhenNothingWaits) {
  Start();
  thread->Stop();
  thread->Stop();
  EXPECT_FALSE(thread->HasFailed());
}

TEST_F(PacketThreadTest, SaysThatItFailedWhenVerdictsCannotBeSent) {
  table.KnowsProtocol().Fails(EPERM);
  Say(7);
  auto queue = PacketQueue(kernel->TakeSocket(), kOptions);
  kernel.reset();  // nobody is there to hear a verdict
  Start(std::move(queue));
  EXPECT_TRUE(FailsInTime());
}

}  // namespace
}  // namespace procwall
