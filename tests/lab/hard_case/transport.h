// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <optional>
#include <string_view>

#include "tests/lab/hard_case/peer.h"

namespace procwall {

// How the first packet gets out.
enum class Transport {
  kTcp,
  kFastOpen,         // sendto(MSG_FASTOPEN): no connect() at all
  kFastOpenConnect,  // TCP_FASTOPEN_CONNECT: the SYN leaves at the first write
  kMptcp,
  kUdp,           // sendto()
  kUdpConnected,  // connect(), send()
  kUdpLite,
  kPing,     // SOCK_DGRAM, IPPROTO_ICMP or IPPROTO_ICMPV6
  kRawIcmp,  // SOCK_RAW of the same
  kRawIp,    // SOCK_RAW, protocol 253: for experiments (RFC 3692)
};

std::optional<Transport> ParseTransport(std::string_view word);
const char* ProtocolWord(Transport transport);  // "tcp", "udp", "icmp", ...
bool IsTcp(Transport transport);

// A socket that does not block, close-on-exec; -1 and errno.
int OpenSocket(Transport transport, int family);
// Connects or sends; true when the first packet is on its way.
bool SendFirst(int fd, Transport transport, const Peer& peer);
// Sends without an address: the socket must be connected.
bool SendConnected(int fd);

}  // namespace procwall
