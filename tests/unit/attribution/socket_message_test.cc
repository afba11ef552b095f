// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/socket_message.h"

#include <gtest/gtest.h>

#include "net/netlink_message.h"
#include "tests/support/socket_reply.h"

namespace procwall {
namespace {

constexpr Endpoint kNearEnd{IpAddress::V4({192, 0, 2, 1}), 40000};
constexpr Endpoint kFarEnd{IpAddress::V4({192, 0, 2, 99}), 443};

Connection Outgoing(IpProtocol protocol) {
  Connection connection;
  connection.protocol = protocol;
  connection.local = kNearEnd;
  connection.remote = kFarEnd;
  connection.in_ifindex = 8;
  connection.out_ifindex = 3;
  return connection;
}

SocketEntry Socket() {
  SocketEntry socket;
  socket.local = kNearEnd;
  socket.remote = kFarEnd;
  socket.state = SocketState::kSynSent;
  socket.ifindex = 3;
  socket.uid = 1000;
  socket.inode = 4711;
  socket.cookie = 0x1122334455667788;
  socket.receive_queue = 5;
  socket.send_queue = 6;
  return socket;
}

template <typename Body = inet_diag_req_v2, typename Request>
Body BodyOf(const Request& request) {
  ByteReader datagram(request);
  return *ByteReader(ReadNetlinkMessage(datagram)->body).Read<Body>("body");
}
template <typename Request>
int FlagsOf(const Request& request) {
  ByteReader datagram(request);
  return ReadNetlinkMessage(datagram)->flags;
}

// The ends as a request carries them.
inet_diag_sockid Ends(const Endpoint& source, const Endpoint& destination) {
  inet_diag_sockid id{};
  id.idiag_sport = htons(source.port);
  id.idiag_dport = htons(destination.port);
  PutDiagAddress(source.address.Family(), source.address, id.idiag_src);
  PutDiagAddress(destination.address.Family(), destination.address, id.idiag_dst);
  return id;
}
bool SameEnds(const inet_diag_sockid& a, const inet_diag_sockid& b) {
  return std::memcmp(&a, &b, offsetof(inet_diag_sockid, idiag_if)) == 0;
}

TEST(EncodeExactRequest, PutsTheLocalEndOfTcpFirst) {
  const auto body = BodyOf(EncodeExactRequest(Outgoing(IpProtocol::kTcp)));
  EXPECT_TRUE(SameEnds(body.id, Ends(kNearEnd, kFarEnd)));
  EXPECT_EQ(body.sdiag_family, AF_INET);
  EXPECT_EQ(body.sdiag_protocol, IPPROTO_TCP);
}

TEST(EncodeExactRequest, PutsTheRemoteEndOfUdpFirst) {
  for (const IpProtocol protocol : {IpProtocol::kUdp, IpProtocol::kUdpLite}) {
    const auto body = BodyOf(EncodeExactRequest(Outgoing(protocol)));
    EXPECT_TRUE(SameEnds(body.id, Ends(kFarEnd, kNearEnd)));
  }
}

TEST(EncodeExactRequest, NamesTheInterfaceOfThePacket) {
  Connection connection = Outgoing(IpProtocol::kTcp);
  EXPECT_EQ(BodyOf(EncodeExactRequest(connection)).id.idiag_if, 3U);
  connection.direction = Direction::kIncoming;
  EXPECT_EQ(BodyOf(EncodeExactRequest(connection)).id.idiag_if, 8U);
}

TEST(EncodeExactRequest, AcceptsAnyCookie) {
  const auto body = BodyOf(EncodeExactRequest(Outgoing(IpProtocol::kTcp)));
  EXPECT_EQ(body.id.idiag_cookie[0], INET_DIAG_NOCOOKIE);
  EXPECT_EQ(body.id.idiag_cookie[1], INET_DIAG_NOCOOKIE);
}

TEST(EncodeDumpRequest, FiltersByLocalPortAndLeavesOutSocketsThatAreOnlyBound) {
  const SocketRequest request = EncodeDumpRequest(IpProtocol::kUdp, IpFamily::kV6, 53);
  const auto body = BodyOf(request);
  EXPECT_EQ(FlagsOf(request), NLM_F_REQUEST | NLM_F_DUMP);
  EXPECT_EQ(body.sdiag_family, AF_INET6);
  EXPECT_EQ(body.sdiag_protocol, IPPROTO_UDP);
  EXPECT_EQ(body.id.idiag_sport, htons(53));
  EXPECT_EQ(body.idiag_states, 0x1ffeU);
}

TEST(EncodeLiveTcpDumpRequest, LeavesOutWhatOnlyWaits) {
  const auto all = BodyOf<inet_diag_req>(EncodeTcpDumpRequest(0));
  const auto live = BodyOf<inet_diag_req>(EncodeLiveTcpDumpRequest());
  EXPECT_EQ(all.idiag_states ^ live.idiag_states, 1U << 6);  // TCP_TIME_WAIT
  EXPECT_EQ(live.id.idiag_sport, 0);
}

TEST(EncodeTcpDumpRequest, AsksForBothFamilies) {
  const auto body = BodyOf<inet_diag_req>(EncodeTcpDumpRequest(443));
  EXPECT_EQ(body.idiag_family, AF_UNSPEC);
  EXPECT_EQ(body.id.idiag_sport, htons(443));
  EXPECT_EQ(body.idiag_states, 0x1ffeU);
}

TEST(EncodeProbeRequest, AsksForNoSocket) {
  EXPECT_EQ(BodyOf(EncodeProbeRequest(IpProtocol::kSctp)).idiag_states, 0U);
}

TEST(EncodeDestroyRequest, NamesOneSocketByItsCookieInNaturalOrder) {
  SocketEntry socket = Socket();
  for (const IpProtocol protocol : {IpProtocol::kTcp, IpProtocol::kUdp}) {
    socket.protocol = protocol;
    const SocketRequest request = EncodeDestroyRequest(socket);
    const auto body = BodyOf(request);
    EXPECT_EQ(FlagsOf(request), NLM_F_REQUEST | NLM_F_ACK);
    EXPECT_TRUE(SameEnds(body.id, Ends(kNearEnd, kFarEnd)));
    EXPECT_EQ(body.id.idiag_if, 3U);
    EXPECT_EQ(body.id.idiag_cookie[0], 0x55667788U);
    EXPECT_EQ(body.id.idiag_cookie[1], 0x11223344U);
  }
}

TEST(EncodeDestroyRequest, LooksForAMappedSocketAmongTheIpv4Ones) {
  SocketEntry socket = Socket();
  socket.family = IpFamily::kV6;
  EXPECT_EQ(BodyOf(EncodeDestroyRequest(socket)).sdiag_family, AF_INET);
  socket.remote = {IpAddress::V6({}), 0};
  EXPECT_EQ(BodyOf(EncodeDestroyRequest(socket)).sdiag_family, AF_INET);
  socket.local.address = IpAddress::V6({});
  EXPECT_EQ(BodyOf(EncodeDestroyRequest(socket)).sdiag_family, AF_INET6);
}

TEST(DecodeSocket, TellsAllTheKernelSaid) {
  const auto socket = DecodeSocket(IpProtocol::kTcp, SocketReply(Socket()).Build());
  ASSERT_TRUE(socket);
  EXPECT_EQ(*socket, Socket());
}

TEST(DecodeSocket, ReadsAddressesOfIpv6) {
  SocketEntry expected = Socket();
  expected.family = IpFamily::kV6;
  expected.local.address =
      IpAddress::V6({0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0x9f, 0xc2, 0xdd, 0xcf, 0xdf, 0x22, 0xaa, 0x50});
  expected.remote.address = IpAddress::V6({0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
  expected.v6_only = true;
  const auto socket = DecodeSocket(IpProtocol::kTcp, SocketReply(expected).Build());
  ASSERT_TRUE(socket);
  EXPECT_EQ(*socket, expected);
}

TEST(DecodeSocket, NormalisesMappedAddressesAndKeepsTheFamilyOfTheSocket) {
  SocketEntry mapped = Socket();
  mapped.family = IpFamily::kV6;
  const auto socket = DecodeSocket(IpProtocol::kTcp, SocketReply(mapped).Build());
  ASSERT_TRUE(socket);
  EXPECT_EQ(*socket, mapped);
}

TEST(DecodeSocket, TakesAStateItDoesNotKnowForUnknown) {
  SocketEntry future = Socket();
  future.state = static_cast<SocketState>(13);
  const auto socket = DecodeSocket(IpProtocol::kTcp, SocketReply(future).Build());
  ASSERT_TRUE(socket);
  EXPECT_EQ(socket->state, SocketState::kUnknown);
}

TEST(DecodeSocket, RefusesAnotherMessage) {
  const auto socket = DecodeSocket(IpProtocol::kTcp, NetlinkError(0, 0));
  ASSERT_FALSE(socket);
  EXPECT_EQ(socket.error().code, Errc::kUnsupported);
}

TEST(DecodeSocket, RefusesAnotherFamily) {
  inet_diag_msg body{};
  body.idiag_family = AF_UNIX;
  const auto socket =
      DecodeSocket(IpProtocol::kTcp, NetlinkBuilder(SOCK_DIAG_BY_FAMILY).Body(body).Build());
  ASSERT_FALSE(socket);
  EXPECT_EQ(socket.error().code, Errc::kUnsupported);
}

TEST(DecodeSocket, RefusesEveryCut) {
  const ByteVector whole = SocketReply(Socket()).Build();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto socket = DecodeSocket(IpProtocol::kTcp, Bytes(whole).first(size));
    ASSERT_FALSE(socket) << size;
    EXPECT_EQ(socket.error().code, Errc::kTruncated) << size;
  }
}

TEST(DecodeSocket, SurvivesEveryFlippedByte) {
  const ByteVector whole = SocketReply(Socket()).Build();
  for (std::size_t i = 0; i < whole.size(); ++i) {
    ByteVector flipped = whole;
    flipped[i] ^= std::byte{0xff};
    if (const auto socket = DecodeSocket(IpProtocol::kTcp, flipped)) {
      EXPECT_LE(socket->state, SocketState::kNewSynRecv) << i;
    }
  }
}

}  // namespace
}  // namespace procwall
