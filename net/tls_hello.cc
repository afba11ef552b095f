// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "net/tls_hello.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <vector>

#include <fmt/format.h>

namespace procwall {
namespace {

constexpr std::uint8_t kClientHello = 1;       // RFC 8446 §4
constexpr std::uint8_t kHandshakeRecord = 22;  // §5.1
constexpr std::uint16_t kServerName = 0;       // §4.2
constexpr std::uint8_t kHostName = 0;          // RFC 6066 §3

struct HandshakeHeader {
  std::uint8_t type;
  std::array<std::uint8_t, 3> size;
};
static_assert(sizeof(HandshakeHeader) == 4 && alignof(HandshakeHeader) == 1);

struct HelloHead {
  BigEndian16 version;
  std::array<std::uint8_t, 32> random;
};
static_assert(sizeof(HelloHead) == 34 && alignof(HelloHead) == 1);

struct HelloExtension {
  BigEndian16 type;
  BigEndian16 size;
};
static_assert(sizeof(HelloExtension) == 4 && alignof(HelloExtension) == 1);

struct RecordHeader {
  std::uint8_t type;
  std::uint8_t major;  // 3, whatever the version
  std::uint8_t minor;
  BigEndian16 size;
};
static_assert(sizeof(RecordHeader) == 5 && alignof(RecordHeader) == 1);
constexpr std::size_t kMaxRecordSize = (std::size_t{1} << 14) + 256;
constexpr std::size_t kMaxRecords = 64;

template <typename Size>
Status SkipVector(ByteReader& reader, const char* what) {
  const auto size = PROCWALL_TRY(reader.Read<BigEndian<Size>>(what));
  return reader.Skip(size.host(), what);
}

Result<std::string> HostName(Bytes bytes) {
  if (bytes.size() > kMaxServerNameSize) return Error{Errc::kTooLarge, 0, "check server name size"};
  if (!bytes.empty() && bytes.back() == std::byte{'.'}) bytes = bytes.first(bytes.size() - 1);
  if (bytes.empty()) return Error{Errc::kMalformed, 0, "check server name"};
  std::string name;
  for (const std::byte byte : bytes) {
    char c = static_cast<char>(byte);
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    const bool is_plain =
        (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
    if (is_plain) {
      name += c;
    } else {
      fmt::format_to(std::back_inserter(name), "\\{:03}", std::to_integer<unsigned>(byte));
    }
  }
  return name;
}

// The data of a server_name extension, all of it.
Result<std::string> ServerNameOf(Bytes data) {
  ByteReader reader(data);
  const auto size = PROCWALL_TRY(reader.Read<BigEndian16>("read server name list"));
  ByteReader list(PROCWALL_TRY(reader.Take(size.host(), "read server name list")));
  while (list.Remaining() != 0) {
    const auto type = PROCWALL_TRY(list.Read<std::uint8_t>("read server name type"));
    const auto name_size = PROCWALL_TRY(list.Read<BigEndian16>("read server name"));
    const Bytes name = PROCWALL_TRY(list.Take(name_size.host(), "read server name"));
    if (type == kHostName) return HostName(name);
  }
  return std::string();
}

// What is whole in itself is not cut, if it is too short it was made so.
Error NotCut(const Error& error) {
  return error.code == Errc::kTruncated ? Error{Errc::kMalformed, 0, error.what} : error;
}

// `hello` may be cut, `size` is what it announces.
Result<std::string> ParseHello(Bytes hello, std::size_t size) {
  const bool is_whole = hello.size() >= size;
  ByteReader reader(hello.first(std::min(hello.size(), size)));
  PROCWALL_TRY_STATUS(reader.Skip(sizeof(HelloHead), "read tls hello"));
  PROCWALL_TRY_STATUS(SkipVector<std::uint8_t>(reader, "read tls session id"));
  PROCWALL_TRY_STATUS(SkipVector<std::uint16_t>(reader, "read tls cipher suites"));
  PROCWALL_TRY_STATUS(SkipVector<std::uint8_t>(reader, "read tls compression methods"));
  if (is_whole && reader.Remaining() == 0) return std::string();  // before TLS 1.2: no extensions
  const auto extensions = PROCWALL_TRY(reader.Read<BigEndian16>("read tls extensions"));
  std::size_t left = extensions.host();
  while (left != 0) {
    const auto extension = PROCWALL_TRY(reader.Read<HelloExtension>("read tls extension"));
    const std::size_t used = sizeof(HelloExtension) + extension.size.host();
    if (used > left) return Error{Errc::kMalformed, 0, "check tls extension size"};
    left -= used;
    const Bytes data = PROCWALL_TRY(reader.Take(extension.size.host(), "read tls extension"));
    if (extension.type.host() != kServerName) continue;
    auto name = ServerNameOf(data);
    if (!name) return NotCut(name.error());
    return name;
  }
  return std::string();
}

}  // namespace

Result<std::string> ParseTlsHello(Bytes handshake) {
  ByteReader reader(handshake);
  const auto header = PROCWALL_TRY(reader.Read<HandshakeHeader>("read tls handshake"));
  if (header.type != kClientHello) return Error{Errc::kUnsupported, 0, "check tls handshake type"};
  const std::size_t size = std::size_t{header.size[0]} << 16 | std::size_t{header.size[1]} << 8 |
                           std::size_t{header.size[2]};
  auto name = ParseHello(reader.Rest(), size);
  if (!name && reader.Remaining() >= size) return NotCut(name.error());
  return name;
}

Result<std::string> ParseTlsRecords(Bytes records) {
  ByteReader reader(records);
  std::vector<std::byte> handshake;
  for (std::size_t i = 0; i < kMaxRecords; ++i) {
    const auto header = reader.Read<RecordHeader>("read tls record");
    if (!header && i == 0) return header.error();
    if (!header) break;
    if (header->type != kHandshakeRecord || header->major != 3) {
      if (i == 0) return Error{Errc::kUnsupported, 0, "check tls record type"};
      break;
    }
    const std::size_t size = header->size.host();
    if (size == 0 || size > kMaxRecordSize)
      return Error{Errc::kMalformed, 0, "check tls record size"};
    const Bytes part = reader.Rest().first(std::min(size, reader.Remaining()));
    if (i == 0 && reader.Remaining() <= size)
      return ParseTlsHello(part);  // no copy: the usual case
    handshake.insert(handshake.end(), part.begin(), part.end());
    if (!reader.Skip(size, "read tls record")) break;
  }
  return ParseTlsHello(handshake);
}

}  // namespace procwall
