// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

namespace procwall {

// What part of a fact a key is made of.
enum class KeyShape : std::uint8_t {
  kText,       // the whole text
  kGram,       // any `length` characters in a row
  kDirectory,  // a path up to one of its slashes
  kDomain,     // a name from one of its labels on
  kNumber,     // a number without its last `length` bits
  kPrefix4,    // the first `length` bits of an IPv4 address
  kPrefix6,    // likewise of an IPv6 address
};

// Which keys a subject has: those of one fact, made in one way.
struct KeySource {
  std::uint8_t fact = 0;  // a TextFact, NumberFact or AddressFact; the shape says which
  KeyShape shape = KeyShape::kText;
  std::uint8_t length = 0;

  friend bool operator==(const KeySource&, const KeySource&) = default;
};

// A hash of "this part of this fact has this value". A condition and a subject that it holds for
// have keys in common; others may have one too, by accident: a key is a reason to look closer.
struct IndexKey {
  KeySource source;
  std::uint64_t hash = 0;

  friend bool operator==(const IndexKey&, const IndexKey&) = default;
};

// What a condition can be found by: every subject that it holds for has, for at least one of the
// alternatives, all of its keys.
using KeyAlternatives = std::vector<std::vector<IndexKey>>;

// A bijection in which every input bit changes about half of the output bits.
constexpr std::uint64_t MixBits(std::uint64_t value) {
  value = (value ^ (value >> 33)) * 0xff51afd7ed558ccdU;
  value = (value ^ (value >> 33)) * 0xc4ceb9fe1a85ec53U;
  return value ^ (value >> 33);
}

constexpr std::uint64_t SeedOf(const KeySource& source) {
  return MixBits((std::uint64_t{source.fact} << 16) |
                 (static_cast<std::uint64_t>(source.shape) << 8) | source.length);
}

// At most 8 characters as a number, zeros behind them. Without a loop over them: a copy of so many
// bytes as only the caller knows is one.
inline std::uint64_t NumberOf(const char* text, std::size_t length) {
  const auto read = [text](auto number, std::size_t at) {
    std::memcpy(&number, text + at, sizeof(number));
    return std::uint64_t{number};
  };
  if (length >= 8) return read(std::uint64_t{}, 0);
  if (length == 0) return 0;
  // Two numbers that overlap where they are the same. Little-endian, as all hosts of ours are.
  if (length >= 4) {
    return read(std::uint32_t{}, 0) | read(std::uint32_t{}, length - 4) << (8 * (length - 4));
  }
  if (length == 1) return read(std::uint8_t{}, 0);
  return read(std::uint16_t{}, 0) | read(std::uint8_t{}, length - 1) << (8 * (length - 1));
}

// Of a text that has at most 8 characters.
inline std::uint64_t HashOfShort(std::uint64_t seed, const char* text, std::size_t length) {
  return (NumberOf(text, length) ^ seed) * 0x9e3779b97f4a7c15U;
}

// Of a folded text. Here and below, characters beyond ASCII are left out: their other case is not
// known here.
std::uint64_t HashOfText(const KeySource& source, std::string_view folded);
std::uint64_t HashOfNumber(const KeySource& source, std::uint64_t high, std::uint64_t low = 0);

// A hash that grows by one character at a time, for texts of which many parts are looked up.
class RunningHash {
 public:
  explicit RunningHash(const KeySource& source) : hash_(SeedOf(source)) {}
  void Add(char c) {
    if ((c & 0x80) == 0) hash_ = (hash_ ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  }
  std::uint64_t Value() const { return MixBits(hash_); }

 private:
  std::uint64_t hash_;
};

// Of a folded directory without a slash at its end; of a folded domain without a dot there.
IndexKey DirectoryKey(std::uint8_t fact, std::string_view directory);
IndexKey DomainKey(std::uint8_t fact, std::string_view domain);

}  // namespace procwall
