// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/key_table.h"

#include <algorithm>
#include <bit>

namespace procwall {

KeyTable::KeyTable(std::size_t keys) {
  const std::size_t slots = std::bit_ceil(std::max<std::size_t>(2 * keys, 2));
  slots_.resize(slots);
  mask_ = slots - 1;
  shift_ = 64 - std::countr_zero(slots);
  const std::size_t bits = std::max<std::size_t>(8 * slots, 64);
  bits_.resize(bits / 64);
  bit_shift_ = 64 - std::countr_zero(bits);
}

void KeyTable::Add(std::uint64_t key, std::uint32_t value) {
  std::size_t at = key >> shift_;
  while (slots_[at].used != 0) at = (at + 1) & mask_;
  slots_[at] = {key, value, 1};
  const std::uint64_t bit = key >> bit_shift_;
  bits_[bit / 64] |= std::uint64_t{1} << (bit % 64);
}

}  // namespace procwall
