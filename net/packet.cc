// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "net/packet.h"

#include "net/ip_header.h"
#include "net/transport_header.h"

namespace procwall {

Result<Packet> ParsePacket(Bytes bytes) {
  const IpHeader ip = PROCWALL_TRY(ParseIpHeader(bytes));
  const IpFamily family = ip.source.Family();
  const TransportHeader transport =
      PROCWALL_TRY(ParseTransportHeader(family, ip.protocol, ip.payload));
  return Packet{
      .family = family,
      .protocol = ip.protocol,
      .source = {ip.source, transport.source_port},
      .destination = {ip.destination, transport.destination_port},
      .tcp_flags = transport.tcp_flags,
      .tcp_sequence = transport.tcp_sequence,
      .icmp_type = transport.icmp_type,
      .icmp_code = transport.icmp_code,
      .is_fragment = ip.is_fragment,
      .payload = transport.payload,
  };
}

}  // namespace procwall
