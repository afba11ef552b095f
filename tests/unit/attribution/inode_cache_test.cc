// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/inode_cache.h"

#include <gtest/gtest.h>

namespace procwall {
namespace {

constexpr SeenAt kHere{.generation = 1, .slot = 2, .fd = 3};
constexpr SeenAt kThere{.generation = 4, .slot = 5, .fd = 6};

TEST(InodeCache, FindsWhatWasInserted) {
  InodeCache cache;
  cache.Insert(100, kHere);
  cache.Insert(101, kThere);
  ASSERT_NE(cache.Find(100), nullptr);
  EXPECT_EQ(*cache.Find(100), kHere);
  EXPECT_EQ(*cache.Find(101), kThere);
  EXPECT_EQ(cache.Find(102), nullptr);
}

TEST(InodeCache, KeepsTheLatestOfTwo) {
  InodeCache cache;
  cache.Insert(100, kHere);
  cache.Insert(100, kThere);
  EXPECT_EQ(*cache.Find(100), kThere);
}

TEST(InodeCache, ForgetsWhatWasErased) {
  InodeCache cache;
  cache.Insert(100, kHere);
  cache.Erase(100);
  EXPECT_EQ(cache.Find(100), nullptr);
}

TEST(InodeCache, HasNoPlaceForNoInode) {
  InodeCache cache;
  cache.Insert(0, kHere);
  EXPECT_EQ(cache.Find(0), nullptr);
}

TEST(InodeCache, KeepsWhatIsUsedWhileOthersComeAndGo) {
  InodeCache cache;
  cache.Insert(1, kHere);
  for (Inode inode = 2; inode < 10 * InodeCache::kCapacity; ++inode) {
    cache.Insert(inode, kThere);
    ASSERT_NE(cache.Find(1), nullptr) << inode;
  }
}

TEST(InodeCache, SpreadsNeighboursOverItsSets) {
  InodeCache cache;
  for (Inode inode = 1; inode <= InodeCache::kCapacity / 2; ++inode) cache.Insert(inode, kHere);
  std::size_t kept = 0;
  for (Inode inode = 1; inode <= InodeCache::kCapacity / 2; ++inode) {
    kept += cache.Find(inode) != nullptr ? 1 : 0;
  }
  EXPECT_EQ(kept, InodeCache::kCapacity / 2);
}

}  // namespace
}  // namespace procwall
