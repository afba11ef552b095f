// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/witness_record.h"

#include <sys/sysmacros.h>

#include <cstring>
#include <string>

#include <gtest/gtest.h>

namespace procwall {
namespace {

witness::Actor Curl() {
  return {.pid = 77,
          .kernel_pid = 1077,
          .uid = 1000,
          .device = (8U << 20U) | 1U,
          .start_time = 1'234'567'890,
          .exec_number = 3,
          .inode = 42,
          .cgroup_id = 9};
}

std::string RecordOf(std::uint32_t kind, const std::string& path = {},
                     const std::string& arguments = {}) {
  witness::ProcessRecord record{};
  record.kind = kind;
  record.exit_status = 256;
  record.time = 5;
  record.actor = Curl();
  record.parent_pid = 50;
  record.parent_start_time = 1'000'000'000;
  record.path_bytes = static_cast<std::uint16_t>(path.size());
  record.argument_bytes = static_cast<std::uint16_t>(arguments.size());
  std::string bytes(sizeof(record), '\0');
  std::memcpy(bytes.data(), &record, sizeof(record));
  return bytes + path + arguments;
}

Connection DnsQuery() {
  Connection connection;
  connection.protocol = IpProtocol::kUdp;
  connection.local = {IpAddress::V4({10, 0, 0, 1}), 4000};
  connection.remote = {IpAddress::V4({10, 0, 0, 2}), 53};
  return connection;
}

TEST(FlowNameOf, WritesIpv4AsMappedAddresses) {
  const witness::FlowName name = FlowNameOf(DnsQuery(), 7);
  const std::array<std::uint8_t, 16> local = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 10, 0, 0, 1};
  EXPECT_EQ(std::memcmp(name.local, local.data(), local.size()), 0);
  EXPECT_EQ(name.netns_cookie, 7U);
  EXPECT_EQ(name.local_port, 4000);
  EXPECT_EQ(name.remote_port, 53);
  EXPECT_EQ(name.protocol, 17);
}

TEST(FlowNameOf, LeavesTheLocalAddressOutOnWish) {
  const witness::FlowName name = WithoutLocalAddress(FlowNameOf(DnsQuery(), 7));
  const std::array<std::uint8_t, 16> any = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 0, 0, 0, 0};
  EXPECT_EQ(std::memcmp(name.local, any.data(), any.size()), 0);
  EXPECT_EQ(name.local_port, 4000);
}

TEST(SocketUseOf, TellsWhoAndHow) {
  witness::WitnessedSocket socket{};
  socket.user = Curl();
  socket.hook = witness::kHookConnect;
  const Actor curl{
      .program = {.id = {77, 123}, .exec_number = 3, .executable = {::gnu_dev_makedev(8, 1), 42}},
      .uid = 1000,
      .cgroup_id = 9};
  EXPECT_EQ(SocketUseOf(socket, 5), (SocketUse{.cookie = 5,
                                               .creator = std::nullopt,
                                               .user = curl,
                                               .hook = WitnessHook::kConnect,
                                               .used_at = {},
                                               .shared_at_scan = false}));
}

TEST(SocketUseIn, KnowsTheSocketWhoseSlotItIs) {
  witness::SocketSlot slot{};
  slot.cookie = 65536 + 5;
  slot.socket.hook = witness::kHookConnect;
  EXPECT_EQ(SocketSlotOf(slot.cookie), 5U);
  EXPECT_EQ(SocketUseIn(slot, 65536 + 5).value().hook, WitnessHook::kConnect);
}

TEST(SocketUseIn, KnowsNothingOfASocketThatLostItsSlotToAYoungerOne) {
  witness::SocketSlot slot{};
  slot.cookie = 65536 + 5;
  EXPECT_EQ(SocketUseIn(slot, 5), std::nullopt);
}

TEST(SocketUseIn, KnowsNothingOfASocketWithoutACookie) {
  EXPECT_EQ(SocketUseIn(witness::SocketSlot{}, 0), std::nullopt);
}

TEST(SocketUseOf, KnowsNoHookFromTheFuture) {
  witness::WitnessedSocket socket{};
  socket.hook = 200;
  EXPECT_EQ(SocketUseOf(socket, 5).hook, WitnessHook::kNone);
}

TEST(FlowUseOf, TellsWhenItWasLastSent) {
  witness::WitnessedFlow flow{};
  flow.used_at = 99;
  EXPECT_EQ(FlowUseOf(flow, {}).socket.used_at, BootTime(std::chrono::nanoseconds(99)));
}

TEST(FlowUseOf, ForgetsThePreviousSenderWhenItsTimeIsOver) {
  witness::WitnessedFlow flow{};
  flow.previous = Curl();
  flow.previous_until = 1000;
  flow.flags = witness::kMoreSenders;
  EXPECT_TRUE(FlowUseOf(flow, BootTime(std::chrono::nanoseconds(999))).previous);
  EXPECT_TRUE(FlowUseOf(flow, BootTime(std::chrono::nanoseconds(999))).more_previous);
  EXPECT_FALSE(FlowUseOf(flow, BootTime(std::chrono::nanoseconds(1000))).previous);
  EXPECT_FALSE(FlowUseOf(flow, BootTime(std::chrono::nanoseconds(1000))).more_previous);
}

TEST(ParseProcessRecord, ReadsAnExec) {
  const std::string record =
      RecordOf(witness::kEventExec, "/usr/bin/curl", std::string("curl\0a b\0", 9));
  const auto event = ParseProcessRecord(AsBytes(record));
  ASSERT_TRUE(event);
  const auto& executed = std::get<ProcessExecuted>(event->what);
  EXPECT_EQ(executed.id, (ProcessId{77, 123}));
  EXPECT_EQ(executed.parent, (ProcessId{50, 100}));
  EXPECT_EQ(executed.path, "/usr/bin/curl");
  EXPECT_EQ(executed.args, (std::vector<std::string>{"curl", "a b"}));
  EXPECT_EQ(executed.exec_number, 3U);
  EXPECT_EQ(executed.uid, 1000U);
}

TEST(ParseProcessRecord, ReadsForkAndExit) {
  const auto fork = ParseProcessRecord(AsBytes(RecordOf(witness::kEventFork)));
  ASSERT_TRUE(fork);
  EXPECT_EQ(std::get<ProcessForked>(fork->what).parent, (ProcessId{50, 100}));
  const auto exit = ParseProcessRecord(AsBytes(RecordOf(witness::kEventExit)));
  ASSERT_TRUE(exit);
  EXPECT_EQ(std::get<ProcessExited>(exit->what).status, 256);
}

TEST(ParseProcessRecord, RefusesARecordCutAnywhere) {
  const std::string whole = RecordOf(witness::kEventExec, "/bin/x", std::string("x\0", 2));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const std::string cut = whole.substr(0, size);
    ASSERT_FALSE(ParseProcessRecord(AsBytes(cut))) << size;
  }
}

TEST(ParseProcessRecord, RefusesAKindItDoesNotKnow) {
  const std::string record = RecordOf(9);
  const auto event = ParseProcessRecord(AsBytes(record));
  ASSERT_FALSE(event);
  EXPECT_EQ(event.error().code, Errc::kMalformed);
}

}  // namespace
}  // namespace procwall
