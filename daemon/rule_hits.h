// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <string_view>
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
  // For a name beyond that the one that has decided nothing for the longest time is forgotten: so
  // names of rules that are gone take no room from those that are there.
  static constexpr std::size_t kMostNames = std::size_t{1} << 16;

  struct Use {
    std::uint64_t hits = 0;
    WallTime last{};

    friend bool operator==(const Use&, const Use&) = default;
  };

  RuleHits() { table_.Lock()->places.reserve(kMostNames); }

  void Count(const std::string& name, WallTime now);
  // nullopt: never, or forgotten.
  std::optional<Use> Find(const std::string& name) const;

 private:
  struct Counted {
    std::string name;
    Use use{};
  };
  struct Table {
    std::list<Counted> by_last_use{};  // the latest first
    // By their names, which lie in the list: its elements stay where they are.
    std::unordered_map<std::string_view, std::list<Counted>::iterator> places{};
  };

  mutable Guarded<Table> table_;
};

}  // namespace procwall
