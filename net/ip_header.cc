// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "net/ip_header.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace procwall {
namespace {

// RFC 791 §3.1; options follow and are not part of it.
struct Ipv4Header {
  std::uint8_t version_and_size;  // 4 bits each; the size counts 4-byte words, options included
  std::uint8_t type_of_service;
  BigEndian16 total_length;  // 0: more than fits, a packet that the kernel will segment later
  BigEndian16 identification;
  BigEndian16 flags_and_offset;  // 3 + 13 bits; the offset counts 8-byte words
  std::uint8_t time_to_live;
  std::uint8_t protocol;
  BigEndian16 checksum;
  std::array<std::uint8_t, 4> source;
  std::array<std::uint8_t, 4> destination;
};
static_assert(sizeof(Ipv4Header) == 20 && alignof(Ipv4Header) == 1);

// RFC 8200 §3.
struct Ipv6Header {
  BigEndian32 version_class_flow;
  BigEndian16 payload_length;  // 0: more than fits (RFC 2675), or nothing
  std::uint8_t next_header;
  std::uint8_t hop_limit;
  std::array<std::uint8_t, 16> source;
  std::array<std::uint8_t, 16> destination;
};
static_assert(sizeof(Ipv6Header) == 40 && alignof(Ipv6Header) == 1);

// How every extension header begins, RFC 6564 §4.
struct ExtensionHeader {
  std::uint8_t next_header;
  std::uint8_t size;  // in a unit of its kind's own
};
static_assert(sizeof(ExtensionHeader) == 2);

// The rest of a Fragment header, RFC 8200 §4.5.
struct FragmentFields {
  BigEndian16 offset_and_flags;  // 13 bits offset, 2 reserved, 1: more fragments follow
  BigEndian32 identification;
};
static_assert(sizeof(FragmentFields) == 6 && alignof(FragmentFields) == 1);

// IANA "ipv6-parameters", extension header types. Encapsulating Security Payload (50) is left out:
// what follows it is encrypted.
constexpr std::uint8_t kHopByHop = 0;
constexpr std::uint8_t kRouting = 43;
constexpr std::uint8_t kFragment = 44;
constexpr std::uint8_t kAuthentication = 51;
constexpr std::uint8_t kDestinationOptions = 60;
constexpr std::uint8_t kMobility = 135;
constexpr std::uint8_t kHostIdentity = 139;
constexpr std::uint8_t kShim6 = 140;

bool IsExtensionHeader(std::uint8_t next_header) {
  switch (next_header) {
    case kHopByHop:
    case kRouting:
    case kFragment:
    case kAuthentication:
    case kDestinationOptions:
    case kMobility:
    case kHostIdentity:
    case kShim6:
      return true;
    default:
      return false;
  }
}

// `rest` without what lies behind the packet's end. The copy may also be shorter than the packet.
Bytes CutPadding(Bytes rest, std::size_t announced) {
  return rest.first(std::min(rest.size(), announced));
}

Result<IpHeader> ParseIpv4(Bytes bytes) {
  ByteReader reader(bytes);
  const auto header = PROCWALL_TRY(reader.Read<Ipv4Header>("read ipv4 header"));
  const std::size_t header_size = std::size_t{4} * (header.version_and_size & 0x0f);
  if (header_size < sizeof(Ipv4Header)) {
    return Error{Errc::kMalformed, 0, "check ipv4 header size"};
  }
  const std::size_t total = header.total_length.host();
  if (total != 0 && total < header_size) {
    return Error{Errc::kMalformed, 0, "check ipv4 total length"};
  }
  PROCWALL_TRY_STATUS(reader.Skip(header_size - sizeof(Ipv4Header), "read ipv4 options"));
  if ((header.flags_and_offset.host() & 0x1fffU) != 0) {
    return Error{Errc::kUnsupported, 0, "read later ipv4 fragment"};
  }
  return IpHeader{
      .source = IpAddress::V4(header.source),
      .destination = IpAddress::V4(header.destination),
      .protocol = static_cast<IpProtocol>(header.protocol),
      .is_fragment = (header.flags_and_offset.host() & 0x2000U) != 0,
      .payload = total == 0 ? reader.Rest() : CutPadding(reader.Rest(), total - header_size),
  };
}

// Reads the next extension header, which is of type `ip.protocol`, into `ip`.
Status ReadExtensionHeader(ByteReader& reader, IpHeader& ip) {
  const auto header = PROCWALL_TRY(reader.Read<ExtensionHeader>("read ipv6 extension header"));
  const auto type = static_cast<std::uint8_t>(ip.protocol);
  ip.protocol = static_cast<IpProtocol>(header.next_header);
  if (type == kFragment) {
    const auto fragment = PROCWALL_TRY(reader.Read<FragmentFields>("read ipv6 fragment header"));
    const std::uint16_t offset_and_flags = fragment.offset_and_flags.host();
    if ((offset_and_flags & 0xfff8U) != 0) {
      return Error{Errc::kUnsupported, 0, "read later ipv6 fragment"};
    }
    ip.is_fragment = ip.is_fragment || (offset_and_flags & 1U) != 0;
    return {};
  }
  // RFC 4302 §2.2: 4-byte words less 2. All others, RFC 8200 §4: 8-byte words less the first.
  const std::size_t size = type == kAuthentication ? std::size_t{4} * (header.size + 2)
                                                   : std::size_t{8} * (header.size + 1);
  return reader.Skip(size - sizeof(ExtensionHeader), "read ipv6 extension header");
}

Result<IpHeader> ParseIpv6(Bytes bytes) {
  ByteReader fixed(bytes);
  const auto header = PROCWALL_TRY(fixed.Read<Ipv6Header>("read ipv6 header"));
  IpHeader ip{
      .source = IpAddress::V6(header.source),
      .destination = IpAddress::V6(header.destination),
      .protocol = static_cast<IpProtocol>(header.next_header),
  };
  // A v4-mapped address is a program's way to write an IPv4 peer, never a wire's.
  if (ip.source.IsV4() || ip.destination.IsV4()) {
    return Error{Errc::kMalformed, 0, "check ipv6 addresses"};
  }

  const std::size_t announced = header.payload_length.host();
  ByteReader reader(announced == 0 ? fixed.Rest() : CutPadding(fixed.Rest(), announced));
  for (int i = 0; IsExtensionHeader(static_cast<std::uint8_t>(ip.protocol)); ++i) {
    if (i == kMaxExtensionHeaders) {
      return Error{Errc::kUnsupported, 0, "count ipv6 extension headers"};
    }
    if (static_cast<std::uint8_t>(ip.protocol) == kHopByHop && i != 0) {
      return Error{Errc::kMalformed, 0, "check ipv6 hop-by-hop place"};
    }
    PROCWALL_TRY_STATUS(ReadExtensionHeader(reader, ip));
  }
  ip.payload = reader.Rest();
  return ip;
}

}  // namespace

Result<IpHeader> ParseIpHeader(Bytes bytes) {
  const auto first = PROCWALL_TRY(ByteReader(bytes).Read<std::uint8_t>("read ip version"));
  switch (first >> 4) {
    case 4:
      return ParseIpv4(bytes);
    case 6:
      return ParseIpv6(bytes);
    default:
      return Error{Errc::kMalformed, 0, "check ip version"};
  }
}

}  // namespace procwall
