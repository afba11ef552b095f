// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/socket_diag.h"

#include <netinet/in.h>

#include <linux/netlink.h>

#include "attribution/socket_message.h"

namespace procwall {
namespace {

// A table that changes under the dump every time will not hold still for us.
constexpr int kDumpTries = 4;
// Of n sockets that share a port, each remote port picks one at random: 32 tries miss one of four
// once in ten thousand times.
constexpr Port kDestroyTries = 32;

}  // namespace

Result<SocketDiag> SocketDiag::Open() {
  return SocketDiag(PROCWALL_TRY(NetlinkSocket::Open(NETLINK_SOCK_DIAG)));
}

Status SocketDiag::CheckSupport(IpProtocol protocol) {
  Known& known = known_[static_cast<std::uint8_t>(protocol)];
  if (known == Known::kNotAsked && !HasPorts(protocol)) known = Known::kNo;
  if (known == Known::kNotAsked) {
    const Status probed = Probe(protocol);
    if (!probed && probed.error().code != Errc::kUnsupported) return probed.error();
    known = probed ? Known::kYes : Known::kNo;
  }
  if (known == Known::kNo) return Error{Errc::kUnsupported, 0, "find sockets of this protocol"};
  return {};
}

Status SocketDiag::Probe(IpProtocol protocol) {
  SocketRequest request = EncodeProbeRequest(protocol);
  const Status probed = socket_.Request(request, [](Bytes) { return Status{}; });
  if (probed || probed.error().code != Errc::kNotFound) return probed;
  return Error{Errc::kUnsupported, 0, "find sockets of this protocol"};
}

Result<std::optional<SocketEntry>> SocketDiag::FindExact(const Connection& connection) {
  PROCWALL_TRY_STATUS(CheckSupport(connection.protocol));
  std::optional<SocketEntry> found;
  SocketRequest request = EncodeExactRequest(connection);
  // Two references: small enough for std::function to hold without allocating.
  const Status asked = socket_.Request(request, [&found, &connection](Bytes message) -> Status {
    found = PROCWALL_TRY(DecodeSocket(connection.protocol, message));
    return {};
  });
  if (!asked && asked.error().code == Errc::kNotFound) return std::optional<SocketEntry>{};
  if (!asked) return asked.error();
  return found;
}

Status SocketDiag::Dump(IpProtocol protocol, std::span<std::byte> request,
                        std::vector<SocketEntry>& sockets) {
  const std::size_t before = sockets.size();
  Status dumped;
  for (int i = 0; i < kDumpTries; ++i) {
    sockets.resize(before);
    dumped = socket_.Request(request, [&sockets, protocol](Bytes message) -> Status {
      if (sockets.size() >= kMaxSockets) return Error{Errc::kTooLarge, 0, "dump sockets"};
      sockets.push_back(PROCWALL_TRY(DecodeSocket(protocol, message)));
      return {};
    });
    if (dumped || dumped.error().code != Errc::kBusy) break;
  }
  return dumped;
}

Result<std::vector<SocketEntry>> SocketDiag::DumpByLocalPort(IpProtocol protocol, Port local_port) {
  PROCWALL_TRY_STATUS(CheckSupport(protocol));
  std::vector<SocketEntry> sockets;
  if (protocol == IpProtocol::kTcp) {
    OldSocketRequest request = EncodeTcpDumpRequest(local_port);
    PROCWALL_TRY_STATUS(Dump(protocol, request, sockets));
    return sockets;
  }
  for (const IpFamily family : {IpFamily::kV4, IpFamily::kV6}) {
    SocketRequest request = EncodeDumpRequest(protocol, family, local_port);
    PROCWALL_TRY_STATUS(Dump(protocol, request, sockets));
  }
  return sockets;
}

Result<std::vector<SocketEntry>> SocketDiag::DumpLiveTcp() {
  PROCWALL_TRY_STATUS(CheckSupport(IpProtocol::kTcp));
  std::vector<SocketEntry> sockets;
  OldSocketRequest request = EncodeLiveTcpDumpRequest();
  PROCWALL_TRY_STATUS(Dump(IpProtocol::kTcp, request, sockets));
  return sockets;
}

Result<std::vector<SocketEntry>> SocketDiag::DumpAll(IpProtocol protocol) {
  constexpr Port kAnyPort = 0;
  return DumpByLocalPort(protocol, kAnyPort);
}

Status SocketDiag::Destroy(const SocketEntry& socket) {
  PROCWALL_TRY_STATUS(CheckSupport(socket.protocol));
  const bool may_share_port = socket.protocol != IpProtocol::kTcp && !socket.IsConnected();
  const Port tries = may_share_port ? kDestroyTries : Port{1};
  SocketEntry asked = socket;
  Status destroyed;
  for (Port i = 0; i < tries; ++i) {
    // The remote port of an unconnected socket is free to choose, and decides which of a
    // SO_REUSEPORT group the kernel picks; the cookie sees to it that no other one dies.
    asked.remote.port = static_cast<Port>(socket.remote.port + i);
    SocketRequest request = EncodeDestroyRequest(asked);
    destroyed = socket_.Request(request, [](Bytes) { return Status{}; });
    if (destroyed || destroyed.error().code != Errc::kNotFound) break;
  }
  return destroyed;
}

}  // namespace procwall
