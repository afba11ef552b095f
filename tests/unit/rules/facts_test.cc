// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/facts.h"

#include <gtest/gtest.h>

#include "tests/unit/rules/world.h"

namespace procwall {
namespace {

TEST(Facts, ReadASubjectAsOpenSnitchWritesIt) {
  const Process process = Curl();
  const Connection connection = ToExample();
  const Subject subject{&connection, &process, "example.net"};
  const Facts facts(subject);
  EXPECT_EQ(facts.ProcessPath().View(), "/usr/bin/curl");
  EXPECT_EQ(facts.ProcessCommand().View(), "curl -s https://example.net/");
  EXPECT_EQ(facts.ProcessIdNumber(), 4711);
  EXPECT_EQ(facts.UserId(), 1000);
  EXPECT_EQ(facts.DestinationHost().View(), "example.net");
  EXPECT_EQ(facts.Protocol().View(), "tcp");
  EXPECT_EQ(facts.SourcePort(), 40000);
  EXPECT_EQ(facts.DestinationPort(), 443);
  EXPECT_EQ(facts.AddressText(facts.SourceAddress()).View(), "192.0.2.7");
  EXPECT_EQ(facts.AddressText(facts.DestinationAddress()).View(), "203.0.113.9");
}

TEST(Facts, OfAnUnknownProgramAreEmpty) {
  Connection connection = ToExample();
  connection.uid.reset();
  const Subject subject{&connection, nullptr, ""};
  const Facts facts(subject);
  EXPECT_EQ(facts.ProcessPath().View(), "");
  EXPECT_EQ(facts.ProcessCommand().View(), "");
  EXPECT_EQ(facts.ProcessIdNumber(), 0);
  EXPECT_EQ(facts.UserId(), -1);
}

TEST(Facts, TakeTheUserOfThePacketBeforeThatOfTheProcess) {
  const Process process = Curl();
  Connection connection = ToExample();
  const Subject subject{&connection, &process, ""};
  connection.uid = 33;
  EXPECT_EQ(Facts(subject).UserId(), 33);
  connection.uid.reset();
  EXPECT_EQ(Facts(subject).UserId(), 1000);
}

TEST(Facts, TurnAroundForAnIncomingPacket) {
  Connection connection = ToExample();
  connection.direction = Direction::kIncoming;
  const Subject subject{&connection, nullptr, ""};
  const Facts facts(subject);
  EXPECT_EQ(facts.SourcePort(), 443);
  EXPECT_EQ(facts.DestinationAddress(), Ip("192.0.2.7"));
}

}  // namespace
}  // namespace procwall
