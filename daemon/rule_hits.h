// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>

#include "base/clock.h"
#include "base/guarded.h"

namespace procwall {

// How often each rule has decided since the daemon's start (of a shadow rule: would have decided),
// and when it last did. By name: a rule that is changed goes on counting. Thread rule: from any
// thread. The lock is held for one lookup, so the packet thread waits for no more than that, and
// there is room for all names from the beginning, so that none of its calls moves the others.
class RuleHits {
 public:
  // Names beyond that are not counted.
  static constexpr std::size_t kMostNames = std::size_t{1} << 16;

  struct Use {
    std::uint64_t hits = 0;
    WallTime last{};

    friend bool operator==(const Use&, const Use&) = default;
  };

  RuleHits() { uses_.Lock()->reserve(kMostNames); }

  void Count(const std::string& name, WallTime now);
  // nullopt: never.
  std::optional<Use> Find(const std::string& name) const;

 private:
  mutable Guarded<std::unordered_map<std::string, Use>> uses_;
};

}  // namespace procwall
