// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/stream_sink.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>

#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"

namespace procwall {
namespace {

sockaddr* SocketAddress(sockaddr_in& address) {
  return static_cast<sockaddr*>(static_cast<void*>(&address));
}

// A syslog server on loopback.
class Server {
 public:
  Server() {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::bind(listener_.UnsafeFd(), SocketAddress(address), sizeof(address)), 0);
    EXPECT_EQ(::listen(listener_.UnsafeFd(), 4), 0);
    socklen_t size = sizeof(address);
    EXPECT_EQ(::getsockname(listener_.UnsafeFd(), SocketAddress(address), &size), 0);
    port_ = ntohs(address.sin_port);
  }
  std::uint16_t Port() const { return port_; }
  void Accept() { client_ = UniqueFd(::accept(listener_.UnsafeFd(), nullptr, nullptr)); }
  void HangUp() { client_.Reset(); }
  std::string Read(std::size_t size) const {
    std::string text(size, '\0');
    return ::recv(client_.UnsafeFd(), text.data(), size, MSG_WAITALL) == static_cast<ssize_t>(size)
               ? text
               : "";
  }

 private:
  UniqueFd listener_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  UniqueFd client_{};
  std::uint16_t port_ = 0;
};

class StreamSinkTest : public testing::Test {
 protected:
  static v1::Event To(const std::string& host) {
    v1::Event event;
    event.set_dst_host(host);
    return event;
  }

  Server server;
  FakeClock clock;
  StreamSink sink{*ParseSinkTarget("syslog:tcp:127.0.0.1:" + std::to_string(server.Port())), clock,
                  [](const v1::Event& event) { return event.dst_host(); }};
};

TEST_F(StreamSinkTest, SendsEachEventWithItsLength) {
  EXPECT_TRUE(sink.Write(To("hello")));
  EXPECT_TRUE(sink.Write(To("you")));
  sink.Flush();
  server.Accept();
  sink.Flush();  // where it was not connected yet
  EXPECT_EQ(server.Read(12), "5 hello3 you");
}

TEST_F(StreamSinkTest, KeepsABoundedAmountForWhoDoesNotRead) {
  const std::string large(1000, 'x');
  std::size_t taken = 0;
  while (sink.Write(To(large))) ++taken;
  EXPECT_LE(taken * 1000, StreamSink::kMostWaiting);
  EXPECT_NE(sink.Trouble(), "");
}

TEST_F(StreamSinkTest, ConnectsAgainAfterAWhile) {
  EXPECT_TRUE(sink.Write(To("a")));
  sink.Flush();
  server.Accept();
  sink.Flush();
  EXPECT_EQ(server.Read(3), "1 a");
  server.HangUp();
  for (int i = 0; i < 1000 && sink.Trouble().empty(); ++i) {  // the news takes a moment
    sink.Write(To("late"));
    sink.Flush();
    ::usleep(1000);
  }
  ASSERT_NE(sink.Trouble(), "");
  clock.Advance(StreamSink::kRetry);
  EXPECT_TRUE(sink.Write(To("b")));
  sink.Flush();
  server.Accept();
  sink.Flush();
  EXPECT_EQ(server.Read(9), "4 late1 b");  // what was not begun comes late
  EXPECT_EQ(sink.TakeLost(), 0U);
}

TEST_F(StreamSinkTest, GoesOnWithAWholeEventAfterAConnectionBroke) {
  const std::string large(1000, 'x');
  EXPECT_TRUE(sink.Write(To("a")));
  sink.Flush();
  server.Accept();
  while (sink.Write(To(large))) sink.Flush();  // until nothing more is taken
  const std::string full = sink.Trouble();
  server.HangUp();
  for (int i = 0; i < 1000 && sink.Trouble() == full; ++i) {  // the news takes a moment
    sink.Flush();
    ::usleep(1000);
  }
  ASSERT_NE(sink.Trouble(), full);
  EXPECT_LE(sink.TakeLost(), 1U);  // the one that was begun, if one was
  clock.Advance(StreamSink::kRetry);
  sink.Flush();
  server.Accept();
  sink.Flush();
  EXPECT_EQ(server.Read(6), "1000 x");
}

}  // namespace
}  // namespace procwall
