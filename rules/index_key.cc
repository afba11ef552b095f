// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/index_key.h"

#include <algorithm>
#include <string>

#include "rules/text.h"

namespace procwall {
namespace {

std::uint64_t Combine(std::uint64_t hash, std::uint64_t value) {
  const std::uint64_t mixed = (hash ^ value) * 0x9e3779b97f4a7c15U;
  return mixed ^ (mixed >> 32);
}

}  // namespace

std::uint64_t HashOfText(const KeySource& source, std::string_view folded) {
  if (!IsAscii(folded)) {
    std::string ascii(folded);
    std::erase_if(ascii, [](char c) { return (c & 0x80) != 0; });
    return HashOfText(source, ascii);
  }
  std::uint64_t hash = SeedOf(source);
  for (std::size_t at = 0; at < folded.size(); at += 8) {
    hash = Combine(hash, NumberOf(folded.data() + at, folded.size() - at));
  }
  return MixBits(hash + folded.size());
}

std::uint64_t HashOfNumber(const KeySource& source, std::uint64_t high, std::uint64_t low) {
  return MixBits(Combine(Combine(SeedOf(source), high), low));
}

IndexKey DirectoryKey(std::uint8_t fact, std::string_view directory) {
  const KeySource source{fact, KeyShape::kDirectory, 0};
  RunningHash hash(source);
  for (const char c : directory) hash.Add(c);
  return {source, hash.Value()};
}

IndexKey DomainKey(std::uint8_t fact, std::string_view domain) {
  const KeySource source{fact, KeyShape::kDomain, 0};
  RunningHash hash(source);
  for (std::size_t at = domain.size(); at-- > 0;) hash.Add(domain[at]);
  return {source, hash.Value()};
}

}  // namespace procwall
