// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "attribution/process.h"
#include "base/clock.h"

namespace procwall {

// When processes executed another program lately: the last kCapacity times. For one question: is
// the program that a process runs now the one it ran when it sent a packet? Thread rule: the
// caller's lock.
class ExecHistory {
 public:
  static constexpr std::size_t kCapacity = 8192;

  // Executions are known from `begin` on.
  explicit ExecHistory(BootTime begin) : known_since_(begin) {}

  void Note(Pid pid, BootTime when);
  // Some before `when` were not told of.
  void ForgetBefore(BootTime when);

  // False: it certainly has not, at `since` or later.
  bool MayHaveExecutedSince(Pid pid, BootTime since) const;

 private:
  struct Execution {
    Pid pid = 0;
    BootTime when{};
  };

  BootTime known_since_;
  std::vector<Execution> last_;  // a ring, once it has kCapacity
  std::size_t next_ = 0;         // in it
};

}  // namespace procwall
