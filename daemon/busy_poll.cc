// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/busy_poll.h"

namespace procwall {

void BusyPoll::Received(std::size_t packets, BootTime now) {
  if (packets == 0) return;
  singles_ = packets == 1 && now - last_ < kQuick ? singles_ + 1 : 0;
  if (now - last_ < longest_) in_vain_ = 0;
  last_ = now;
}

bool BusyPoll::StaysAwake(BootTime now) {
  if (singles_ < kSinglesInARow || longest_ == std::chrono::microseconds(0)) return false;
  if (now - last_ < longest_) return true;
  if (++in_vain_ < kMostInVain) return false;
  in_vain_ = 0;
  singles_ = 0;
  return false;
}

}  // namespace procwall
