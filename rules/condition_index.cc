// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/condition_index.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <optional>
#include <utility>

namespace procwall {
namespace {

using Position = ConditionIndex::Position;

constexpr std::size_t kShortList = 8;  // trying that many costs less than looking them up
constexpr std::size_t kMaxDepth = 4;

// How many conditions have a key, at least that many: counters that several keys may share.
class KeyCounts {
 public:
  explicit KeyCounts(std::size_t keys)
      : counts_(std::bit_ceil(std::clamp<std::size_t>(4 * keys, 64, std::size_t{1} << 22))),
        shift_(64 - std::countr_zero(counts_.size())) {}

  void Count(const IndexKey& key) { ++counts_[key.hash >> shift_]; }
  std::uint32_t Of(const IndexKey& key) const { return counts_[key.hash >> shift_]; }

 private:
  std::vector<std::uint32_t> counts_;
  int shift_;  // the high bits of a key depend on all of it
};

// A condition under a key.
struct Entry {
  IndexKey key;
  Position position;
};

}  // namespace

class ConditionIndex::Builder {
 public:
  Builder(std::span<const Condition* const> conditions, ConditionIndex& index)
      : conditions_(conditions), index_(index) {}

  // Makes a node of these conditions; its number. REQUIRES: ascending positions.
  std::uint32_t AddNode(const std::vector<Position>& positions) {
    const auto number = static_cast<std::uint32_t>(index_.nodes_.size());
    index_.nodes_.emplace_back();
    Node node;
    std::vector<Entry> entries = File(positions, node.always);
    std::stable_sort(entries.begin(), entries.end(),
                     [](const Entry& a, const Entry& b) { return a.key.hash < b.key.hash; });
    std::size_t keys = 0;
    for (std::size_t i = 0; i < entries.size(); ++i) {
      keys += i == 0 || entries[i].key.hash != entries[i - 1].key.hash ? 1 : 0;
    }
    node.table = KeyTable(keys);
    for (std::size_t begin = 0; begin < entries.size();) {
      std::size_t end = begin;
      while (end < entries.size() && entries[end].key.hash == entries[begin].key.hash) ++end;
      node.table.Add(entries[begin].key.hash,
                     AddTarget(std::span(entries).subspan(begin, end - begin)));
      begin = end;
    }
    for (const Entry& entry : entries) {
      if (std::find(node.sources.begin(), node.sources.end(), entry.key.source) ==
          node.sources.end()) {
        node.sources.push_back(entry.key.source);
      }
    }
    index_.nodes_[number] = std::move(node);
    return number;
  }

 private:
  // Chooses the keys that each condition is filed under; those with none go to `always`.
  std::vector<Entry> File(const std::vector<Position>& positions, std::vector<Position>& always) {
    const KeyCounts counts = CountKeys(positions);
    std::vector<Entry> entries;
    entries.reserve(positions.size());
    for (const Position position : positions) {
      ways_.clear();
      conditions_[position]->AddKeys(ways_);
      const auto chosen = Choose(counts);
      if (!chosen) {
        always.push_back(position);
        continue;
      }
      for (const IndexKey& key : *chosen) entries.push_back({key, position});
    }
    return entries;
  }

  KeyCounts CountKeys(const std::vector<Position>& positions) {
    KeyCounts counts(8 * positions.size());
    for (const Position position : positions) {
      ways_.clear();
      conditions_[position]->AddKeys(ways_);
      for (const KeyAlternatives& way : ways_) {
        for (const auto& keys : way) {
          for (const IndexKey& key : keys) counts.Count(key);
        }
      }
    }
    return counts;
  }

  // The way whose keys the fewest conditions have, and of each alternative its rarest key; nullopt:
  // no way is left that was not gone on the path to this node.
  std::optional<std::vector<IndexKey>> Choose(const KeyCounts& counts) const {
    std::optional<std::vector<IndexKey>> best;
    std::uint64_t best_cost = std::numeric_limits<std::uint64_t>::max();
    for (const KeyAlternatives& way : ways_) {
      std::vector<IndexKey> keys;
      std::uint64_t cost = 0;
      for (const auto& alternative : way) {
        keys.push_back(*std::min_element(
            alternative.begin(), alternative.end(),
            [&](const IndexKey& a, const IndexKey& b) { return counts.Of(a) < counts.Of(b); }));
        cost += counts.Of(keys.back());
      }
      if (cost >= best_cost || IsOnPath(keys)) continue;
      best_cost = cost;
      best = std::move(keys);
    }
    return best;
  }

  bool IsOnPath(const std::vector<IndexKey>& keys) const {
    return std::any_of(keys.begin(), keys.end(), [&](const IndexKey& key) {
      return std::find(path_.begin(), path_.end(), key) != path_.end();
    });
  }

  // A list of the conditions under one key, or, if they are many, a node of their own.
  std::uint32_t AddTarget(std::span<const Entry> entries) {
    std::vector<Position> positions;
    positions.reserve(entries.size());
    for (const Entry& entry : entries) {
      if (positions.empty() || positions.back() != entry.position) {
        positions.push_back(entry.position);
      }
    }
    if (positions.size() <= kShortList || path_.size() == kMaxDepth) return AddList(positions);
    path_.push_back(entries.front().key);
    const std::uint32_t node = AddNode(positions);
    path_.pop_back();
    return node | kIsNode;
  }

  std::uint32_t AddList(const std::vector<Position>& positions) {
    if (positions.size() == 1) return positions.front() | kIsPosition;
    const auto at = static_cast<std::uint32_t>(index_.lists_.size());
    index_.lists_.push_back(static_cast<Position>(positions.size()));
    index_.lists_.insert(index_.lists_.end(), positions.begin(), positions.end());
    return at;
  }

  std::span<const Condition* const> conditions_;
  ConditionIndex& index_;
  std::vector<IndexKey> path_;         // that lead to the node at hand
  std::vector<KeyAlternatives> ways_;  // of the condition at hand
};

ConditionIndex::ConditionIndex(std::span<const Condition* const> conditions) {
  std::vector<Position> all(conditions.size());
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<Position>(i);
  Builder(conditions, *this).AddNode(all);
}

}  // namespace procwall
