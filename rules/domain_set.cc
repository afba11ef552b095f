// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/domain_set.h"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <random>

#include "rules/index_key.h"
#include "rules/text.h"

namespace procwall {
namespace {

constexpr std::size_t kLongestName = 255;

std::uint64_t RandomSeed() {
  std::random_device device;
  return std::uint64_t{device()} << 32 | device();
}

std::string_view WithoutLastDots(std::string_view name) {
  while (name.ends_with('.')) name.remove_suffix(1);
  return name;
}

}  // namespace

DomainSet::DomainSet()
    : seed_(RandomSeed()), texts_(1, '\0'), slots_(16), bits_(slots_.size() * kBitsPerSlot / 64) {}

void DomainSet::Add(std::string_view name) {
  const std::string key = Folded(WithoutLastDots(name.starts_with("*.") ? name.substr(1) : name));
  assert(key.size() <= kLongestName && texts_.size() + key.size() < (std::size_t{1} << 31));
  if (key.empty()) return;
  if (4 * (size_ + 1) > 3 * slots_.size()) Grow();
  const std::uint64_t hash = HashOf(key);
  Slot& slot = slots_[FindSlot(key, hash)];
  if (slot.at != 0) return;
  slot = {static_cast<std::uint32_t>(hash >> 32), static_cast<std::uint32_t>(texts_.size())};
  SetBit(hash);
  texts_ += static_cast<char>(static_cast<unsigned char>(key.size()));
  texts_ += key;
  ++size_;
  has_below_ = has_below_ || key.front() == '.';
}

void DomainSet::ShrinkToFit() { texts_.shrink_to_fit(); }

std::size_t DomainSet::BitOf(std::uint64_t hash) const {
  return (hash >> 8) & (bits_.size() * 64 - 1);
}

bool DomainSet::Has(std::string_view folded) const {
  const std::string_view name = WithoutLastDots(folded);
  if (size_ == 0 || name.empty() || name.size() > kLongestName || name.front() == '.') {
    return false;
  }
  if (HasKey(name)) return true;
  if (!has_below_) return false;
  for (std::size_t dot = name.find('.'); dot != std::string_view::npos;
       dot = name.find('.', dot + 1)) {
    if (HasKey(name.substr(dot))) return true;
  }
  return false;
}

bool DomainSet::HasKey(std::string_view key) const {
  const std::uint64_t hash = HashOf(key);
  const std::size_t bit = BitOf(hash);
  if ((bits_[bit / 64] >> (bit % 64) & 1) == 0) return false;
  return slots_[FindSlot(key, hash)].at != 0;
}

std::uint64_t DomainSet::HashOf(std::string_view key) const {
  std::uint64_t hash = seed_ + key.size();
  for (std::size_t at = 0; at < key.size(); at += 8) {
    hash = MixBits(hash ^ NumberOf(key.data() + at, key.size() - at)) + seed_;
  }
  return hash;
}

std::string_view DomainSet::TextAt(std::uint32_t at) const {
  return std::string_view(texts_).substr(at + 1, static_cast<unsigned char>(texts_[at]));
}

// The slot of that key, or the free one where it belongs.
std::size_t DomainSet::FindSlot(std::string_view key, std::uint64_t hash) const {
  const std::size_t mask = slots_.size() - 1;
  const auto tag = static_cast<std::uint32_t>(hash >> 32);
  for (std::size_t i = hash & mask;; i = (i + 1) & mask) {
    const Slot& slot = slots_[i];
    if (slot.at == 0 || (slot.tag == tag && TextAt(slot.at) == key)) return i;
  }
}

void DomainSet::SetBit(std::uint64_t hash) {
  const std::size_t bit = BitOf(hash);
  bits_[bit / 64] |= std::uint64_t{1} << (bit % 64);
}

void DomainSet::Grow() {
  std::vector<Slot> before(2 * slots_.size());
  before.swap(slots_);
  bits_.assign(slots_.size() * kBitsPerSlot / 64, 0);
  const std::size_t mask = slots_.size() - 1;
  for (const Slot& slot : before) {
    if (slot.at == 0) continue;
    const std::uint64_t hash = HashOf(TextAt(slot.at));
    SetBit(hash);
    std::size_t i = hash & mask;
    while (slots_[i].at != 0) i = (i + 1) & mask;
    slots_[i] = slot;
  }
}

}  // namespace procwall
