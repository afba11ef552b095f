// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/number_condition.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <utility>

namespace procwall {
namespace {

constexpr std::size_t kMostKeys = 64;  // with more, looking at every subject is the better way

// Numbers in their order as unsigned ones: -1 comes before 0 in both.
constexpr std::uint64_t Ordered(std::int64_t number) {
  return static_cast<std::uint64_t>(number) ^ (std::uint64_t{1} << 63);
}

// Of a number in its order.
IndexKey BlockOf(std::uint8_t fact, std::uint64_t ordered, int bits) {
  const KeySource source{fact, KeyShape::kNumber, static_cast<std::uint8_t>(bits)};
  return {source, HashOfNumber(source, ordered >> bits)};
}

// A span of numbers as the fewest aligned blocks of 2^n numbers: "1024-65535" is six of them.
KeyAlternatives BlocksOf(std::uint8_t fact, std::uint64_t first, std::uint64_t last) {
  KeyAlternatives blocks;
  for (;;) {
    int bits = std::min(std::countr_zero(first), 63);
    while (bits > 0 && (std::uint64_t{1} << bits) - 1 > last - first) --bits;
    blocks.push_back({BlockOf(fact, first, bits)});
    const std::uint64_t end = first + ((std::uint64_t{1} << bits) - 1);
    if (end >= last) return blocks;
    first = end + 1;
  }
}

}  // namespace

IndexKey NumberKey(const KeySource& source, std::int64_t number) {
  return BlockOf(source.fact, Ordered(number), source.length);
}

NumberCondition NumberCondition::Between(std::int64_t first, std::int64_t last) {
  return {first, last};
}

NumberCondition NumberCondition::OneOf(std::vector<std::int64_t> numbers) {
  if (numbers.empty()) return {1, 0};
  std::sort(numbers.begin(), numbers.end());
  NumberCondition condition(numbers.front(), numbers.back());
  condition.numbers_ = std::move(numbers);
  return condition;
}

bool NumberCondition::Holds(std::int64_t number) const {
  if (number < first_ || number > last_) return false;
  return numbers_.empty() || std::binary_search(numbers_.begin(), numbers_.end(), number);
}

void NumberCondition::AddKeys(std::uint8_t fact, std::vector<KeyAlternatives>& ways) const {
  KeyAlternatives way;  // stays empty if nothing is in between: then nothing needs to find this
  if (first_ <= last_ && (numbers_.empty() || numbers_.size() > kMostKeys)) {
    way = BlocksOf(fact, Ordered(first_), Ordered(last_));
  }
  for (const std::int64_t number : numbers_) {
    if (numbers_.size() <= kMostKeys) way.push_back({BlockOf(fact, Ordered(number), 0)});
  }
  if (way.size() <= kMostKeys) ways.push_back(std::move(way));
}

}  // namespace procwall
