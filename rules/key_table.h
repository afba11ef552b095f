// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace procwall {

// A hash table from keys that are hashes already to numbers. Most questions are answered "no" by a
// bit map that fits into a cache. Filled once, then only read.
class KeyTable {
 public:
  KeyTable() = default;
  explicit KeyTable(std::size_t keys);  // room for that many

  // REQUIRES: room is left, and the key is not there.
  void Add(std::uint64_t key, std::uint32_t value);

  // Null: it is not there.
  const std::uint32_t* Find(std::uint64_t key) const {
    if (slots_.empty() || !MayHave(key)) return nullptr;
    for (std::size_t at = key >> shift_;; at = (at + 1) & mask_) {
      const Slot& slot = slots_[at];
      if (slot.used == 0) return nullptr;
      if (slot.key == key) return &slot.value;
    }
  }

 private:
  struct Slot {
    std::uint64_t key = 0;
    std::uint32_t value = 0;
    std::uint32_t used = 0;
  };

  // The bit map is asked for the high bits, as the slots are, but for more of them.
  bool MayHave(std::uint64_t key) const {
    const std::uint64_t bit = key >> bit_shift_;
    return (bits_[bit / 64] >> (bit % 64) & 1) != 0;
  }

  std::vector<Slot> slots_;  // a power of two, half of them used at most
  std::size_t mask_ = 0;
  int shift_ = 0;
  std::vector<std::uint64_t> bits_;  // 16 or more for each key
  int bit_shift_ = 0;
};

}  // namespace procwall
