// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <memory>
#include <utility>

#include "base/result.h"
#include "net/connection.h"
#include "net/netlink.h"

namespace procwall {

// Tells answers to what this host asked from what strangers send it, by conntrack: where all that
// comes in is queued, a packet from a DNS server's port need not be an answer. Thread rule: one
// thread.
class AskedFlows {
 public:
  explicit AskedFlows(NetlinkSocket socket)
      : socket_(std::make_unique<NetlinkSocket>(std::move(socket))) {}
  // kUnsupported: the kernel has no ctnetlink.
  static Result<AskedFlows> Open();

  // This host sent the first packet of the flow that `incoming` belongs to. False if that cannot be
  // found out. One request to the kernel: some microseconds.
  bool HasBegun(const Connection& incoming);

 private:
  std::unique_ptr<NetlinkSocket> socket_;
};

}  // namespace procwall
