// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "attribution/socket_entry.h"

namespace procwall {

// Where a socket was last seen: slot and generation name a process (see OwnerIndex).
struct SeenAt {
  std::uint32_t generation = 0;
  std::uint16_t slot = 0;
  int fd = -1;

  friend bool operator==(const SeenAt&, const SeenAt&) = default;
};

// inode -> SeenAt, of fixed size: an inode has a place in one of kSets sets of kWays, where it
// replaces the least recently used. Allocates once. Thread rule: one thread only.
class InodeCache {
 public:
  static constexpr std::size_t kWays = 4;
  static constexpr std::size_t kSets = 4096;
  static constexpr std::size_t kCapacity = kWays * kSets;

  InodeCache() : sets_(kSets) {}

  // Valid until the next call; null when it is not there. Counts as a use.
  const SeenAt* Find(Inode inode);
  void Insert(Inode inode, const SeenAt& seen_at);
  void Erase(Inode inode);

 private:
  struct Entry {
    Inode inode = 0;  // 0: free
    std::uint64_t last_use = 0;
    SeenAt seen_at;
  };
  using Set = std::array<Entry, kWays>;
  Set& SetOf(Inode inode);

  std::vector<Set> sets_;
  std::uint64_t uses_ = 0;
};

}  // namespace procwall
