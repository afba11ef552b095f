// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "net/ip_address.h"
#include "net/prefix.h"

namespace procwall {

// Many networks in little memory: what they cover, as ranges of addresses in order; 8 bytes for an
// IPv4 network, 32 for an IPv6 one, none for one inside another; and for many IPv4 networks a table
// of 256 KiB. Immutable. Thread rule: const
// methods from any thread.
class AddressSet {
 public:
  AddressSet() = default;
  explicit AddressSet(const std::vector<Prefix>& networks);

  bool Has(const IpAddress& address) const;
  bool IsEmpty() const { return ranges4_.empty() && ranges6_.empty(); }
  std::size_t Size() const { return ranges4_.size() + ranges6_.size(); }  // ranges

 private:
  struct Number128 {
    std::uint64_t high = 0;
    std::uint64_t low = 0;
    // NOLINTNEXTLINE(modernize-use-nullptr): takes the comparison's own 0 for a null pointer
    friend auto operator<=>(const Number128&, const Number128&) = default;
  };
  template <typename Number>
  struct Range {
    Number first;
    Number last;
  };
  static std::uint32_t Number4(const IpAddress& address);
  static Number128 Number6(const IpAddress& address);
  static Range<std::uint32_t> Range4(const Prefix& network);
  static Range<Number128> Range6(const Prefix& network);
  template <typename Number>
  static void Merge(std::vector<Range<Number>>& ranges);
  // Of ascending ranges: the last that begins at or before the number decides.
  template <typename Number>
  static bool Contain(const Range<Number>* begin, const Range<Number>* end, const Number& number);

  static constexpr std::size_t kFew = 4096;
  bool Contain4(std::uint32_t number) const;

  std::vector<Range<std::uint32_t>> ranges4_;  // ascending, without overlap
  // By the upper half of an address, how many ranges begin below all that have it; and all at the
  // end. Empty: they are few.
  std::vector<std::uint32_t> below_;
  std::vector<Range<Number128>> ranges6_;
};

}  // namespace procwall
