// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <utility>

#include "base/unique_fd.h"
#include "base/waker.h"

namespace procwall {

// Wakes the thread that waits in a PacketQueue's Take(): asks the kernel, by the queue's own
// socket, to acknowledge a message that says nothing (NLMSG_NOOP, <linux/netlink.h>), which arrives
// like a packet. So that thread need not poll(2) for two things, which costs each packet that comes
// alone as much as all that is done with it in the kernel. Holds the queue's socket open. Thread
// rule: Wake() from any thread.
class QueueWaker final : public Waker {
 public:
  // `socket`: a copy of the queue's descriptor.
  explicit QueueWaker(UniqueFd socket) : socket_(std::move(socket)) {}

  void Wake() const override;

 private:
  UniqueFd socket_;
};

}  // namespace procwall
