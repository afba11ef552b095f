// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/api_inquiries.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <set>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/unique_fd.h"
#include "tests/unit/daemon/api_world.h"

namespace procwall {
namespace {

class ApiInquiriesTest : public ApiWorld {
 protected:
  grpc::Status List(std::uint32_t size, const std::string& token,
                    v1::ListConnectionsResponse& response) const {
    grpc::ClientContext context;
    SetDeadline(context);
    v1::ListConnectionsRequest request;
    request.set_page_size(size);
    request.set_page_token(token);
    return stub->ListConnections(&context, request, &response);
  }
  // Sockets of ours, bound to loopback.
  static std::vector<UniqueFd> BindSockets(int count) {
    std::vector<UniqueFd> sockets;
    for (int i = 0; i < count; ++i) {
      sockets.emplace_back(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
      sockaddr_in address{};
      address.sin_family = AF_INET;
      address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
      EXPECT_EQ(
          ::bind(sockets.back().UnsafeFd(),
                 static_cast<const sockaddr*>(static_cast<const void*>(&address)), sizeof(address)),
          0);
    }
    return sockets;
  }
};

TEST_F(ApiInquiriesTest, ListsEverySocketOnceInPages) {
  ASSERT_EQ(Start(), "");
  const auto sockets = BindSockets(5);
  std::multiset<std::uint64_t> mine;
  std::string token;
  int pages = 0;
  do {
    v1::ListConnectionsResponse page;
    ASSERT_TRUE(List(2, token, page).ok());
    EXPECT_LE(page.sockets_size(), 2);
    for (const v1::LiveSocket& socket : page.sockets()) {
      const bool is_mine = std::ranges::any_of(
          socket.holders(), [](const v1::Process& process) { return process.pid() == ::getpid(); });
      if (is_mine && socket.protocol() == "udp") mine.insert(socket.socket().inode());
    }
    token = page.next_page_token();
  } while (!token.empty() && ++pages < 10'000);
  EXPECT_GE(mine.size(), 5U);
  EXPECT_EQ(std::set<std::uint64_t>(mine.begin(), mine.end()).size(), mine.size());
}

TEST_F(ApiInquiriesTest, AForgedPlaceIsRefused) {
  ASSERT_EQ(Start(), "");
  v1::ListConnectionsResponse page;
  for (const char* token : {"x", "6 1.2.3.4 80", "6 1.2.3.4 80 5.6.7.8 90 1 2 3"}) {
    EXPECT_EQ(List(2, token, page).error_code(), grpc::StatusCode::INVALID_ARGUMENT) << token;
  }
}

TEST_F(ApiInquiriesTest, DiagnosesTheHostAsTheDoctorDoes) {
  ASSERT_EQ(Start(), "");
  grpc::ClientContext context;
  SetDeadline(context);
  v1::DiagnoseResponse response;
  ASSERT_TRUE(stub->Diagnose(&context, {}, &response).ok());
  const auto json = nlohmann::json::parse(response.json());
  EXPECT_EQ(json.at("daemon_pid"), ::getpid());
  EXPECT_FALSE(json.at("tiers").empty());
}

TEST_F(ApiInquiriesTest, TestsTheRulesInForce) {
  ASSERT_EQ(Start(), "");
  ASSERT_TRUE(Put(DenyRule("no-curl", "/usr/bin/curl")).ok());
  grpc::ClientContext context;
  SetDeadline(context);
  const auto request = FromText<v1::TestRulesRequest>(
      R"(event { dst_ip: "192.0.2.1" dst_port: 443 process { path: "/usr/bin/curl" } })");
  v1::TestRulesResponse response;
  ASSERT_TRUE(stub->TestRules(&context, request, &response).ok());
  EXPECT_EQ(response.judgement().action(), v1::ACTION_DENY);
  EXPECT_EQ(response.judgement().rule(), "no-curl");
}

TEST_F(ApiInquiriesTest, JudgesAgainByOtherRules) {
  ASSERT_EQ(Start(), "");
  Event event;
  event.connection = Connection{.local = {IpAddress::V4({10, 0, 0, 1}), 40000},
                                .remote = {IpAddress::V4({192, 0, 2, 1}), 443}};
  event.judged_action = RuleAction::kAllow;
  log.Append(std::move(event));
  grpc::ClientContext context;
  SetDeadline(context);
  const auto request = FromText<v1::ReplayRulesRequest>(
      R"(rules { name: "no-web" enabled: true action: "deny" duration: "always"
                 operator { type: "simple" operand: "dest.port" data: "443" } })");
  v1::ReplayRulesResponse response;
  ASSERT_TRUE(stub->ReplayRules(&context, request, &response).ok());
  EXPECT_EQ(response.judged(), 1U);
  ASSERT_EQ(response.decisions_size(), 1);
  EXPECT_EQ(response.decisions(0).now().rule(), "no-web");
  v1::ListRulesResponse in_force;
  grpc::ClientContext listing;
  ASSERT_TRUE(stub->ListRules(&listing, {}, &in_force).ok());
  EXPECT_EQ(in_force.rules_size(), 0);  // it was only tried
}

TEST_F(ApiInquiriesTest, ManyAtOnceAreAnsweredOrToldThatTheyAreTooMany) {
  ASSERT_EQ(Start(), "");
  std::vector<std::thread> askers;
  std::atomic<int> answered{0};
  std::atomic<int> refused{0};
  for (int i = 0; i < 60; ++i) {
    askers.emplace_back([&] {
      grpc::ClientContext context;
      SetDeadline(context);
      v1::DiagnoseResponse response;
      const grpc::Status outcome = stub->Diagnose(&context, {}, &response);
      if (outcome.ok()) ++answered;
      if (outcome.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED) ++refused;
    });
  }
  for (std::thread& asker : askers) asker.join();
  EXPECT_EQ(answered + refused, 60);
  EXPECT_GT(answered, 0);
}

TEST_F(ApiInquiriesTest, ItsEndAnswersThoseWhoWait) {
  ASSERT_EQ(Start(), "");
  std::vector<std::thread> askers;
  std::atomic<int> ended{0};
  for (int i = 0; i < 10; ++i) {
    askers.emplace_back([&] {
      grpc::ClientContext context;
      SetDeadline(context);
      v1::DiagnoseResponse response;
      const auto code = stub->Diagnose(&context, {}, &response).error_code();
      if (code != grpc::StatusCode::DEADLINE_EXCEEDED) ++ended;
    });
  }
  server.reset();
  for (std::thread& asker : askers) asker.join();
  EXPECT_EQ(ended, 10);
}

}  // namespace
}  // namespace procwall
