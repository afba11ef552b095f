// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "base/keyed_hash.h"

#include <cstdint>
#include <unordered_set>

#include <gtest/gtest.h>

namespace procwall {
namespace {

TEST(KeyedHash, IsTheSameForTheSameWords) {
  EXPECT_EQ(KeyedHash(1, 2), KeyedHash(1, 2));
  EXPECT_NE(KeyedHash(1, 2), KeyedHash(2, 1));
  EXPECT_EQ(KeyedHash(1, 2), KeyedHash(1, 2, HashSecret::OfThisProcess()));
}

TEST(KeyedHash, IsAnotherUnderAnotherSecret) {
  const HashSecret one = HashSecret::Draw();
  const HashSecret other = HashSecret::Draw();
  EXPECT_NE(one.first, other.first);
  EXPECT_NE(one.second, other.second);
  EXPECT_NE(KeyedHash(1, 2, one), KeyedHash(1, 2, other));
}

TEST(KeyedHash, EveryBitOfEitherWordMatters) {
  const HashSecret secret{0x243f6a8885a308d3, 0x13198a2e03707344};
  std::unordered_set<std::uint64_t> hashes{KeyedHash(0, 0, secret)};
  for (unsigned bit = 0; bit < 64; ++bit) {
    EXPECT_TRUE(hashes.insert(KeyedHash(std::uint64_t{1} << bit, 0, secret)).second) << bit;
    EXPECT_TRUE(hashes.insert(KeyedHash(0, std::uint64_t{1} << bit, secret)).second) << bit;
  }
}

}  // namespace
}  // namespace procwall
