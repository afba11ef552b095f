// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/socket_message.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>

#include <bit>
#include <cstring>
#include <span>

#include "net/netlink_message.h"

namespace procwall {
namespace {

template <typename Body>
struct Request {
  nlmsghdr header;
  Body body;
};
static_assert(sizeof(Request<inet_diag_req_v2>) == sizeof(SocketRequest));
static_assert(sizeof(Request<inet_diag_req>) == sizeof(OldSocketRequest));

// The kernel would walk its whole bind table for TCP_BOUND_INACTIVE (13, since 6.8).
constexpr std::uint32_t kAllStates = (1U << (static_cast<unsigned>(SocketState::kNewSynRecv) + 1)) -
                                     (1U << static_cast<unsigned>(SocketState::kEstablished));

nlmsghdr HeaderFor(std::size_t length, int type, int flags) {
  nlmsghdr header{};
  header.nlmsg_len = static_cast<std::uint32_t>(length);
  header.nlmsg_type = static_cast<std::uint16_t>(type);
  header.nlmsg_flags = static_cast<std::uint16_t>(NLM_F_REQUEST | flags);
  return header;
}

Request<inet_diag_req_v2> RequestFor(IpProtocol protocol, IpFamily family, int type, int flags) {
  Request<inet_diag_req_v2> request{};
  request.header = HeaderFor(sizeof(request), type, flags);
  request.body.sdiag_family = family == IpFamily::kV4 ? AF_INET : AF_INET6;
  request.body.sdiag_protocol = static_cast<std::uint8_t>(protocol);
  return request;
}

// Writes an address into idiag_src or idiag_dst of a request of one family. The unspecified
// addresses of both families are zeros, so a v6 socket's :: is fit for a v4 request too.
void PutAddress(const IpAddress& address, std::span<std::uint32_t, 4> words) {
  std::memcpy(words.data(), address.Data(), address.Size());
}

// The kernel's own view of whom it should look for: `source` and `destination` as it reads them.
void PutEnds(const Endpoint& source, const Endpoint& destination, inet_diag_sockid& id) {
  id.idiag_sport = htons(source.port);
  id.idiag_dport = htons(destination.port);
  PutAddress(source.address, id.idiag_src);
  PutAddress(destination.address, id.idiag_dst);
}

bool TakesEndsSwapped(IpProtocol protocol) {
  return protocol == IpProtocol::kUdp || protocol == IpProtocol::kUdpLite;
}

Result<IpAddress> AddressOf(std::uint8_t family, std::span<const std::uint32_t, 4> words) {
  if (family == AF_INET) {
    std::array<std::uint8_t, 4> bytes{};
    std::memcpy(bytes.data(), words.data(), bytes.size());
    return IpAddress::V4(bytes);
  }
  if (family == AF_INET6) {
    std::array<std::uint8_t, 16> bytes{};
    std::memcpy(bytes.data(), words.data(), bytes.size());
    return IpAddress::V6(bytes);
  }
  return Error{Errc::kUnsupported, 0, "decode socket of another family"};
}

SocketState StateOf(std::uint8_t number) {
  return number <= static_cast<std::uint8_t>(SocketState::kNewSynRecv)
             ? static_cast<SocketState>(number)
             : SocketState::kUnknown;
}

}  // namespace

SocketRequest EncodeExactRequest(const Connection& connection) {
  auto request = RequestFor(connection.protocol, connection.Family(), SOCK_DIAG_BY_FAMILY, 0);
  inet_diag_sockid& id = request.body.id;
  if (TakesEndsSwapped(connection.protocol)) {
    PutEnds(connection.remote, connection.local, id);
  } else {
    PutEnds(connection.local, connection.remote, id);
  }
  id.idiag_if =
      connection.direction == Direction::kOutgoing ? connection.out_ifindex : connection.in_ifindex;
  id.idiag_cookie[0] = INET_DIAG_NOCOOKIE;
  id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;
  return std::bit_cast<SocketRequest>(request);
}

SocketRequest EncodeDumpRequest(IpProtocol protocol, IpFamily family, Port local_port) {
  auto request = RequestFor(protocol, family, SOCK_DIAG_BY_FAMILY, NLM_F_DUMP);
  request.body.idiag_states = kAllStates;
  request.body.id.idiag_sport = htons(local_port);
  return std::bit_cast<SocketRequest>(request);
}

OldSocketRequest EncodeTcpDumpRequest(Port local_port) {
  Request<inet_diag_req> request{};
  request.header = HeaderFor(sizeof(request), TCPDIAG_GETSOCK, NLM_F_DUMP);
  request.body.idiag_family = AF_UNSPEC;
  request.body.idiag_states = kAllStates;
  request.body.id.idiag_sport = htons(local_port);
  return std::bit_cast<OldSocketRequest>(request);
}

OldSocketRequest EncodeLiveTcpDumpRequest() {
  auto request = std::bit_cast<Request<inet_diag_req>>(EncodeTcpDumpRequest(0));
  request.body.idiag_states &= ~(1U << static_cast<unsigned>(SocketState::kTimeWait));
  return std::bit_cast<OldSocketRequest>(request);
}

SocketRequest EncodeProbeRequest(IpProtocol protocol) {
  return std::bit_cast<SocketRequest>(
      RequestFor(protocol, IpFamily::kV4, SOCK_DIAG_BY_FAMILY, NLM_F_DUMP));
}

SocketRequest EncodeDestroyRequest(const SocketEntry& socket) {
  // A v6 socket with v4-mapped ends is found among the IPv4 ones.
  const bool is_v4 = socket.local.address.IsV4() || socket.remote.address.IsV4();
  auto request =
      RequestFor(socket.protocol, is_v4 ? IpFamily::kV4 : IpFamily::kV6, SOCK_DESTROY, NLM_F_ACK);
  inet_diag_sockid& id = request.body.id;
  PutEnds(socket.local, socket.remote, id);
  id.idiag_if = socket.ifindex;
  id.idiag_cookie[0] = static_cast<std::uint32_t>(socket.cookie);
  id.idiag_cookie[1] = static_cast<std::uint32_t>(socket.cookie >> 32);
  return std::bit_cast<SocketRequest>(request);
}

Result<SocketEntry> DecodeSocket(IpProtocol protocol, Bytes netlink_message) {
  ByteReader datagram(netlink_message);
  const NetlinkMessage message = PROCWALL_TRY(ReadNetlinkMessage(datagram));
  if (message.type != SOCK_DIAG_BY_FAMILY && message.type != TCPDIAG_GETSOCK) {
    return Error{Errc::kUnsupported, 0, "decode socket"};
  }
  ByteReader reader(message.body);
  const auto body = PROCWALL_TRY(reader.Read<inet_diag_msg>("decode socket"));

  SocketEntry socket;
  socket.protocol = protocol;
  socket.local.address = PROCWALL_TRY(AddressOf(body.idiag_family, body.id.idiag_src));
  socket.remote.address = PROCWALL_TRY(AddressOf(body.idiag_family, body.id.idiag_dst));
  socket.family = body.idiag_family == AF_INET ? IpFamily::kV4 : IpFamily::kV6;
  socket.local.port = ntohs(body.id.idiag_sport);
  socket.remote.port = ntohs(body.id.idiag_dport);
  socket.state = StateOf(body.idiag_state);
  socket.ifindex = body.id.idiag_if;
  socket.uid = body.idiag_uid;
  socket.inode = body.idiag_inode;
  socket.cookie = std::uint64_t{body.id.idiag_cookie[1]} << 32 | body.id.idiag_cookie[0];
  socket.receive_queue = body.idiag_rqueue;
  socket.send_queue = body.idiag_wqueue;

  while (reader.Remaining() > 0) {
    const NetlinkAttribute attribute = PROCWALL_TRY(ReadNetlinkAttribute(reader));
    if (attribute.type == INET_DIAG_SKV6ONLY && !attribute.payload.empty()) {
      socket.v6_only = attribute.payload[0] != std::byte{0};
    }
  }
  return socket;
}

}  // namespace procwall
