// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <vector>

#include "net/ip_address.h"
#include "net/prefix.h"
#include "rules/index_key.h"

namespace procwall {

// The networks an address must be in; a single address is a network of its own. Thread rule: const
// methods from any thread.
class AddressCondition {
 public:
  // REQUIRES: not empty.
  static AddressCondition InAny(const std::vector<Prefix>& networks);

  bool Holds(const IpAddress& address) const;

  // Adds what this can be found by among the keys of `fact`, if anything.
  void AddKeys(std::uint8_t fact, std::vector<KeyAlternatives>& ways) const;

 private:
  Prefix first_;  // most have one network only
  std::vector<Prefix> more_;
};

// The key of the first `length` bits of an address of this source's family.
IndexKey PrefixKey(const KeySource& source, const IpAddress& address);

}  // namespace procwall
