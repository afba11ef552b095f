// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "net/ip_address.h"
#include "net/ip_protocol.h"
#include "tests/support/byte_writer.h"

namespace procwall {

inline constexpr std::uint8_t kFin = 1;
inline constexpr std::uint8_t kSyn = 2;
inline constexpr std::uint8_t kRst = 4;
inline constexpr std::uint8_t kPsh = 8;
inline constexpr std::uint8_t kAck = 16;

// Builds an IP packet as it lies on the wire, from the outside in:
//   PacketBuilder().V4("10.0.0.1", "10.0.0.2").Tcp(4000, 443, kSyn).Payload("x").Build()
// Lengths are right unless a test bends them. Checksums are zero: nobody on our path checks them.
class PacketBuilder {
 public:
  PacketBuilder& V4(std::string_view source, std::string_view destination) {
    return Between(source, destination, IpFamily::kV4);
  }
  PacketBuilder& V6(std::string_view source, std::string_view destination) {
    return Between(source, destination, IpFamily::kV6);
  }

  // IPv4 only.
  PacketBuilder& Options(std::size_t words) {
    option_words_ = words;
    return *this;
  }
  // In bytes, as the header announces them; 0: larger than the field can say.
  PacketBuilder& AnnouncedLength(std::uint16_t length) {
    announced_length_ = length;
    return *this;
  }
  // IPv4: in the header. IPv6: a Fragment header. The offset counts 8-byte words.
  PacketBuilder& Fragment(std::uint16_t offset, bool more) {
    if (family_ == IpFamily::kV4) {
      fragment_ = static_cast<std::uint16_t>(offset | (more ? 0x2000U : 0U));
      return *this;
    }
    const auto fields = static_cast<std::uint16_t>((offset << 3) | (more ? 1U : 0U));
    return AddExtension(44, ByteWriter().Put(std::uint8_t{0}).Put(fields).Put(77U).Take());
  }

  // IPv6 extension headers, in the order of the calls; their sizes are in 8-byte words.
  PacketBuilder& HopByHop(std::uint8_t words = 1) { return Extension(0, words); }
  PacketBuilder& Routing(std::uint8_t words = 1) { return Extension(43, words); }
  PacketBuilder& DestinationOptions(std::uint8_t words = 1) { return Extension(60, words); }
  PacketBuilder& Mobility(std::uint8_t words = 1) { return Extension(135, words); }
  PacketBuilder& Extension(std::uint8_t type, std::uint8_t words) {
    ByteWriter rest;
    rest.Put(static_cast<std::uint8_t>(words - 1)).Zeros(8U * words - 2);
    return AddExtension(type, rest.Take());
  }
  PacketBuilder& Authentication() {  // 24 bytes: 6 words of 4, less 2
    return AddExtension(51, ByteWriter().Put(std::uint8_t{4}).Zeros(22).Take());
  }

  PacketBuilder& Tcp(std::uint16_t source, std::uint16_t destination, std::uint8_t flags,
                     std::uint8_t option_words = 0, std::uint32_t sequence = 0) {
    const auto offset = static_cast<std::uint8_t>((5 + option_words) << 4);
    Transport(IpProtocol::kTcp).Put(source).Put(destination).Put(sequence).Zeros(4);
    transport_.Put(offset).Put(flags);
    transport_.Zeros(6 + 4U * option_words);
    return *this;
  }
  PacketBuilder& Udp(std::uint16_t source, std::uint16_t destination) {
    Transport(IpProtocol::kUdp).Put(source).Put(destination);
    has_udp_length_ = true;
    return *this;
  }
  PacketBuilder& UdpLite(std::uint16_t source, std::uint16_t destination) {
    Transport(IpProtocol::kUdpLite).Put(source).Put(destination).Put(std::uint16_t{8}).Zeros(2);
    return *this;
  }
  PacketBuilder& Sctp(std::uint16_t source, std::uint16_t destination) {
    Transport(IpProtocol::kSctp).Put(source).Put(destination).Zeros(8);
    return *this;
  }
  PacketBuilder& Dccp(std::uint16_t source, std::uint16_t destination) {  // with a long sequence
    Transport(IpProtocol::kDccp).Put(source).Put(destination).Put(std::uint8_t{4}).Zeros(3);
    transport_.Put(std::uint8_t{1}).Zeros(7);
    return *this;
  }
  // ICMP in IPv4, ICMPv6 in IPv6.
  PacketBuilder& Icmp(std::uint8_t type, std::uint8_t code, std::uint16_t identifier = 0) {
    Transport(family_ == IpFamily::kV4 ? IpProtocol::kIcmp : IpProtocol::kIcmpV6)
        .Put(type)
        .Put(code)
        .Zeros(2)
        .Put(identifier)
        .Zeros(2);
    return *this;
  }
  // Any other protocol: no header that we know.
  PacketBuilder& Protocol(std::uint8_t number) {
    Transport(static_cast<IpProtocol>(number));
    return *this;
  }

  PacketBuilder& Payload(std::string_view text) { return Payload(AsBytes(text)); }
  PacketBuilder& Payload(Bytes bytes) {
    payload_.Put(bytes);
    return *this;
  }

  std::vector<std::byte> Build() {
    std::vector<std::byte> payload = payload_.Take();
    if (has_udp_length_) {
      transport_.Put(static_cast<std::uint16_t>(8 + payload.size())).Zeros(2);
    }
    ByteWriter body;
    for (std::size_t i = 0; i < extensions_.size(); ++i) {
      body.Put(i + 1 < extensions_.size() ? extensions_[i + 1].first : protocol_);
      body.Put(extensions_[i].second);
    }
    const std::vector<std::byte> transport = transport_.Take();
    body.Put(transport).Put(payload);
    return family_ == IpFamily::kV4 ? BuildV4(body.Take()) : BuildV6(body.Take());
  }

 private:
  using Rest = std::vector<std::byte>;  // of an extension header, behind its next-header byte

  PacketBuilder& Between(std::string_view source, std::string_view destination, IpFamily family) {
    family_ = family;
    source_ = IpAddress::Parse(source).value();
    destination_ = IpAddress::Parse(destination).value();
    return *this;
  }
  PacketBuilder& AddExtension(std::uint8_t type, Rest rest) {
    extensions_.emplace_back(type, std::move(rest));
    return *this;
  }
  ByteWriter& Transport(IpProtocol protocol) {
    protocol_ = static_cast<std::uint8_t>(protocol);
    return transport_;
  }
  // A v4-mapped address is written as such into an IPv6 header.
  static void PutAddress(ByteWriter& out, const IpAddress& address, IpFamily family) {
    if (address.Family() != family) out.Zeros(10).Put(std::uint16_t{0xffff});
    out.Put(Bytes(std::as_bytes(std::span(address.Data(), address.Size()))));
  }

  std::vector<std::byte> BuildV4(const std::vector<std::byte>& body) const {
    const std::size_t header_size = 20 + 4 * option_words_;
    ByteWriter packet;
    packet.Put(static_cast<std::uint8_t>(0x40 | (header_size / 4))).Zeros(1);
    packet.Put(announced_length_.value_or(static_cast<std::uint16_t>(header_size + body.size())));
    packet.Zeros(2).Put(fragment_).Put(std::uint8_t{64}).Put(protocol_).Zeros(2);
    PutAddress(packet, source_, family_);
    PutAddress(packet, destination_, family_);
    return packet.Zeros(4 * option_words_).Put(body).Take();
  }
  std::vector<std::byte> BuildV6(const std::vector<std::byte>& body) const {
    ByteWriter packet;
    packet.Put(0x60000000U);
    packet.Put(announced_length_.value_or(static_cast<std::uint16_t>(body.size())));
    packet.Put(extensions_.empty() ? protocol_ : extensions_.front().first).Put(std::uint8_t{64});
    PutAddress(packet, source_, family_);
    PutAddress(packet, destination_, family_);
    return packet.Put(body).Take();
  }

  IpFamily family_ = IpFamily::kV4;
  IpAddress source_;
  IpAddress destination_;
  std::size_t option_words_ = 0;
  std::uint16_t fragment_ = 0;
  std::optional<std::uint16_t> announced_length_;
  std::vector<std::pair<std::uint8_t, Rest>> extensions_;
  std::uint8_t protocol_ = 59;  // nothing follows
  bool has_udp_length_ = false;
  ByteWriter transport_;
  ByteWriter payload_;
};

}  // namespace procwall
