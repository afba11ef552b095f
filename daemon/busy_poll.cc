// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/busy_poll.h"

namespace procwall {

void BusyPoll::Received(std::size_t packets, BootTime now) {
  if (packets == 0) return;
  singles_ = packets == 1 && now - last_ < kQuick ? singles_ + 1 : 0;
  last_ = now;
}

}  // namespace procwall
