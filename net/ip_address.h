// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "base/keyed_hash.h"

namespace procwall {

enum class IpFamily : std::uint8_t { kV4 = 4, kV6 = 6 };

// An IPv4 or IPv6 address. A v4-mapped address (::ffff:a.b.c.d, RFC 4291 §2.5.5.2) becomes the IPv4
// address at birth, so equal peers compare equal however the socket names them. IPv4 sorts first.
class IpAddress {
 public:
  // 0.0.0.0
  constexpr IpAddress() = default;

  // The 4 or 16 bytes as they lie on the wire.
  static constexpr IpAddress V4(std::array<std::uint8_t, 4> bytes);
  static constexpr IpAddress V6(std::array<std::uint8_t, 16> bytes);
  // Dotted decimal without leading zeros, or RFC 4291 text without a zone; else nullopt.
  static std::optional<IpAddress> Parse(std::string_view text);

  constexpr IpFamily Family() const { return family_; }
  constexpr bool IsV4() const { return family_ == IpFamily::kV4; }
  // The wire bytes, Size() of them: 4 for IPv4, else 16. They live as long as this object.
  constexpr const std::uint8_t* Data() const { return bytes_.data(); }
  constexpr std::size_t Size() const { return IsV4() ? 4 : 16; }

  constexpr bool IsUnspecified() const;  // 0.0.0.0 or ::
  constexpr bool IsLoopback() const;     // 127/8 or ::1
  constexpr bool IsMulticast() const;    // 224/4 or ff00::/8
  constexpr bool IsLinkLocal() const;    // 169.254/16 or fe80::/10
  // 255.255.255.255. A subnet's broadcast address cannot be told without its prefix.
  constexpr bool IsLimitedBroadcast() const;

  // Dotted decimal, or RFC 5952 text.
  std::string ToString() const;

  friend constexpr bool operator==(const IpAddress&, const IpAddress&) = default;
  // NOLINTNEXTLINE(modernize-use-nullptr): takes the comparison's own 0 for a null pointer
  friend constexpr std::strong_ordering operator<=>(const IpAddress&, const IpAddress&) = default;

 private:
  IpFamily family_ = IpFamily::kV4;
  std::array<std::uint8_t, 16> bytes_{};  // unused bytes stay zero, so that == works
};

constexpr IpAddress IpAddress::V4(std::array<std::uint8_t, 4> bytes) {
  IpAddress address;
  for (std::size_t i = 0; i < bytes.size(); ++i) address.bytes_[i] = bytes[i];
  return address;
}

constexpr IpAddress IpAddress::V6(std::array<std::uint8_t, 16> bytes) {
  bool mapped = bytes[10] == 0xff && bytes[11] == 0xff;
  for (std::size_t i = 0; i < 10; ++i) mapped = mapped && bytes[i] == 0;
  if (mapped) return V4({bytes[12], bytes[13], bytes[14], bytes[15]});
  IpAddress address;
  address.family_ = IpFamily::kV6;
  address.bytes_ = bytes;
  return address;
}

constexpr bool IpAddress::IsUnspecified() const {
  for (const std::uint8_t byte : bytes_) {
    if (byte != 0) return false;
  }
  return true;
}

constexpr bool IpAddress::IsLoopback() const {
  if (IsV4()) return bytes_[0] == 127;
  for (std::size_t i = 0; i < 15; ++i) {
    if (bytes_[i] != 0) return false;
  }
  return bytes_[15] == 1;
}

constexpr bool IpAddress::IsMulticast() const {
  return IsV4() ? (bytes_[0] & 0xf0) == 0xe0 : bytes_[0] == 0xff;
}

constexpr bool IpAddress::IsLinkLocal() const {
  return IsV4() ? bytes_[0] == 169 && bytes_[1] == 254
                : bytes_[0] == 0xfe && (bytes_[1] & 0xc0) == 0x80;
}

constexpr bool IpAddress::IsLimitedBroadcast() const {
  return IsV4() && bytes_[0] == 255 && bytes_[1] == 255 && bytes_[2] == 255 && bytes_[3] == 255;
}

}  // namespace procwall

template <>
struct std::hash<procwall::IpAddress> {
  std::size_t operator()(const procwall::IpAddress& address) const noexcept {
    std::array<std::uint64_t, 2> halves{};
    std::memcpy(halves.data(), address.Data(), address.Size());
    return procwall::KeyedHash(halves[0], halves[1] + address.Size());
  }
};

template <>
struct fmt::formatter<procwall::IpAddress> : fmt::formatter<std::string> {
  template <typename Context>
  auto format(const procwall::IpAddress& address, Context& context) const {
    return fmt::formatter<std::string>::format(address.ToString(), context);
  }
};
