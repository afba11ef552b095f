// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "rules/condition.h"
#include "rules/facts.h"
#include "rules/key_table.h"
#include "rules/subject_keys.h"

namespace procwall {

// Finds the first of many conditions that holds, without trying them all: every condition that can
// be found by a key is filed under one that few others have, and only those are tried whose keys
// the subject has. Where many must share a key ("port 443"), they are filed once more below it, by
// another of their keys. What cannot be found by a key is tried always. Immutable. Thread rule:
// const methods from any thread.
class ConditionIndex {
 public:
  using Position = std::uint32_t;  // of a condition among all
  static constexpr Position kNone = ~Position{0};

  ConditionIndex() : ConditionIndex(std::span<const Condition* const>()) {}
  // The conditions are only read here.
  explicit ConditionIndex(std::span<const Condition* const> conditions);

  // The least position before `end` for which holds(position) is true; kNone: there is none. Calls
  // it for every condition that could hold, and stops early.
  template <typename Holds>
  Position FindFirst(const Facts& facts, const Holds& holds, Position end = kNone) const;

 private:
  // Conditions filed by their keys, and those that have none left.
  struct Node {
    std::vector<KeySource> sources;
    KeyTable table;                // hash -> a Target
    std::vector<Position> always;  // in ascending order
  };
  // What a table leads to: a list in `lists_`, a node, or, mostly, one position: with a hundred
  // thousand rules each step waits for memory.
  static constexpr std::uint32_t kIsNode = std::uint32_t{1} << 31;
  static constexpr std::uint32_t kIsPosition = std::uint32_t{1} << 30;

  class Builder;

  template <typename Holds>
  static void Try(std::span<const Position> positions, const Holds& holds, Position& best) {
    for (const Position position : positions) {
      if (position >= best) return;
      if (holds(position)) best = position;
    }
  }

  template <typename Holds>
  void Search(const Node& node, const Facts& facts, const Holds& holds, Position& best) const {
    for (const KeySource& source : node.sources) {
      ForEachKey(facts, source, [&](std::uint64_t hash) {
        const std::uint32_t* const target = node.table.Find(hash);
        if (target == nullptr) return;
        if ((*target & kIsNode) != 0) {
          Search(nodes_[*target & ~kIsNode], facts, holds, best);
        } else if ((*target & kIsPosition) != 0) {
          const Position only = *target & ~kIsPosition;
          Try(std::span(&only, 1), holds, best);
        } else {
          Try(ListAt(*target), holds, best);
        }
      });
    }
    Try(node.always, holds, best);
  }

  // A list lies in `lists_` behind its length.
  std::span<const Position> ListAt(std::uint32_t at) const {
    return std::span(lists_).subspan(at + 1, lists_[at]);
  }

  std::vector<Node> nodes_;  // the first one is where a search begins
  std::vector<Position> lists_;
};

template <typename Holds>
ConditionIndex::Position ConditionIndex::FindFirst(const Facts& facts, const Holds& holds,
                                                   Position end) const {
  Position best = end;
  Search(nodes_.front(), facts, holds, best);
  return best == end ? kNone : best;
}

}  // namespace procwall
