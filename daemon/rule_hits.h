// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "base/clock.h"
#include "base/guarded.h"
#include "rules/rule.h"

namespace procwall {

// How often each rule has decided since the daemon's start, and when it last did. By name: a rule
// that is changed goes on counting. Thread rule: Count() on the packet thread only, which takes a
// lock when it meets a rule for the first time; Find() from any thread.
class RuleHits {
 public:
  // Names beyond that are not counted.
  static constexpr std::size_t kMostNames = std::size_t{1} << 16;

  struct Use {
    std::uint64_t hits = 0;
    WallTime last{};

    friend bool operator==(const Use&, const Use&) = default;
  };

  void Count(const std::shared_ptr<const Rule>& rule, WallTime now);
  // nullopt: never.
  std::optional<Use> Find(const std::string& name) const;

 private:
  struct Counted {
    std::atomic<std::uint64_t> hits{0};
    std::atomic<std::int64_t> last{0};  // nanoseconds since the epoch
  };
  using CountedPtr = std::shared_ptr<Counted>;
  struct Met {
    std::shared_ptr<const Rule> rule;  // keeps its address from being another rule's
    CountedPtr counted;                // null: there are too many
  };

  CountedPtr Register(const std::string& name);

  std::unordered_map<const Rule*, Met> met_;  // the packet thread's
  mutable Guarded<std::map<std::string, CountedPtr>> by_name_;
};

}  // namespace procwall
