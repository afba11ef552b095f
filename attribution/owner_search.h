// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "attribution/owner_index.h"
#include "attribution/procfs.h"
#include "base/clock.h"

namespace procwall {

// Finds who holds sockets by walking /proc, for many sockets in one walk. Likely processes come
// first: those that were found before, those that were born since the last walk (found without
// listing all), then whoever has it as its last descriptor, then those of a socket's uid, the
// youngest first. For the finder thread; at worst as slow as the machine has descriptors (about 2
// us each). Thread rule: one thread only.
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
    bool all_holders_known = false;  // every process was looked at, and every holder described
    bool holder_vanished = false;    // a holder let go of it or exited before it was described
    std::vector<Pid> unnamed;        // holders of which nobody could tell what they run
    bool timed_out = false;          // the walk ended at its deadline, or was not begun
    bool parents_unasked = false;  // a parent, who may hold it too, could not be looked at in time
  };
  static constexpr std::size_t kMaxHolders = 64;

  // One Found per wanted socket, in their order. Ends at `deadline` with what it has.
  std::vector<Found> Find(std::span<const Wanted> wanted, Thoroughness thoroughness,
                          BootTime deadline);

 private:
  static constexpr std::size_t kMaxRecent = 64;
  static constexpr Pid kMaxNewborn = 64;

  std::vector<Pid> Newborn(Pid last_pid);

  const Procfs& procfs_;
  const Clock& clock_;
  std::vector<Pid> recent_;  // holders found lately, latest first
  Pid last_pid_;             // given out when the last walk began
};

}  // namespace procwall
