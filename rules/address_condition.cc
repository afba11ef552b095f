// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/address_condition.h"

#include <algorithm>
#include <cstddef>

namespace procwall {
namespace {

constexpr std::size_t kMostAddressKeys = 64;

// Eight bytes of an address as a number, the first one highest.
std::uint64_t BytesOf(const IpAddress& address, std::size_t from) {
  std::uint64_t number = 0;
  for (std::size_t i = from; i < from + 8; ++i) {
    number = (number << 8) | (i < address.Size() ? address.Data()[i] : 0U);
  }
  return number;
}

// The first `length` bits of a number, 0 to 64 of them; the others are cleared.
std::uint64_t FirstBits(std::uint64_t number, unsigned length) {
  return length == 0 ? 0 : number & ~std::uint64_t{0} << (64 - length);
}

IndexKey KeyOf(std::uint8_t fact, const Prefix& network) {
  const KeyShape shape = network.Address().IsV4() ? KeyShape::kPrefix4 : KeyShape::kPrefix6;
  return PrefixKey({fact, shape, static_cast<std::uint8_t>(network.Length())}, network.Address());
}

}  // namespace

IndexKey PrefixKey(const KeySource& source, const IpAddress& address) {
  const unsigned length = source.length;
  const std::uint64_t high = FirstBits(BytesOf(address, 0), std::min(length, 64U));
  const std::uint64_t low = length <= 64 ? 0 : FirstBits(BytesOf(address, 8), length - 64);
  return {source, HashOfNumber(source, high, low)};
}

AddressCondition AddressCondition::InAny(const std::vector<Prefix>& networks) {
  AddressCondition condition;
  condition.first_ = networks.front();
  condition.more_.assign(networks.begin() + 1, networks.end());
  return condition;
}

bool AddressCondition::Holds(const IpAddress& address) const {
  return first_.Contains(address) ||
         std::any_of(more_.begin(), more_.end(),
                     [&](const Prefix& network) { return network.Contains(address); });
}

void AddressCondition::AddKeys(std::uint8_t fact, std::vector<KeyAlternatives>& ways) const {
  if (more_.size() >= kMostAddressKeys) return;
  KeyAlternatives way{{KeyOf(fact, first_)}};
  for (const Prefix& network : more_) way.push_back({KeyOf(fact, network)});
  ways.push_back(std::move(way));
}

}  // namespace procwall
