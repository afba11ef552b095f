// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "net/transport_header.h"

#include <algorithm>
#include <cstddef>

namespace procwall {
namespace {

// How TCP, UDP, UDP-Lite, SCTP and DCCP begin.
struct Ports {
  BigEndian16 source;
  BigEndian16 destination;
};
static_assert(sizeof(Ports) == 4 && alignof(Ports) == 1);

// RFC 9293 §3.1; options follow and are not part of it.
struct TcpHeader {
  Ports ports;
  BigEndian32 sequence;
  BigEndian32 acknowledgement;
  std::uint8_t data_offset;  // the upper 4 bits: the header's size in 4-byte words
  std::uint8_t flags;
  BigEndian16 window;
  BigEndian16 checksum;
  BigEndian16 urgent;
};
static_assert(sizeof(TcpHeader) == 20 && alignof(TcpHeader) == 1);

// RFC 768. UDP-Lite has the checksum's coverage in the place of the length, RFC 3828 §3.1.
struct UdpHeader {
  Ports ports;
  BigEndian16 length;  // header included; 0: more than fits (RFC 2675 §4)
  BigEndian16 checksum;
};
static_assert(sizeof(UdpHeader) == 8 && alignof(UdpHeader) == 1);

// RFC 9260 §3.1.
struct SctpHeader {
  Ports ports;
  BigEndian32 verification_tag;
  BigEndian32 checksum;
};
static_assert(sizeof(SctpHeader) == 12 && alignof(SctpHeader) == 1);

// RFC 4340 §5.1, with the short sequence number; what makes the others longer is not part of it.
struct DccpHeader {
  Ports ports;
  std::uint8_t data_offset;  // the header's size in 4-byte words
  std::uint8_t ccval_and_coverage;
  BigEndian16 checksum;
  BigEndian32 type_and_sequence;
};
static_assert(sizeof(DccpHeader) == 12 && alignof(DccpHeader) == 1);

// RFC 792, RFC 4443 §2.1.
struct IcmpHeader {
  std::uint8_t type;
  std::uint8_t code;
  BigEndian16 checksum;
  BigEndian16 identifier;  // of echo messages; other types put other things here
  BigEndian16 sequence;
};
static_assert(sizeof(IcmpHeader) == 8 && alignof(IcmpHeader) == 1);

TransportHeader WithPorts(const Ports& ports, Bytes payload) {
  return {.source_port = ports.source.host(),
          .destination_port = ports.destination.host(),
          .payload = payload};
}

Result<TransportHeader> ParseTcp(Bytes bytes) {
  ByteReader reader(bytes);
  const auto header = PROCWALL_TRY(reader.Read<TcpHeader>("read tcp header"));
  const std::size_t size = std::size_t{4} * (header.data_offset >> 4);
  if (size < sizeof(TcpHeader)) return Error{Errc::kMalformed, 0, "check tcp data offset"};
  PROCWALL_TRY_STATUS(reader.Skip(size - sizeof(TcpHeader), "read tcp options"));
  TransportHeader parsed = WithPorts(header.ports, reader.Rest());
  parsed.tcp_flags = header.flags;
  parsed.tcp_sequence = header.sequence.host();
  return parsed;
}

Result<TransportHeader> ParseUdp(Bytes bytes) {
  ByteReader reader(bytes);
  const auto header = PROCWALL_TRY(reader.Read<UdpHeader>("read udp header"));
  const std::size_t length = header.length.host();
  if (length == 0) return WithPorts(header.ports, reader.Rest());
  if (length < sizeof(UdpHeader)) return Error{Errc::kMalformed, 0, "check udp length"};
  // More than there is: a first fragment, or a copy that was cut.
  const std::size_t size = std::min(reader.Remaining(), length - sizeof(UdpHeader));
  return WithPorts(header.ports, reader.Rest().first(size));
}

Result<TransportHeader> ParseUdpLite(Bytes bytes) {
  ByteReader reader(bytes);
  const auto header = PROCWALL_TRY(reader.Read<UdpHeader>("read udplite header"));
  return WithPorts(header.ports, reader.Rest());
}

Result<TransportHeader> ParseSctp(Bytes bytes) {
  ByteReader reader(bytes);
  const auto header = PROCWALL_TRY(reader.Read<SctpHeader>("read sctp header"));
  return WithPorts(header.ports, reader.Rest());
}

Result<TransportHeader> ParseDccp(Bytes bytes) {
  ByteReader reader(bytes);
  const auto header = PROCWALL_TRY(reader.Read<DccpHeader>("read dccp header"));
  const std::size_t size = std::size_t{4} * header.data_offset;
  if (size < sizeof(DccpHeader)) return Error{Errc::kMalformed, 0, "check dccp data offset"};
  PROCWALL_TRY_STATUS(reader.Skip(size - sizeof(DccpHeader), "read dccp options"));
  return WithPorts(header.ports, reader.Rest());
}

struct EchoTypes {
  std::uint8_t request;
  std::uint8_t reply;
};
constexpr EchoTypes kIcmpEcho = {.request = 8, .reply = 0};
constexpr EchoTypes kIcmpV6Echo = {.request = 128, .reply = 129};

Result<TransportHeader> ParseIcmp(Bytes bytes, EchoTypes echo) {
  ByteReader reader(bytes);
  const auto header = PROCWALL_TRY(reader.Read<IcmpHeader>("read icmp header"));
  TransportHeader parsed{
      .icmp_type = header.type, .icmp_code = header.code, .payload = reader.Rest()};
  if (header.type == echo.request) parsed.source_port = header.identifier.host();
  if (header.type == echo.reply) parsed.destination_port = header.identifier.host();
  return parsed;
}

}  // namespace

Result<TransportHeader> ParseTransportHeader(IpFamily family, IpProtocol protocol, Bytes bytes) {
  switch (protocol) {
    case IpProtocol::kTcp:
      return ParseTcp(bytes);
    case IpProtocol::kUdp:
      return ParseUdp(bytes);
    case IpProtocol::kUdpLite:
      return ParseUdpLite(bytes);
    case IpProtocol::kSctp:
      return ParseSctp(bytes);
    case IpProtocol::kDccp:
      return ParseDccp(bytes);
    case IpProtocol::kIcmp:
      if (family == IpFamily::kV4) return ParseIcmp(bytes, kIcmpEcho);
      break;
    case IpProtocol::kIcmpV6:
      if (family == IpFamily::kV6) return ParseIcmp(bytes, kIcmpV6Echo);
      break;
    default:
      break;
  }
  return TransportHeader{.payload = bytes};
}

}  // namespace procwall
