// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "attribution/process.h"
#include "base/clock.h"

namespace procwall {

// Which relatives of a process may hold its sockets, too.
enum class Kinship : std::uint8_t {
  kDescendants,  // those it made: they got what it held then
  kAll,          // and those that made it
};

// Which processes ended lately: the last kCapacity of them. For one question: could a relative of
// this holder have sent the packet, and be gone since? Relatives that ran the holder's own program
// do not matter. Brothers are not asked about: whoever made a socket for both is found first.
// Thread rule: the caller's lock.
class EndHistory {
 public:
  static constexpr std::size_t kCapacity = 2048;

  // Ends are known from `begin` on.
  explicit EndHistory(BootTime begin) : known_since_(begin) {}

  // `described`: null where nobody knows what it ran.
  void Note(Pid pid, const Process* described, BootTime when);
  // Some before `when` were not told of.
  void ForgetBefore(BootTime when);

  // False: certainly none, at `since` or later.
  bool MayKinHaveEndedSince(const Process& holder, Kinship kinship, BootTime since) const;

 private:
  struct End {
    Pid pid = 0;
    BootTime when{};
    std::size_t program = 0;  // a hash of its path; 0: not known
    std::array<Pid, kMaxAncestors> ancestors{};
  };
  static std::size_t HashOf(const Process& process);
  static bool IsKin(const End& end, const Process& holder, Kinship kinship);

  BootTime known_since_;
  std::vector<End> last_;  // a ring, once it has kCapacity
  std::size_t next_ = 0;   // in it
};

}  // namespace procwall
