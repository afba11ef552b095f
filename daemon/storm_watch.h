// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>
#include <cstddef>

#include "base/clock.h"

namespace procwall {

// Whether something comes so fast that each cannot have all the attention it would get in calm
// times. A storm begins when more than kMany come in a second, and ends when for kCalm they did
// not. Pure. Thread rule: one thread.
class StormWatch {
 public:
  static constexpr std::size_t kMany = 2000;
  static constexpr std::chrono::milliseconds kWindow{100};  // over which they are counted, at least
  static constexpr std::chrono::seconds kCalm{2};

  // So many came since it was told last. True: a storm.
  bool Note(std::size_t count, BootTime now) {
    count_ += count;
    const auto elapsed = now - begin_;
    if (elapsed < kWindow) return is_storm_;
    if (count_ * std::chrono::nanoseconds(std::chrono::seconds(1)) > kMany * elapsed) {
      is_storm_ = true;
      last_ = now;
    } else if (now - last_ >= kCalm) {
      is_storm_ = false;
    }
    begin_ = now;
    count_ = 0;
    return is_storm_;
  }
  bool IsStorm() const { return is_storm_; }

 private:
  BootTime begin_{};
  BootTime last_{};
  std::size_t count_ = 0;
  bool is_storm_ = false;
};

}  // namespace procwall
