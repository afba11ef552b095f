// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "net/quic_initial.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "net/quic_keys.h"
#include "net/tls_hello.h"

namespace procwall {
namespace {

struct LongHeader {  // RFC 9000 §17.2
  std::uint8_t first;
  BigEndian32 version;
};
static_assert(sizeof(LongHeader) == 5 && alignof(LongHeader) == 1);
constexpr std::uint8_t kIsLong = 0x80;
constexpr std::uint8_t kTypeBits = 0x30;

constexpr std::size_t kMaxConnectionIdSize = 20;  // §17.2
constexpr std::size_t kMaxFrames = 128;           // of CRYPTO
constexpr std::size_t kMostPacketBytes = 65535;

std::optional<QuicVersion> VersionOf(const LongHeader& header) {
  if ((header.first & kIsLong) == 0) return std::nullopt;
  const std::uint8_t type = header.first & kTypeBits;
  if (header.version.host() == 1 && type == 0x00) return QuicVersion::k1;
  if (header.version.host() == 0x6b3343cf && type == 0x10) return QuicVersion::k2;  // RFC 9369 §3
  return std::nullopt;
}

// §16.
Result<std::uint64_t> ReadVarint(ByteReader& reader, const char* what) {
  const auto first = PROCWALL_TRY(reader.Read<std::uint8_t>(what));
  const std::size_t more = (std::size_t{1} << (first >> 6)) - 1;
  std::uint64_t value = first & 0x3fU;
  for (const std::byte byte : PROCWALL_TRY(reader.Take(more, what))) {
    value = value << 8 | std::to_integer<std::uint64_t>(byte);
  }
  return value;
}

Result<Bytes> TakeCounted(ByteReader& reader, const char* what) {
  const std::uint64_t size = PROCWALL_TRY(ReadVarint(reader, what));
  if (size > reader.Remaining()) return Error{Errc::kTruncated, 0, what};
  return reader.Take(static_cast<std::size_t>(size), what);
}

Result<Bytes> TakeConnectionId(ByteReader& reader) {
  const auto size = PROCWALL_TRY(reader.Read<std::uint8_t>("read quic connection id"));
  if (size > kMaxConnectionIdSize) return Error{Errc::kTooLarge, 0, "check quic connection id"};
  return reader.Take(size, "read quic connection id");
}

// A piece of the stream that the ClientHello is in.
struct Piece {
  std::uint64_t offset = 0;
  Bytes data;
};

// §19.3: what a client acknowledges is of no use to us.
Status SkipAck(ByteReader& reader, bool has_counts) {
  constexpr const char* kWhat = "read quic ack frame";
  PROCWALL_TRY(ReadVarint(reader, kWhat));  // the largest
  PROCWALL_TRY(ReadVarint(reader, kWhat));  // the delay
  const std::uint64_t ranges = PROCWALL_TRY(ReadVarint(reader, kWhat));
  if (ranges > kMostPacketBytes) return Error{Errc::kMalformed, 0, "count quic ack ranges"};
  for (std::uint64_t i = 0; i < 1 + 2 * ranges + (has_counts ? 3 : 0); ++i) {
    PROCWALL_TRY(ReadVarint(reader, kWhat));
  }
  return {};
}

// §19: what may stand in an Initial packet, §12.4.
Result<std::vector<Piece>> ReadFrames(Bytes frames) {
  std::vector<Piece> pieces;
  ByteReader reader(frames);
  while (reader.Remaining() != 0) {
    switch (PROCWALL_TRY(reader.Read<std::uint8_t>("read quic frame"))) {
      case 0x00:  // PADDING
      case 0x01:  // PING
        break;
      case 0x02:
        PROCWALL_TRY_STATUS(SkipAck(reader, false));
        break;
      case 0x03:
        PROCWALL_TRY_STATUS(SkipAck(reader, true));
        break;
      case 0x06: {
        if (pieces.size() >= kMaxFrames) return Error{Errc::kTooLarge, 0, "count quic frames"};
        const std::uint64_t offset = PROCWALL_TRY(ReadVarint(reader, "read quic crypto frame"));
        pieces.push_back({offset, PROCWALL_TRY(TakeCounted(reader, "read quic crypto frame"))});
        break;
      }
      default:
        return Error{Errc::kMalformed, 0, "check quic frame type"};
    }
  }
  return pieces;
}

// From the beginning of the stream to the first gap.
std::vector<std::byte> Joined(std::vector<Piece> pieces) {
  std::stable_sort(pieces.begin(), pieces.end(),
                   [](const Piece& a, const Piece& b) { return a.offset < b.offset; });
  std::vector<std::byte> joined;
  for (const Piece& piece : pieces) {
    if (piece.offset > joined.size()) break;
    const std::size_t known = joined.size() - static_cast<std::size_t>(piece.offset);
    if (known >= piece.data.size()) continue;
    const Bytes fresh = piece.data.subspan(known);
    joined.insert(joined.end(), fresh.begin(), fresh.end());
  }
  return joined;
}

}  // namespace

bool LooksLikeQuicInitial(Bytes datagram) {
  const auto header = ByteReader(datagram).Read<LongHeader>("read quic header");
  return header && VersionOf(*header).has_value();
}

Result<std::string> ParseQuicInitial(Bytes datagram) {
  datagram = datagram.first(std::min(datagram.size(), kMostPacketBytes));
  ByteReader reader(datagram);
  const auto header = PROCWALL_TRY(reader.Read<LongHeader>("read quic header"));
  const auto version = VersionOf(header);
  if (!version) return Error{Errc::kUnsupported, 0, "check quic version and type"};
  const Bytes connection_id = PROCWALL_TRY(TakeConnectionId(reader));
  PROCWALL_TRY(TakeConnectionId(reader));  // the client's own
  PROCWALL_TRY(TakeCounted(reader, "read quic token"));
  const std::uint64_t length = PROCWALL_TRY(ReadVarint(reader, "read quic length"));
  if (length > reader.Remaining()) return Error{Errc::kTruncated, 0, "read quic packet"};

  const std::size_t header_size = datagram.size() - reader.Remaining();
  const Bytes packet = datagram.first(header_size + static_cast<std::size_t>(length));
  const auto frames =
      PROCWALL_TRY(UnprotectQuicInitial(*version, connection_id, packet, header_size));
  return ParseQuicInitialFrames(frames);
}

Result<std::string> ParseQuicInitialFrames(Bytes frames) {
  auto pieces = ReadFrames(frames);
  if (!pieces) {  // it is whole: it was sealed
    const Error& error = pieces.error();
    return error.code == Errc::kTruncated ? Error{Errc::kMalformed, 0, error.what} : error;
  }
  if (pieces->empty()) return Error{Errc::kTruncated, 0, "find quic crypto frames"};
  const std::vector<std::byte> hello = Joined(*std::move(pieces));
  return ParseTlsHello(hello);
}

}  // namespace procwall
