// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
// The real kernel's queue: what comes up, what verdicts do, and how it refuses.
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <optional>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "attribution/socket_diag.h"
#include "net/packet_queue.h"
#include "net/queue_counters.h"
#include "tests/lab/lab_socket.h"
#include "tests/lab/own_network.h"
#include "tests/support/kernel_program.h"

namespace procwall {
namespace {

constexpr std::uint16_t kNumber = 7;
constexpr Port kQueuedPort = 5000;
constexpr std::uint8_t kLocalOut = 3;  // NF_INET_LOCAL_OUT
constexpr std::uint32_t kMark = 0x77;

// A packet that came up, with a payload of its own.
struct Taken {
  QueuedPacket packet;
  std::vector<std::byte> payload;
};

class QueueNetwork final : public testing::Environment {
 public:
  void SetUp() override {
    for (const char* protocol : {"udp", "udplite"}) {
      AddMangleRule({"-A", "OUTPUT", "-p", protocol, "-m", "multiport", "--dports", "5000", "-j",
                     "NFQUEUE", "--queue-num", "7"});
    }
    AddMangleRule({"-A", "OUTPUT", "-p", "tcp", "--syn", "--dport", "5000", "-j", "NFQUEUE",
                   "--queue-num", "7"});
    // A marked packet that loses its mark on the way ends here.
    AddMangleRule({"-A", "POSTROUTING", "-p", "udp", "--dport", "5000", "-m", "mark", "--mark",
                   "0x1/0x1", "-m", "mark", "!", "--mark", "0x77", "-j", "DROP"});
  }
};

struct KernelQueue : testing::Test {
  void Open(const QueueOptions& options) {
    auto opened = PacketQueue::Open(options);
    ASSERT_TRUE(opened) << opened.error().ToString();
    queue.emplace(std::move(*opened));
  }
  void SetUp() override { Open({.number = kNumber}); }

  // Everything that waits, at least `count` packets unless a second passes.
  std::vector<Taken> Take(std::size_t count) {
    std::vector<Taken> taken;
    while (taken.size() < count) {
      pollfd readable{queue->UnsafeFd(), POLLIN, 0};
      if (::poll(&readable, 1, 1000) <= 0) break;
      EXPECT_TRUE(queue->Take(PacketQueue::Wait::kNo));
      queue->HandOn([&taken](const QueuedPacket& packet) {
        taken.push_back({packet, {packet.payload.begin(), packet.payload.end()}});
      });
    }
    return taken;
  }
  void AnswerAll(const std::vector<Taken>& taken, Verdict verdict) {
    for (const Taken& one : taken) queue->Answer(one.packet.id, verdict);
    const Status flushed = queue->Flush();
    EXPECT_TRUE(flushed) << flushed.error().ToString();
  }

  std::optional<PacketQueue> queue;
};

TEST_F(KernelQueue, HoldsDatagramsOfBothFamiliesUntilTheyAreAccepted) {
  for (const IpProtocol protocol : {IpProtocol::kUdp, IpProtocol::kUdpLite}) {
    for (const IpAddress& address : {Loopback4(), Loopback6()}) {
      const Endpoint server{address, kQueuedPort};
      const LabSocket receiver(address.Family(), protocol);
      const LabSocket sender(address.Family(), protocol);
      ASSERT_TRUE(receiver.Bind(server) && sender.SendTo(server, "hello"));
      const std::vector<Taken> taken = Take(1);
      ASSERT_EQ(taken.size(), 1U);
      EXPECT_EQ(taken[0].packet.hook, kLocalOut);
      EXPECT_EQ(taken[0].packet.in_ifindex, 0U);
      EXPECT_EQ(taken[0].packet.out_ifindex, 1U);
      EXPECT_TRUE(taken[0].packet.uid);
      const std::size_t headers = (address.IsV4() ? 20U : 40U) + 8U;
      EXPECT_EQ(taken[0].packet.original_size, headers + 5);
      EXPECT_EQ(receiver.Receive(kDontWait), "");
      AnswerAll(taken, Verdict::kAccept);
      EXPECT_EQ(receiver.Receive(), "hello");
    }
  }
}

// What inet_diag says is in the send queues of all sockets of this port, most first.
std::vector<std::uint32_t> SendQueues(IpProtocol protocol, Port port) {
  std::vector<std::uint32_t> bytes;
  const auto sockets = SocketDiag::Open().value().DumpByLocalPort(protocol, port);
  for (const SocketEntry& socket : sockets.value()) bytes.push_back(socket.send_queue);
  std::ranges::sort(bytes, std::ranges::greater());
  return bytes;
}

TEST_F(KernelQueue, CountsAHeldDatagramInTheSendQueueOfItsSocket) {
  constexpr Port kSharedPort = 5001;
  for (const IpProtocol protocol : {IpProtocol::kUdp, IpProtocol::kUdpLite}) {
    for (const IpAddress& address : {Loopback4(), Loopback6()}) {
      const LabSocket sender(address.Family(), protocol);
      const LabSocket twin(address.Family(), protocol);
      for (const LabSocket* socket : {&sender, &twin}) {
        ASSERT_TRUE(socket->Set(SOL_SOCKET, SO_REUSEADDR, 1) &&
                    socket->Bind({address, kSharedPort}));
      }
      ASSERT_TRUE(sender.SendTo({address, kQueuedPort}, "hello"));
      const std::vector<Taken> taken = Take(1);
      ASSERT_EQ(taken.size(), 1U);
      const auto held = SendQueues(protocol, kSharedPort);
      ASSERT_EQ(held.size(), 2U);
      EXPECT_GT(held[0], 0U);
      EXPECT_EQ(held[1], 0U);
      AnswerAll(taken, Verdict::kDrop);
      EXPECT_EQ(SendQueues(protocol, kSharedPort), (std::vector<std::uint32_t>{0, 0}));
    }
  }
}

TEST_F(KernelQueue, HoldsTheFirstPacketOfATcpConnection) {
  const Endpoint server{Loopback4(), kQueuedPort};
  const LabSocket listener(IpFamily::kV4, IpProtocol::kTcp);
  const LabSocket client(IpFamily::kV4, IpProtocol::kTcp);
  ASSERT_TRUE(listener.Bind(server) && listener.Listen());
  ASSERT_TRUE(client.ConnectWithoutWaiting(server));
  const std::vector<Taken> taken = Take(1);
  ASSERT_EQ(taken.size(), 1U);
  AnswerAll(taken, Verdict::kAccept);
  EXPECT_TRUE(listener.Accept().Send("hello"));
  EXPECT_EQ(client.Receive(), "hello");
}

TEST_F(KernelQueue, EndsADroppedPacket) {
  const Endpoint server{Loopback4(), kQueuedPort};
  const LabSocket receiver(IpFamily::kV4, IpProtocol::kUdp);
  const LabSocket sender(IpFamily::kV4, IpProtocol::kUdp);
  ASSERT_TRUE(receiver.Bind(server) && sender.SendTo(server, "one") &&
              sender.SendTo(server, "two"));
  const std::vector<Taken> taken = Take(2);
  ASSERT_EQ(taken.size(), 2U);
  queue->Answer(taken[0].packet.id, Verdict::kDrop);
  queue->Answer(taken[1].packet.id, Verdict::kAccept);
  ASSERT_TRUE(queue->Flush());
  EXPECT_EQ(receiver.Receive(), "two");
}

TEST_F(KernelQueue, KeepsThePacketsMark) {
  const Endpoint server{Loopback4(), kQueuedPort};
  const LabSocket receiver(IpFamily::kV4, IpProtocol::kUdp);
  const LabSocket sender(IpFamily::kV4, IpProtocol::kUdp);
  ASSERT_TRUE(sender.Set(SOL_SOCKET, SO_MARK, kMark));
  ASSERT_TRUE(receiver.Bind(server) && sender.SendTo(server, "marked"));
  const std::vector<Taken> taken = Take(1);
  ASSERT_EQ(taken.size(), 1U);
  EXPECT_EQ(taken[0].packet.mark, kMark);
  AnswerAll(taken, Verdict::kAccept);
  EXPECT_EQ(receiver.Receive(), "marked");
}

TEST_F(KernelQueue, CopiesNoMoreThanItWasAskedFor) {
  queue.reset();
  Open({.number = kNumber, .copy_range = 128});
  const Endpoint server{Loopback4(), kQueuedPort};
  const LabSocket sender(IpFamily::kV4, IpProtocol::kUdp);
  ASSERT_TRUE(sender.SendTo(server, std::string(5000, 'x')));
  const std::vector<Taken> taken = Take(1);
  ASSERT_EQ(taken.size(), 1U);
  EXPECT_EQ(taken[0].payload.size(), 128U);
  EXPECT_EQ(taken[0].packet.original_size, 5028U);
  AnswerAll(taken, Verdict::kDrop);
}

TEST_F(KernelQueue, CarriesBatchAfterBatch) {
  constexpr std::size_t kMany = 200;  // more would fill the send buffer of the sender
  const Endpoint server{Loopback4(), kQueuedPort};
  const LabSocket receiver(IpFamily::kV4, IpProtocol::kUdp);
  const LabSocket sender(IpFamily::kV4, IpProtocol::kUdp);
  ASSERT_TRUE(receiver.Bind(server));
  for (std::size_t i = 0; i < kMany; ++i) ASSERT_TRUE(sender.SendTo(server, std::to_string(i)));
  AnswerAll(Take(kMany), Verdict::kAccept);
  for (std::size_t i = 0; i < kMany; ++i) ASSERT_EQ(receiver.Receive(), std::to_string(i));
}

TEST_F(KernelQueue, CountsWhatDidNotFitAndLetsNoneOfItThrough) {
  queue.reset();
  Open({.number = kNumber, .max_length = 2});
  const Endpoint server{Loopback4(), kQueuedPort};
  const LabSocket receiver(IpFamily::kV4, IpProtocol::kUdp);
  const LabSocket sender(IpFamily::kV4, IpProtocol::kUdp);
  ASSERT_TRUE(receiver.Bind(server));
  for (const char* text : {"1", "2", "3", "4", "5"}) sender.SendTo(server, text);
  const auto counters = ReadQueueCounters(kNumber);
  if (!counters && counters.error().code == Errc::kPermission) {
    GTEST_SKIP() << "the kernel shows its counters to the machine's own root only";
  }
  ASSERT_TRUE(counters) << counters.error().ToString();
  EXPECT_EQ(counters->waiting, 2U);
  EXPECT_EQ(counters->queue_dropped, 3U);
  EXPECT_EQ(counters->user_dropped, 0U);
  AnswerAll(Take(2), Verdict::kAccept);
  EXPECT_EQ(receiver.Receive(), "1");
  EXPECT_EQ(receiver.Receive(), "2");
  EXPECT_EQ(receiver.Receive(kDontWait), "");
}

TEST_F(KernelQueue, DoesNotMindAnAnswerForAPacketThatIsGone) {
  const LabSocket sender(IpFamily::kV4, IpProtocol::kUdp);
  queue->Answer(123456, Verdict::kAccept);
  ASSERT_TRUE(queue->Flush());
  ASSERT_TRUE(sender.SendTo({Loopback4(), kQueuedPort}, "x"));
  const std::vector<Taken> taken = Take(1);
  EXPECT_EQ(taken.size(), 1U);
  AnswerAll(taken, Verdict::kDrop);
}

TEST_F(KernelQueue, DropsWhatIsUnansweredWhenItDies) {
  const Endpoint server{Loopback4(), kQueuedPort};
  const LabSocket receiver(IpFamily::kV4, IpProtocol::kUdp);
  const LabSocket sender(IpFamily::kV4, IpProtocol::kUdp);
  ASSERT_TRUE(receiver.Bind(server) && sender.SendTo(server, "never"));
  queue.reset();
  Open({.number = kNumber});
  ASSERT_TRUE(sender.SendTo(server, "second"));
  AnswerAll(Take(1), Verdict::kAccept);
  EXPECT_EQ(receiver.Receive(), "second");
}

TEST_F(KernelQueue, IsWokenWhileItWaits) {
  const auto waker = queue->OpenWaker();
  ASSERT_TRUE(waker);
  std::atomic<bool> is_over{false};
  std::thread other([&] {
    while (!is_over) {  // one wake too many is one look at the queue
      waker->Wake();
      std::this_thread::yield();
    }
  });
  std::size_t taken = 0;
  for (int i = 0; taken == 0 && i < 10; ++i) {
    taken = queue->Take(PacketQueue::Wait::kForOne).value();
  }
  is_over = true;
  other.join();
  EXPECT_EQ(taken, 1U);
  EXPECT_EQ(queue->HandOn([](const QueuedPacket&) { FAIL(); }), 0U);
}

TEST_F(KernelQueue, AWakeBeforeItWaitsIsNotLost) {
  const auto waker = queue->OpenWaker();
  ASSERT_TRUE(waker);
  waker->Wake();
  EXPECT_EQ(queue->Take(PacketQueue::Wait::kForOne).value(), 1U);
  EXPECT_EQ(queue->HandOn([](const QueuedPacket&) { FAIL(); }), 0U);
  EXPECT_EQ(queue->Take(PacketQueue::Wait::kNo).value(), 0U);
  EXPECT_EQ(queue->Undecodable(), 0U);
}

TEST_F(KernelQueue, TakesThePacketItWaitedFor) {
  const LabSocket sender(IpFamily::kV4, IpProtocol::kUdp);
  std::thread other([&] { EXPECT_TRUE(sender.SendTo({Loopback4(), kQueuedPort}, "x")); });
  std::size_t taken = 0;
  for (int i = 0; taken == 0 && i < 10; ++i) {
    taken = queue->Take(PacketQueue::Wait::kForOne).value();
  }
  other.join();
  EXPECT_EQ(taken, 1U);
  std::vector<std::uint32_t> ids;
  queue->HandOn([&](const QueuedPacket& packet) { ids.push_back(packet.id); });
  ASSERT_EQ(ids.size(), 1U);
  queue->Answer(ids[0], Verdict::kDrop);
  EXPECT_TRUE(queue->Flush());
}

TEST_F(KernelQueue, IsBusyWhenItsNumberIsTaken) {
  const auto second = PacketQueue::Open({.number = kNumber});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Errc::kBusy);
}

TEST_F(KernelQueue, NeedsTheRightToAdministerTheNetwork) {
  const pid_t child = ::fork();
  if (child == 0) {
    // In a user namespace of its own it has no right over the network it stays in.
    if (::unshare(CLONE_NEWUSER) != 0) ::_exit(2);
    const auto refused = PacketQueue::Open({.number = kNumber + 1});
    ::_exit(!refused && refused.error().code == Errc::kPermission ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace procwall

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  testing::AddGlobalTestEnvironment(std::make_unique<procwall::OwnNetwork>().release());
  testing::AddGlobalTestEnvironment(std::make_unique<procwall::QueueNetwork>().release());
  return procwall::RunKernelTests();
}
