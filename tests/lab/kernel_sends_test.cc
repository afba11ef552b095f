// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
// What the real kernel's tracepoints tell of who sends, in a network of our own.
#include <sys/wait.h>
#include <unistd.h>

#include <functional>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "attribution/send_trace.h"
#include "tests/lab/lab_socket.h"
#include "tests/lab/own_network.h"
#include "tests/support/kernel_program.h"

namespace procwall {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;

const Endpoint kServer4{IpAddress::V4({127, 0, 0, 9}), 4000};
const Endpoint kServer6{IpAddress::V6({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}), 4000};

struct KernelSends : testing::Test {
  void SetUp() override {
    auto started = KernelSendTrace::Start(clock);
    if (!started) GTEST_SKIP() << started.error().ToString();
    trace = *std::move(started);
    begin = clock.Now();
  }
  // Who asked for the route of what this socket sends there.
  std::vector<RouteAsker> AskersOf(const LabSocket& socket, const Endpoint& server) const {
    const auto askers = trace->RouteAskers(socket.ConnectionTo(server), begin);
    EXPECT_TRUE(askers);
    return askers.value_or(std::vector<RouteAsker>{});
  }

  SystemClock clock;
  std::unique_ptr<KernelSendTrace> trace;
  BootTime begin{};
};

// In a process of its own; its pid.
Pid InAChild(const std::function<void()>& what) {
  const pid_t pid = ::fork();
  if (pid == 0) {
    what();
    ::_exit(0);
  }
  ::waitpid(pid, nullptr, 0);
  return pid;
}

TEST_F(KernelSends, TellsWhoSentADatagramAndNotWhoMadeTheSocket) {
  for (const Endpoint& server : {kServer4, kServer6}) {
    LabSocket socket(server.address.Family(), IpProtocol::kUdp);
    ASSERT_TRUE(socket.Bind({server.address, 0}));
    const Pid child = InAChild([&] { (void)socket.SendTo(server, "x"); });
    const auto askers = AskersOf(socket, server);
    ASSERT_THAT(askers, ElementsAre(Field(&RouteAsker::pid, child)));
    EXPECT_GE(askers.front().first, begin);
    EXPECT_LE(askers.front().first, clock.Now());
  }
}

// Not from and to which port.
TEST_F(KernelSends, TellsWhoSentADatagramOfUdpLiteToAHost) {
  for (const Endpoint& server : {kServer4, kServer6}) {
    LabSocket socket(server.address.Family(), IpProtocol::kUdpLite);
    if (socket.Fd() < 0) GTEST_SKIP() << "this kernel has no UDP-Lite";
    ASSERT_TRUE(socket.Bind({server.address, 0}));
    const Pid child = InAChild([&] { (void)socket.SendTo({server.address, 4001}, "x"); });
    EXPECT_THAT(AskersOf(socket, server), ElementsAre(Field(&RouteAsker::pid, child)));
  }
}

TEST_F(KernelSends, TellsWhoConnectedTcpOverIpv4) {
  const LabSocket listener(IpFamily::kV4, IpProtocol::kTcp);
  ASSERT_TRUE(listener.Bind(kServer4) && listener.Listen());
  const LabSocket socket(IpFamily::kV4, IpProtocol::kTcp);
  const Pid child = InAChild([&] { (void)socket.Connect(kServer4); });
  EXPECT_THAT(AskersOf(socket, kServer4), ElementsAre(Field(&RouteAsker::pid, child)));
}

// Nothing answers there: it is a prefix that lies nowhere behind this host.
const Endpoint kSilent6{IpAddress::V6({0xfd, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2}), 4000};

TEST_F(KernelSends, TellsWhoConnectedTcpOverIpv6AndGaveUp) {
  ASSERT_EQ(RunProgram({"ip", "link", "add", "silent", "type", "veth", "peer", "deaf"}), 0);
  ASSERT_EQ(RunProgram({"ip", "link", "set", "silent", "up"}), 0);
  ASSERT_EQ(RunProgram({"ip", "link", "set", "deaf", "up"}), 0);
  ASSERT_EQ(RunProgram({"ip", "address", "add", "fd01::1/64", "dev", "silent", "nodad"}), 0);
  LabSocket socket(IpFamily::kV6, IpProtocol::kTcp);
  const Pid child = InAChild([&] { (void)socket.ConnectWithoutWaiting(kSilent6); });
  const Connection connection = socket.ConnectionTo(kSilent6);
  ASSERT_NE(connection.local.port, 0);
  const auto open = trace->GivenUpConnects(connection, begin);
  ASSERT_TRUE(open);
  EXPECT_THAT(*open, IsEmpty());
  const BootTime before_its_end = clock.Now();
  socket.Close();
  const auto closed = trace->GivenUpConnects(connection, begin);
  ASSERT_TRUE(closed);
  ASSERT_THAT(*closed, ElementsAre(Field(&GivenUpConnect::pid, child)));
  EXPECT_GE(closed->front().began, begin);
  EXPECT_LT(closed->front().began, before_its_end);
  EXPECT_GE(closed->front().ended, before_its_end);
  // Its begin is not told any more.
  EXPECT_EQ(trace->GivenUpConnects(connection, before_its_end), std::nullopt);
  ASSERT_EQ(RunProgram({"ip", "link", "delete", "silent"}), 0);
}

// Nobody listens: the kernel refuses, and asks for the way back, in an interrupt of whoever runs.
TEST_F(KernelSends, WhatAnInterruptAsksIsNobodys) {
  const LabSocket socket(IpFamily::kV4, IpProtocol::kTcp);
  ASSERT_TRUE(socket.Bind({IpAddress::V4({127, 0, 0, 1}), 0}));
  const Connection there = socket.ConnectionTo(kServer4);
  (void)socket.Connect(kServer4);
  Connection back = there;
  std::swap(back.local, back.remote);
  const auto askers = trace->RouteAskers(there, begin);
  ASSERT_TRUE(askers);
  EXPECT_THAT(*askers, ElementsAre(Field(&RouteAsker::pid, ::getpid())));
  const auto refusers = trace->RouteAskers(back, begin);
  ASSERT_TRUE(refusers);
  EXPECT_THAT(*refusers, IsEmpty());
}

TEST_F(KernelSends, ASourceIsNamedByConnectOnly) {
  const LabSocket free(IpFamily::kV4, IpProtocol::kUdp);
  ASSERT_TRUE(free.SendTo(kServer4, "x"));
  const auto of_free = AskersOf(free, kServer4);
  ASSERT_EQ(of_free.size(), 1U);
  EXPECT_FALSE(of_free.front().named_source);
  const LabSocket connected(IpFamily::kV4, IpProtocol::kUdp);
  ASSERT_TRUE(connected.Connect(kServer4));
  const auto of_connected = AskersOf(connected, kServer4);
  ASSERT_EQ(of_connected.size(), 1U);
  EXPECT_TRUE(of_connected.front().named_source);
}

TEST_F(KernelSends, KnowsNothingOfOtherFlowsNorOfEarlierTimes) {
  const LabSocket socket(IpFamily::kV4, IpProtocol::kUdp);
  ASSERT_TRUE(socket.SendTo(kServer4, "x"));
  Endpoint other = kServer4;
  other.port += 1;
  EXPECT_THAT(AskersOf(socket, other), IsEmpty());
  begin = clock.Now();
  EXPECT_THAT(AskersOf(socket, kServer4), IsEmpty());
}

TEST_F(KernelSends, TellsWhoSentByAConnectedSocket) {
  if (!trace->TellsDatagrams()) GTEST_SKIP() << "this kernel does not tell (before 6.3)";
  const LabSocket socket(IpFamily::kV4, IpProtocol::kUdp);
  ASSERT_TRUE(socket.Connect(kServer4));
  const Pid child = InAChild([&] { (void)socket.Send("x"); });
  const auto senders = trace->DatagramSenders(begin);
  ASSERT_TRUE(senders);
  EXPECT_THAT(*senders, Contains(Field(&TracedProcess::pid, child)));
  EXPECT_THAT(*senders, Not(Contains(Field(&TracedProcess::pid, ::getpid()))));
}

TEST_F(KernelSends, SaysWhenItDoesNotReachFarEnoughBack) {
  const LabSocket socket(IpFamily::kV4, IpProtocol::kUdp);
  constexpr int kTooMany = 5000;  // of about a hundred bytes: more than the rings of two processors
  for (int i = 0; i < kTooMany; ++i) (void)socket.SendTo(kServer4, "x");
  EXPECT_EQ(trace->RouteAskers(socket.ConnectionTo(kServer4), begin), std::nullopt);
  begin = clock.Now();
  EXPECT_THAT(AskersOf(socket, kServer4), IsEmpty());  // but this far it does
}

}  // namespace
}  // namespace procwall

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  testing::AddGlobalTestEnvironment(new procwall::OwnNetworkAsRoot);
  return procwall::RunKernelTests();
}
