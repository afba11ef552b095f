// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/inode_cache.h"

#include <algorithm>

namespace procwall {

InodeCache::Set& InodeCache::SetOf(Inode inode) {
  // The kernel counts inodes up, in one run per CPU: neighbours must not share a set.
  static_assert(kSets == 1U << 12);
  constexpr std::uint64_t kGoldenRatio = 0x9e3779b97f4a7c15;
  return sets_[(inode * kGoldenRatio) >> (64 - 12)];
}

const SeenAt* InodeCache::Find(Inode inode) {
  if (inode == 0) return nullptr;
  for (Entry& entry : SetOf(inode)) {
    if (entry.inode != inode) continue;
    entry.last_use = ++uses_;
    return &entry.seen_at;
  }
  return nullptr;
}

void InodeCache::Insert(Inode inode, const SeenAt& seen_at) {
  if (inode == 0) return;
  Erase(inode);
  Set& set = SetOf(inode);
  Entry& oldest = *std::min_element(set.begin(), set.end(), [](const Entry& a, const Entry& b) {
    return a.last_use < b.last_use;
  });
  oldest = {.inode = inode, .last_use = ++uses_, .seen_at = seen_at};
}

void InodeCache::Erase(Inode inode) {
  if (inode == 0) return;
  for (Entry& entry : SetOf(inode)) {
    if (entry.inode == inode) entry = {};
  }
}

}  // namespace procwall
