// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"
#include "net/netlink_reply.h"

namespace procwall {

// A netlink socket (RFC 3549, netlink(7)) for requests and replies. Framing only: sequence numbers,
// ACK and error replies, multipart dumps; what the messages mean belongs to the callers. It is
// connected to the kernel, so no process can answer in its place. A request allocates nothing.
// Thread rule: one thread only.
class NetlinkSocket {
 public:
  using OnMessage = NetlinkReply::OnMessage;

  // `bus` is a NETLINK_* number, e.g. NETLINK_SOCK_DIAG. kUnsupported: the kernel lacks it.
  static Result<NetlinkSocket> Open(int bus);
  // Takes over a connected datagram socket: a test is the kernel at its other end.
  explicit NetlinkSocket(UniqueFd connected);

  // Sends one request (the header's sequence number is set here) and hands every reply to `each`
  // until the reply is complete: one message or an ACK for a plain request, NLMSG_DONE for a dump.
  // An NLMSG_ERROR becomes a SystemError of its errno (ENOENT: kNotFound). A dump that the kernel
  // marks as interrupted (NLM_F_DUMP_INTR) is kBusy after its end, so that the caller repeats it.
  // Waits at most one second for each datagram: kTimedOut.
  // REQUIRES: `message` starts with an nlmsghdr whose length is message.size().
  Status Request(std::span<std::byte> message, const OnMessage& each);

  // Sends messages that want no ACK, in one datagram, and never waits for an answer: what the
  // kernel refuses of them is thrown away.
  Status Tell(std::span<const std::byte> messages);

  int UnsafeFd() const { return fd_.UnsafeFd(); }

 private:
  Status Send(std::span<const std::byte> message) const;
  Result<Bytes> Receive();

  UniqueFd fd_;
  std::uint32_t sequence_ = 0;
  std::vector<std::byte> receive_buffer_;
};

// A socket that becomes readable when the kernel tells the multicast `groups` (RTMGRP_LINK, ...) of
// something; reading it never waits. Anybody may open it.
Result<UniqueFd> OpenNetlinkNews(int bus, std::uint32_t groups);

}  // namespace procwall
