// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace procwall {

// Many domain names in little memory: their text once, and nine to eighteen bytes each in a hash
// table. The hashes are seeded at random, for lists come from strangers. Filled once, then only
// read. Thread rule: const methods from any thread.
class DomainSet {
 public:
  DomainSet();

  // "example.org"; "*.example.org" and ".example.org" are all names below it, but not itself.
  // Letter case does not matter. A name that is there already changes nothing. REQUIRES: at most
  // 255 characters, 2^31 in all.
  void Add(std::string_view name);
  void ShrinkToFit();

  // REQUIRES: a folded name (rules/text.h). The empty name is never there.
  bool Has(std::string_view folded) const;

  std::size_t Size() const { return size_; }
  std::size_t Bytes() const {
    return texts_.capacity() + slots_.capacity() * sizeof(Slot) + bits_.capacity() * 8;
  }

 private:
  struct Slot {
    std::uint32_t tag = 0;  // the upper half of its hash
    std::uint32_t at = 0;   // in texts_; 0: nothing here
  };

  static constexpr std::size_t kBitsPerSlot = 8;

  std::uint64_t HashOf(std::string_view key) const;
  std::size_t BitOf(std::uint64_t hash) const;
  void SetBit(std::uint64_t hash);
  std::string_view TextAt(std::uint32_t at) const;
  std::size_t FindSlot(std::string_view key, std::uint64_t hash) const;
  bool HasKey(std::string_view key) const;
  void Grow();

  std::uint64_t seed_;
  std::string texts_;        // each text behind its length; one with a dot in front is "below"
  std::vector<Slot> slots_;  // a power of two, three quarters of them used at most
  // One of ten to twenty is set: most names are not there, and these fit into a cache.
  std::vector<std::uint64_t> bits_;
  std::size_t size_ = 0;
  bool has_below_ = false;
};

}  // namespace procwall
