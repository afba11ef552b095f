// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/address_set.h"

#include <algorithm>
#include <limits>
#include <numeric>

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
bool AddressSet::Contain(const Range<Number>* begin, const Range<Number>* end,
                         const Number& number) {
  const auto* const after = std::upper_bound(
      begin, end, number,
      [](const Number& value, const Range<Number>& range) { return value < range.first; });
  return after != begin && number <= (after - 1)->last;
}

// A search among all of them would wait for memory at each of its first steps.
bool AddressSet::Contain4(std::uint32_t number) const {
  const auto* const all = ranges4_.data();
  if (below_.empty()) return Contain(all, all + ranges4_.size(), number);
  const std::uint32_t begin = below_[number >> 16];
  // The one before may reach into this part.
  return Contain(all + (begin == 0 ? 0 : begin - 1), all + below_[(number >> 16) + 1], number);
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
  if (ranges4_.size() < kFew) return;
  below_.resize(65537);
  for (const auto& range : ranges4_) ++below_[(range.first >> 16) + 1];
  std::partial_sum(below_.begin(), below_.end(), below_.begin());
}

bool AddressSet::Has(const IpAddress& address) const {
  if (address.IsV4()) return Contain4(Number4(address));
  const auto* const all = ranges6_.data();
  return Contain(all, all + ranges6_.size(), Number6(address));
}

}  // namespace procwall
