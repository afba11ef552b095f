// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>
#include <cstddef>

#include "base/clock.h"

namespace procwall {

// Whether a thread that has found its queue empty looks again rather than to sleep. Being woken
// costs a packet more than all that is done with it, and one that is handled when all caches are
// cold costs twice. So while packets come one at a time and in quick succession, as those of one
// busy client do, the thread stays awake for a moment after each. Where they come in batches it is
// woken rarely enough, and where others want its processor, theirs is the time. Pure: the caller
// looks, yields and measures. Thread rule: one thread.
class BusyPoll {
 public:
  // After so many single packets, each within kQuick of the one before, the next is waited for.
  static constexpr std::size_t kSinglesInARow = 8;
  static constexpr std::chrono::microseconds kQuick{200};
  // After so many waits in a row that were in vain, packets come too slowly to be waited for: they
  // have to show again that they do not. One is nothing: a client loses its processor, too.
  static constexpr int kMostInVain = 2;
  // Yielding a processor that nobody wants takes less than 1 us; to the packet's sender or
  // receiver, some 10 us. Who keeps it longer is busy.
  static constexpr std::chrono::microseconds kYieldedToSomebody{100};

  // `longest`: so long it stays awake after a packet; 0: never.
  explicit BusyPoll(std::chrono::microseconds longest) : longest_(longest) {}

  // A look at the queue found `packets`.
  void Received(std::size_t packets, BootTime now);
  // True: look again after a yield. False: sleep.
  bool StaysAwake(BootTime now);
  void Yielded(std::chrono::nanoseconds took) {
    if (took >= kYieldedToSomebody) singles_ = 0;
  }

 private:
  std::chrono::microseconds longest_;
  std::size_t singles_ = 0;
  int in_vain_ = 0;  // waits, since one was not
  BootTime last_{};  // when a packet came
};

}  // namespace procwall
