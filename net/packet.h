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
  IpFamily family = IpFamily::kV4;         // of both addresses, too
  IpProtocol protocol = IpProtocol::kTcp;  // after IPv6 extension headers

  // Ports as in the header. ICMP echo: the identifier is source.port of a request and
  // destination.port of a reply. 0 where there are none.
  Endpoint source;
  Endpoint destination;

  std::uint8_t tcp_flags = 0;      // RFC 9293 §3.1: FIN 1, SYN 2, RST 4, PSH 8, ACK 16
  std::uint32_t tcp_sequence = 0;  // of the first byte of payload; of a SYN: of the one before it
  std::uint8_t icmp_type = 0;
  std::uint8_t icmp_code = 0;
  bool is_fragment = false;  // the first of several: it has the ports
  Bytes payload = {};        // what follows the transport header, as far as it was copied
};

// Parses the headers of an IPv4 (RFC 791) or IPv6 (RFC 8200) packet. The bytes may be fewer than
// the header announces (the kernel's copy is cut), and the header may announce 0 (segments that the
// kernel has not cut yet, larger than a length field can say). Total: any bytes give a Packet or
// one of
//   kTruncated    a header ends early
//   kMalformed    version, lengths, addresses or the order of headers contradict themselves
//   kUnsupported  a later fragment (it has no ports; the first one decides), or more IPv6 extension
//                 headers than kMaxExtensionHeaders
Result<Packet> ParsePacket(Bytes bytes);

}  // namespace procwall
