// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "base/result.h"
#include "net/endpoint.h"
#include "net/ip_protocol.h"

namespace procwall {

// What stands at the beginning of an IP packet's payload; the fields are those of Packet.
struct TransportHeader {
  Port source_port = 0;
  Port destination_port = 0;
  std::uint8_t tcp_flags = 0;
  std::uint32_t tcp_sequence = 0;
  std::uint8_t icmp_type = 0;
  std::uint8_t icmp_code = 0;
  Bytes payload = {};
};

// TCP (RFC 9293), UDP (RFC 768), UDP-Lite (RFC 3828), SCTP (RFC 9260), DCCP (RFC 4340), ICMP
// (RFC 792) in IPv4 and ICMPv6 (RFC 4443) in IPv6. In every other protocol all bytes are payload.
// Total: any bytes give a header or kTruncated / kMalformed.
Result<TransportHeader> ParseTransportHeader(IpFamily family, IpProtocol protocol, Bytes bytes);

}  // namespace procwall
