// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <string>

#include "net/ip_address.h"

namespace procwall {

// The IP protocol number (IANA "protocol-numbers"). Any value 0..255 is legal; the named ones are
// those we treat specially.
enum class IpProtocol : std::uint8_t {
  kIcmp = 1,
  kIgmp = 2,
  kTcp = 6,
  kUdp = 17,
  kDccp = 33,
  kIcmpV6 = 58,
  kSctp = 132,
  kUdpLite = 136,
};

// TCP, UDP, UDP-Lite, SCTP and DCCP: the first four bytes of their headers are the two ports.
constexpr bool HasPorts(IpProtocol protocol) {
  return protocol == IpProtocol::kTcp || protocol == IpProtocol::kUdp ||
         protocol == IpProtocol::kUdpLite || protocol == IpProtocol::kSctp ||
         protocol == IpProtocol::kDccp;
}

// The name rule files and events use: "tcp", "tcp6", "udp", "udp6", "udplite", "udplite6", "sctp",
// "sctp6", "dccp", "dccp6", "icmp", "icmp6", "igmp"; every other protocol is "ip-<number>"
// ("ip6-<number>").
std::string ProtocolName(IpProtocol protocol, IpFamily family);

}  // namespace procwall
