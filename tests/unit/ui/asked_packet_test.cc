// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/asked_packet.h"

#include <memory>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace procwall {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr WallTime kNow{std::chrono::seconds(1700000000)};  // 2023-11-14, 22:13:20 UTC

AskedPacket Described(const RulesWhyOptions& options) {
  auto packet = DescribedPacket(options, kNow);
  EXPECT_TRUE(packet) << packet.error();
  return packet ? *std::move(packet) : AskedPacket();
}

std::string WhyNot(const RulesWhyOptions& options) {
  const auto packet = DescribedPacket(options, kNow);
  return packet ? "" : packet.error();
}

RuleSet DenyWhere(const char* operand, const char* data) {
  const Rule rule{
      .name = "r", .enabled = true, .op = {.type = "simple", .operand = operand, .data = data}};
  return RuleSet::Compile({std::make_shared<const Rule>(rule)}, nullptr);
}

bool IsDenied(const RulesWhyOptions& options, const char* operand, const char* data) {
  return Decide(DenyWhere(operand, data), Described(options)).IsDecided();
}

TEST(DescribedPacket, HasWhatRulesCanAskFor) {
  const RulesWhyOptions options{.program = "/bin/curl",
                                .command = "curl -s a.example",
                                .parent = "/bin/sh",
                                .user = "7",
                                .to = "192.0.2.1:443",
                                .source = "192.0.2.9:40000",
                                .host = "a.example",
                                .in_interface = "eth1",
                                .out_interface = "eth0"};
  EXPECT_TRUE(IsDenied(options, "process.path", "/bin/curl"));
  EXPECT_TRUE(IsDenied(options, "process.command", "curl -s a.example"));
  EXPECT_TRUE(IsDenied(options, "process.parent.path", "/bin/sh"));
  EXPECT_TRUE(IsDenied(options, "user.id", "7"));
  EXPECT_TRUE(IsDenied(options, "dest.ip", "192.0.2.1"));
  EXPECT_TRUE(IsDenied(options, "dest.port", "443"));
  EXPECT_TRUE(IsDenied(options, "source.ip", "192.0.2.9"));
  EXPECT_TRUE(IsDenied(options, "source.port", "40000"));
  EXPECT_TRUE(IsDenied(options, "dest.host", "a.example"));
  EXPECT_TRUE(IsDenied(options, "iface.in", "eth1"));
  EXPECT_TRUE(IsDenied(options, "iface.out", "eth0"));
  EXPECT_TRUE(IsDenied(options, "direction", "outgoing"));
  EXPECT_FALSE(IsDenied(options, "iface.out", "eth1"));
}

TEST(DescribedPacket, ComesInFromItsSource) {
  const RulesWhyOptions options{
      .to = "192.0.2.1:22", .source = "198.51.100.7", .direction = "incoming"};
  EXPECT_EQ(Described(options).situation.connection.local.ToString(), "192.0.2.1:22");
  EXPECT_TRUE(IsDenied(options, "source.ip", "198.51.100.7"));
  EXPECT_TRUE(IsDenied(options, "dest.ip", "192.0.2.1"));
  EXPECT_TRUE(IsDenied(options, "direction", "incoming"));
}

TEST(DescribedPacket, HasBothEndsInOneFamily) {
  EXPECT_TRUE(IsDenied({.to = "[2001:db8::1]:53"}, "protocol", "tcp6"));
  EXPECT_TRUE(IsDenied({.to = "a.example:53", .source = "2001:db8::2"}, "protocol", "tcp6"));
  EXPECT_TRUE(IsDenied({.to = ":53", .source = ":40000"}, "source.port", "40000"));
  EXPECT_THAT(WhyNot({.to = "192.0.2.1", .source = "2001:db8::2"}), HasSubstr("IPv6"));
}

TEST(DescribedPacket, HasAnUnknownProgramUnlessOneIsTold) {
  EXPECT_THAT(Described({.to = "192.0.2.1"}).situation.processes, IsEmpty());
  EXPECT_EQ(Described({.parent = "/bin/sh", .to = "192.0.2.1"}).situation.processes.size(), 1U);
}

TEST(DescribedPacket, IsSentNowOrWhenItIsTold) {
  EXPECT_EQ(Described({.to = "192.0.2.1"}).situation.now, kNow);
  const RulesWhyOptions options{.to = "192.0.2.1", .at = "2023-11-14 07:30Z"};
  EXPECT_EQ(Described(options).situation.now, WallTime(std::chrono::seconds(1699947000)));
}

TEST(DescribedPacket, SaysWhatIsWrong) {
  EXPECT_THAT(WhyNot({}), HasSubstr("--to"));
  EXPECT_THAT(WhyNot({.to = "192.0.2.1", .source = "a.example"}), HasSubstr("--source"));
  EXPECT_THAT(WhyNot({.to = "192.0.2.1", .direction = "up"}), HasSubstr("--direction"));
  EXPECT_THAT(WhyNot({.to = "192.0.2.1", .at = "some day"}), HasSubstr("--at"));
}

TEST(UntoldOperands, AreThoseThatTheOptionsDoNotTell) {
  const FactsNeeded needs = DenyWhere("iface.out", "eth0").Needs();
  EXPECT_THAT(UntoldOperands(needs, Described({.to = "192.0.2.1"})),
              ElementsAre("iface.in, iface.out"));
  EXPECT_THAT(UntoldOperands(needs, Described({.to = "192.0.2.1", .out_interface = "eth0"})),
              IsEmpty());
}

}  // namespace
}  // namespace procwall
