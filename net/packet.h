// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "base/result.h"
#include "net/endpoint.h"
#include "net/ip_protocol.h"

namespace procwall {

// The headers of one IP packet: what the walk needs of it, in host order. Values only, nothing
// borrowed but `payload`, which points into the parsed bytes.
struct Packet {
  IpFamily family = IpFamily::kV4;
  IpProtocol protocol = IpProtocol::kTcp;  // after IPv6 extension headers
  Endpoint
      source;  // ports as in the header; ICMP echo: the identifier in source.port (requests) or
  Endpoint destination;        // destination.port (replies); 0 where there are none
  std::uint8_t tcp_flags = 0;  // RFC 9293 §3.1: FIN 1, SYN 2, RST 4, PSH 8, ACK 16
  std::uint8_t icmp_type = 0;
  std::uint8_t icmp_code = 0;
  bool is_fragment =
      false;      // a first fragment or a whole packet has its ports; a later one is refused
  Bytes payload;  // what follows the transport header, as far as it was copied
};

// Parses the headers of an IPv4 (RFC 791) or IPv6 (RFC 8200) packet. Total: any bytes give a Packet
// or one of
//   kTruncated    a header ends early (also when the kernel's copy was cut short)
//   kMalformed    version, header length, total length or an extension chain contradict themselves
//   kUnsupported  a later fragment (it has no ports; the first fragment decides), a jumbogram
Result<Packet> ParsePacket(Bytes bytes);

}  // namespace procwall
