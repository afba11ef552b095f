// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/sockets_report.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/unique_fd.h"

namespace procwall {
namespace {

SocketWithOwners Connected(Pid pid, std::vector<std::string> args = {"curl", "-v"}) {
  SocketWithOwners row;
  row.socket.local = {IpAddress::V4({10, 0, 0, 2}), 40000};
  row.socket.remote = {IpAddress::V4({192, 0, 2, 1}), 443};
  row.socket.state = SocketState::kEstablished;
  row.socket.uid = 1000;
  row.socket.inode = 77;
  row.socket.cookie = (std::uint64_t{5} << 32U) | 6;
  row.socket.send_queue = 3;
  Process process{.path = "/usr/bin/curl"};
  process.id.pid = pid;
  process.args = std::move(args);
  process.comm = "curl";
  row.owners = {std::make_shared<const Process>(std::move(process))};
  return row;
}

SocketWithOwners Waiting() {
  SocketWithOwners row;
  row.socket.family = IpFamily::kV6;
  row.socket.protocol = IpProtocol::kUdp;
  row.socket.state = SocketState::kClose;
  return row;
}

nlohmann::json Report(const std::vector<SocketWithOwners>& table,
                      const SocketsWanted& wanted = {}) {
  return nlohmann::json::parse(SocketsReport(table, wanted));
}

TEST(SocketsReport, HasWhatTheGuiReads) {
  const auto report = Report({Connected(100), Waiting()});
  ASSERT_EQ(report["Table"].size(), 2U);
  const auto& row = report["Table"][0];
  EXPECT_EQ(row["PID"], 100);
  EXPECT_EQ(row["Proto"], 6);
  const auto& socket = row["Socket"];
  EXPECT_EQ(socket["ID"]["Source"], "10.0.0.2");
  EXPECT_EQ(socket["ID"]["SourcePort"], 40000);
  EXPECT_EQ(socket["ID"]["Destination"], "192.0.2.1");
  EXPECT_EQ(socket["ID"]["DestinationPort"], 443);
  EXPECT_EQ(socket["ID"]["Cookie"], (nlohmann::json{6, 5}));
  EXPECT_EQ(socket["State"], 1);
  EXPECT_EQ(socket["Family"], AF_INET);
  EXPECT_EQ(socket["WQueue"], 3);
  EXPECT_EQ(report["Processes"]["100"]["Path"], "/usr/bin/curl");
  EXPECT_EQ(report["Processes"]["100"]["Args"], (nlohmann::json{"curl", "-v"}));
  EXPECT_EQ(report["Table"][1]["PID"], 0);
  EXPECT_EQ(report["Processes"].size(), 1U);
}

TEST(SocketsReport, HasThoseThatAreWanted) {
  const std::vector<SocketWithOwners> table = {Connected(100), Waiting()};
  EXPECT_EQ(Report(table, {.state = 1})["Table"].size(), 1U);
  EXPECT_EQ(Report(table, {.protocol = IPPROTO_UDP})["Table"][0]["Proto"], 17);
  EXPECT_EQ(Report(table, {.family = AF_INET6})["Table"][0]["Socket"]["Family"], AF_INET6);
  EXPECT_TRUE(Report(table, {.state = 1, .protocol = IPPROTO_UDP})["Table"].empty());
  EXPECT_TRUE(Report({})["Processes"].is_object());
}

TEST(SocketsReport, IsNoLargerThanAGuiTakes) {
  std::vector<SocketWithOwners> many(100'000, Waiting());
  EXPECT_LT(SocketsReport(many, {}).size(), kMostSocketsReportBytes);
  // Each character is six in JSON, and these are not UTF-8.
  many.assign(100, Connected(100, {std::string(100'000, '\x01'), "\xff"}));
  for (std::size_t i = 0; i < many.size(); ++i) {
    Process process = *many[i].owners.front();
    process.id.pid = static_cast<Pid>(i + 1);
    many[i].owners = {std::make_shared<const Process>(process)};
  }
  const std::string report = SocketsReport(many, {});
  EXPECT_LT(report.size(), kMostSocketsReportBytes + 65536);
  EXPECT_EQ(nlohmann::json::parse(report)["Processes"].size(), 5U);
}

TEST(ReadSocketsReport, FindsASocketOfOurOwn) {
  const UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  ASSERT_EQ(::listen(socket.UnsafeFd(), 1), 0);
  const auto text = ReadSocketsReport({.state = 10});
  ASSERT_TRUE(text) << text.error();
  const auto report = nlohmann::json::parse(*text);
  bool is_there = false;
  for (const auto& row : report["Table"]) is_there = is_there || row["PID"] == ::getpid();
  EXPECT_TRUE(is_there);
  EXPECT_EQ(report["Processes"][std::to_string(::getpid())]["Comm"], "unit_daemon");
}

}  // namespace
}  // namespace procwall
