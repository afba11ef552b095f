// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <array>
#include <cstddef>

#include "attribution/socket_entry.h"
#include "base/bytes.h"
#include "base/result.h"

namespace procwall {

// The messages of <linux/sock_diag.h> and <linux/inet_diag.h>, whole: what SocketDiag says and
// hears. Pure.

// A netlink header and an inet_diag_req_v2; and the same with the older inet_diag_req.
using SocketRequest = std::array<std::byte, 72>;
using OldSocketRequest = std::array<std::byte, 76>;

// For TCP the local end goes into idiag_src; for UDP and UDP-Lite the kernel's exact lookup wants
// it the other way round. Names the interface the packet uses: without it the kernel finds no
// socket that is bound to one, and every link-local IPv6 connection is.
SocketRequest EncodeExactRequest(const Connection& connection);

// Every socket of one family with this local port (0: any port), in every state but "bound and
// nothing else", which cannot have sent a packet.
SocketRequest EncodeDumpRequest(IpProtocol protocol, IpFamily family, Port local_port);
// TCP of both families. Only the older request can say so, and its one walk over the kernel's table
// costs half of two.
OldSocketRequest EncodeTcpDumpRequest(Port local_port);
// Without those that have ended and only wait (TIME_WAIT): mostly the many.
OldSocketRequest EncodeLiveTcpDumpRequest();
// A dump that finds nothing: is the protocol known to inet_diag?
SocketRequest EncodeProbeRequest(IpProtocol protocol);

// SOCK_DESTROY of one socket, by its cookie. Local and remote stand in their natural order for
// every protocol.
SocketRequest EncodeDestroyRequest(const SocketEntry& socket);

// One reply. kUnsupported: another kind of message, or a family that is not IP's.
Result<SocketEntry> DecodeSocket(IpProtocol protocol, Bytes netlink_message);

}  // namespace procwall
