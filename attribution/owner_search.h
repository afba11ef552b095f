// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "attribution/owner_index.h"
#include "attribution/procfs.h"
#include "base/clock.h"

namespace procwall {

// Finds who holds sockets by walking /proc, for many sockets in one walk. Likely processes come
// first: same uid as a socket, then those that were found before, then the youngest. For the finder
// thread; as slow as the machine has descriptors. Thread rule: one thread only.
class OwnerSearch {
 public:
  // Both must outlive the search.
  OwnerSearch(const Procfs& procfs, const Clock& clock);

  struct Wanted {
    Inode inode = 0;
    Uid uid = 0;  // of the socket
  };
  enum class Thoroughness : std::uint8_t {
    kFirstHolder,  // stop when every wanted socket has a holder
    kAllHolders,   // finish the walk
  };
  struct Found {
    Inode inode = 0;
    std::vector<Holder> holders;     // described; at most kMaxHolders
    bool all_holders_known = false;  // every process was looked at
    bool holder_vanished = false;    // a holder was seen and exited before it could be described
    bool timed_out = false;
  };
  static constexpr std::size_t kMaxHolders = 64;

  // One Found per wanted socket, in their order. Ends at `deadline` with what it has.
  std::vector<Found> Find(std::span<const Wanted> wanted, Thoroughness thoroughness,
                          BootTime deadline);

 private:
  const Procfs& procfs_;
  const Clock& clock_;
  std::vector<Pid> recent_;  // holders found lately, youngest first
};

}  // namespace procwall
