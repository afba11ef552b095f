// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/sink_socket.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <gtest/gtest.h>

namespace procwall {
namespace {

TEST(SinkSocket, NamesWhatIsNotThere) {
  const auto missing = ConnectSink(*ParseSinkTarget("syslog:/no/such/socket"));
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, Errc::kNotFound);
  const auto endless = ConnectSink(*ParseSinkTarget("syslog:/" + std::string(200, 'x')));
  ASSERT_FALSE(endless);
  EXPECT_EQ(endless.error().code, Errc::kTooLarge);
}

TEST(SinkSocket, IsConnectedOverUdp) {
  const auto udp = ConnectSink(*ParseSinkTarget("syslog:udp:127.0.0.1:514"));
  ASSERT_TRUE(udp) << udp.error().ToString();
  sockaddr_in peer{};
  socklen_t size = sizeof(peer);
  ASSERT_EQ(
      ::getpeername(udp->UnsafeFd(), static_cast<sockaddr*>(static_cast<void*>(&peer)), &size), 0);
  EXPECT_EQ(ntohs(peer.sin_port), 514);
}

}  // namespace
}  // namespace procwall
