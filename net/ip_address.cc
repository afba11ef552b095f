// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "net/ip_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <iterator>

namespace procwall {
namespace {

// RFC 5952 §4: hexadecimal groups in lower case without leading zeros; the first of the longest
// runs of at least two zero groups becomes "::". Not inet_ntop(), which writes ::1.2.3.4.
std::string Rfc5952Text(const std::uint8_t* bytes) {
  constexpr std::size_t kGroups = 8;
  const auto group = [&](std::size_t i) { return bytes[2 * i] << 8 | bytes[2 * i + 1]; };

  std::size_t run_start = kGroups;
  std::size_t run_length = 1;
  for (std::size_t i = 0; i < kGroups; ++i) {
    std::size_t end = i;
    while (end < kGroups && group(end) == 0) ++end;
    if (end - i > run_length) {
      run_start = i;
      run_length = end - i;
    }
  }

  std::string text;
  for (std::size_t i = 0; i < kGroups; ++i) {
    if (i == run_start) {
      text += "::";
      i += run_length - 1;
      continue;
    }
    if (!text.empty() && text.back() != ':') text += ':';
    fmt::format_to(std::back_inserter(text), "{:x}", group(i));
  }
  return text;
}

}  // namespace

std::optional<IpAddress> IpAddress::Parse(std::string_view text) {
  // inet_pton() wants a C string: a NUL inside would hide what follows it.
  std::array<char, INET6_ADDRSTRLEN> copy{};
  if (text.size() >= copy.size() || text.find('\0') != std::string_view::npos) return std::nullopt;
  text.copy(copy.data(), text.size());

  std::array<std::uint8_t, 4> v4{};
  if (::inet_pton(AF_INET, copy.data(), v4.data()) == 1) return V4(v4);
  std::array<std::uint8_t, 16> v6{};
  if (::inet_pton(AF_INET6, copy.data(), v6.data()) == 1) return V6(v6);
  return std::nullopt;
}

std::string IpAddress::ToString() const {
  if (!IsV4()) return Rfc5952Text(bytes_.data());
  return fmt::format("{}.{}.{}.{}", bytes_[0], bytes_[1], bytes_[2], bytes_[3]);
}

}  // namespace procwall
