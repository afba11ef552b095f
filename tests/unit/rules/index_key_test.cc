// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/index_key.h"

#include <set>
#include <string>

#include <gtest/gtest.h>

namespace procwall {
namespace {

constexpr KeySource kPath{1, KeyShape::kText, 0};
constexpr KeySource kHost{2, KeyShape::kText, 0};

TEST(HashOfText, TellsTextsAndFactsApart) {
  std::set<std::uint64_t> hashes;
  for (const KeySource& source : {kPath, kHost}) {
    for (const char* text : {"", "a", "b", "aaaaaaaa", "aaaaaaaaa", "baaaaaaaa", "aaaaaaaab"}) {
      hashes.insert(HashOfText(source, text));
    }
  }
  EXPECT_EQ(hashes.size(), 14U);
}

TEST(HashOfText, DoesNotSeeLettersThatHaveAnotherCaseElsewhere) {
  EXPECT_EQ(HashOfText(kPath, "gr\u00fcn"), HashOfText(kPath, "gr\u00dcn"));
}

TEST(DirectoryKey, IsTheHashOfAPathUpToItsSlash) {
  const IndexKey key = DirectoryKey(1, "/opt");
  RunningHash hash(key.source);
  for (const char c : std::string_view("/opt")) hash.Add(c);
  EXPECT_EQ(key.hash, hash.Value());
}

TEST(DomainKey, IsReadFromTheEnd) {
  const IndexKey key = DomainKey(1, "ab");
  RunningHash hash(key.source);
  hash.Add('b');
  hash.Add('a');
  EXPECT_EQ(key.hash, hash.Value());
}

TEST(NumberOf, IsTheTextWithZerosBehindIt) {
  const char text[] = "\x01\x02\x03\x04\x05\x06\x07\x08\x09";
  std::uint64_t expected = 0;
  for (std::size_t length = 0; length <= 8; ++length) {
    EXPECT_EQ(NumberOf(text, length), expected) << length;
    if (length < 8) expected |= (std::uint64_t{length} + 1) << (8 * length);
  }
  EXPECT_EQ(NumberOf(text, 9), NumberOf(text, 8));
}

TEST(HashOfShort, DependsOnEveryCharacter) {
  EXPECT_NE(HashOfShort(1, "abc", 3), HashOfShort(1, "abd", 3));
  EXPECT_EQ(HashOfShort(1, "abcd", 3), HashOfShort(1, "abcx", 3));
}

}  // namespace
}  // namespace procwall
