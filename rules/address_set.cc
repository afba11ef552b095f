// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/address_set.h"

#include <algorithm>
#include <limits>

namespace procwall {
namespace {

std::uint64_t BytesFrom(const IpAddress& address, std::size_t begin, std::size_t count) {
  std::uint64_t number = 0;
  for (std::size_t i = begin; i < begin + count; ++i) number = number << 8 | address.Data()[i];
  return number;
}

// A number whose last `bits` bits are set, of 64.
std::uint64_t LastBits(unsigned bits) {
  constexpr std::uint64_t kAll = std::numeric_limits<std::uint64_t>::max();
  return bits == 0 ? 0 : kAll >> (64 - bits);
}

}  // namespace

std::uint32_t AddressSet::Number4(const IpAddress& address) {
  return static_cast<std::uint32_t>(BytesFrom(address, 0, 4));
}

AddressSet::Number128 AddressSet::Number6(const IpAddress& address) {
  return {BytesFrom(address, 0, 8), BytesFrom(address, 8, 8)};
}

AddressSet::Range<std::uint32_t> AddressSet::Range4(const Prefix& network) {
  const std::uint32_t first = Number4(network.Address());
  return {first, first | static_cast<std::uint32_t>(LastBits(32 - network.Length()))};
}

AddressSet::Range<AddressSet::Number128> AddressSet::Range6(const Prefix& network) {
  const Number128 first = Number6(network.Address());
  const unsigned host_bits = 128 - network.Length();
  const Number128 host{LastBits(host_bits > 64 ? host_bits - 64 : 0),
                       LastBits(std::min(host_bits, 64U))};
  return {first, {first.high | host.high, first.low | host.low}};
}

template <typename Number>
void AddressSet::Merge(std::vector<Range<Number>>& ranges) {
  std::sort(ranges.begin(), ranges.end(), [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first < b.first : a.last > b.last;
  });
  // Networks lie inside one another or apart: what begins inside the one before ends there too.
  const auto end = std::unique(ranges.begin(), ranges.end(),
                               [](const auto& a, const auto& b) { return b.first <= a.last; });
  ranges.erase(end, ranges.end());
  ranges.shrink_to_fit();
}

template <typename Number>
bool AddressSet::Contain(const std::vector<Range<Number>>& ranges, const Number& number) {
  const auto after = std::upper_bound(
      ranges.begin(), ranges.end(), number,
      [](const Number& value, const Range<Number>& range) { return value < range.first; });
  return after != ranges.begin() && number <= (after - 1)->last;
}

AddressSet::AddressSet(const std::vector<Prefix>& networks) {
  for (const Prefix& network : networks) {
    if (network.Address().IsV4()) {
      ranges4_.push_back(Range4(network));
    } else {
      ranges6_.push_back(Range6(network));
    }
  }
  Merge(ranges4_);
  Merge(ranges6_);
}

bool AddressSet::Has(const IpAddress& address) const {
  return address.IsV4() ? Contain(ranges4_, Number4(address)) : Contain(ranges6_, Number6(address));
}

}  // namespace procwall
