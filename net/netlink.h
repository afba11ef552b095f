// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/unique_fd.h"

namespace procwall {

// A netlink socket (RFC 3549, netlink(7)) for requests and replies. Framing only: sequence numbers,
// ACK and error replies, multipart dumps; what the messages mean belongs to the callers. libmnl
// does the walking. Thread rule: one thread only.
class NetlinkSocket {
 public:
  // `bus` is a NETLINK_* number, e.g. NETLINK_SOCK_DIAG.
  static Result<NetlinkSocket> Open(int bus);

  // One netlink message, header included; borrowed until `each` returns.
  using OnMessage = std::function<Status(Bytes message)>;

  // Sends one request (the header's sequence number is set here) and hands every reply to `each`
  // until the reply is complete: one message or an ACK for a plain request, NLMSG_DONE for a dump.
  // An NLMSG_ERROR becomes a SystemError of its errno (ENOENT: kNotFound). A dump that the kernel
  // marks as interrupted (NLM_F_DUMP_INTR) is kBusy after its end, so that the caller repeats it.
  // Waits at most one second for a reply: kTimedOut.
  Status Request(std::vector<std::byte>& message, const OnMessage& each);

 private:
  explicit NetlinkSocket(UniqueFd fd);
  UniqueFd fd_;
  std::uint32_t sequence_ = 0;
  std::vector<std::byte> receive_buffer_;
};

}  // namespace procwall
