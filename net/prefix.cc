// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "net/prefix.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace procwall {
namespace {

constexpr unsigned BitsOf(const IpAddress& address) {
  return static_cast<unsigned>(address.Size()) * 8;
}

// The first `length` bits of `address`, then zeros.
IpAddress ClearHostBits(const IpAddress& address, unsigned length) {
  std::array<std::uint8_t, 16> bytes{};
  for (std::size_t i = 0; i < address.Size(); ++i) {
    const std::size_t kept = length < 8 * i ? 0 : std::min<std::size_t>(length - 8 * i, 8);
    bytes[i] = static_cast<std::uint8_t>(address.Data()[i] & (0xff00U >> kept));
  }
  if (!address.IsV4()) return IpAddress::V6(bytes);
  return IpAddress::V4({bytes[0], bytes[1], bytes[2], bytes[3]});
}

// A decimal number of at most three digits without sign or leading zeros.
std::optional<unsigned> ParseLength(std::string_view text) {
  unsigned length = 0;
  const char* end = text.data() + text.size();
  const auto [parsed_to, error] = std::from_chars(text.data(), end, length);
  const bool leading_zero = text.size() > 1 && text.front() == '0';
  if (error != std::errc() || parsed_to != end || leading_zero) return std::nullopt;
  return length;
}

}  // namespace

std::optional<Prefix> Prefix::Create(const IpAddress& address, unsigned length) {
  if (length > BitsOf(address)) return std::nullopt;
  Prefix prefix;
  prefix.address_ = ClearHostBits(address, length);
  prefix.length_ = static_cast<std::uint8_t>(length);
  return prefix;
}

std::optional<Prefix> Prefix::Parse(std::string_view text) {
  const std::size_t slash = text.find('/');
  const std::optional<IpAddress> address = IpAddress::Parse(text.substr(0, slash));
  if (!address) return std::nullopt;
  if (slash == std::string_view::npos) return Create(*address, BitsOf(*address));

  // A length after v4-mapped text counts IPv6 bits, and the address has become IPv4.
  if (address->IsV4() && text.find(':') != std::string_view::npos) return std::nullopt;
  const std::optional<unsigned> length = ParseLength(text.substr(slash + 1));
  return length ? Create(*address, *length) : std::nullopt;
}

bool Prefix::Contains(const IpAddress& address) const {
  return address.Family() == address_.Family() && ClearHostBits(address, length_) == address_;
}

std::string Prefix::ToString() const { return fmt::format("{}/{}", address_, length_); }

}  // namespace procwall
