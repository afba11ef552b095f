// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/metrics_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <prometheus/metric_family.h>

#include "base/unique_fd.h"

namespace procwall {
namespace {

using testing::HasSubstr;

sockaddr* Generic(sockaddr_in& address) {
  return static_cast<sockaddr*>(static_cast<void*>(&address));
}

sockaddr_in Loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

// One that nobody uses now.
std::uint16_t FreePort() {
  const UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address = Loopback(0);
  EXPECT_EQ(::bind(socket.UnsafeFd(), Generic(address), sizeof(address)), 0);
  socklen_t size = sizeof(address);
  EXPECT_EQ(::getsockname(socket.UnsafeFd(), Generic(address), &size), 0);
  return ntohs(address.sin_port);
}

std::string Fetch(std::uint16_t port) {
  const UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address = Loopback(port);
  if (::connect(socket.UnsafeFd(), Generic(address), sizeof(address)) != 0) return "";
  const std::string request = "GET /metrics HTTP/1.0\r\n\r\n";
  EXPECT_EQ(::send(socket.UnsafeFd(), request.data(), request.size(), 0),
            static_cast<ssize_t>(request.size()));
  std::string answer;
  std::array<char, 4096> buffer{};
  for (ssize_t n = 1; n > 0;) {
    n = ::recv(socket.UnsafeFd(), buffer.data(), buffer.size(), 0);
    if (n > 0) answer.append(buffer.data(), static_cast<std::size_t>(n));
  }
  return answer;
}

std::vector<prometheus::MetricFamily> OneGauge() {
  prometheus::MetricFamily family;
  family.name = "procwall_test";
  family.type = prometheus::MetricType::Gauge;
  family.metric.emplace_back().gauge.value = 7;
  return {family};
}

TEST(MetricsServer, ServesMetrics) {
  const std::uint16_t port = FreePort();
  const auto server = MetricsServer::Start("127.0.0.1:" + std::to_string(port), OneGauge);
  ASSERT_TRUE(server) << server.error();
  EXPECT_THAT(Fetch(port), HasSubstr("procwall_test 7\n"));
}

TEST(MetricsServer, SaysWhatIsWrongWithItsAddress) {
  EXPECT_FALSE(MetricsServer::Start("0.0.0.0:9477", OneGauge));
  const std::uint16_t port = FreePort();
  const std::string address = "127.0.0.1:" + std::to_string(port);
  const auto first = MetricsServer::Start(address, OneGauge);
  ASSERT_TRUE(first);
  const auto second = MetricsServer::Start(address, OneGauge);
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error(), HasSubstr(address + ": cannot be listened at"));
}

}  // namespace
}  // namespace procwall
