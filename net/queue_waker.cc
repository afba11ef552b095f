// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
// Tested by tests/lab/kernel_queue_test.cc.
#include "net/queue_waker.h"

#include <sys/socket.h>

#include <linux/netlink.h>

namespace procwall {

// Without memory for it the kernel wakes nobody, and the queue looks again after a second. Where
// the acknowledgement finds no room, there are packets enough to keep the thread awake.
void QueueWaker::Wake() const {
  constexpr int kTries = 3;
  const nlmsghdr nothing{.nlmsg_len = sizeof(nlmsghdr),
                         .nlmsg_type = NLMSG_NOOP,
                         .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK,
                         .nlmsg_seq = 0,
                         .nlmsg_pid = 0};
  for (int i = 0; i < kTries; ++i) {
    if (::send(socket_.UnsafeFd(), &nothing, sizeof(nothing), MSG_NOSIGNAL | MSG_DONTWAIT) >= 0) {
      return;
    }
  }
}

}  // namespace procwall
