// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "base/bytes.h"
#include "base/result.h"
#include "net/netlink_message.h"

namespace procwall {

// What the datagrams that follow a request add up to: which messages belong to it, when it is
// complete, and how it ended. Pure: bytes in, messages out. It exists beside libmnl's mnl_cb_run
// because that one takes a late reply to an older request for a failure of this one, stops at the
// first interrupted message of a dump, and does not look at the errno that ends a dump.
class NetlinkReply {
 public:
  // One netlink message, header included; borrowed until the call returns.
  using OnMessage = std::function<Status(Bytes message)>;

  // `sequence` and `flags` are those of the request.
  NetlinkReply(std::uint32_t sequence, std::uint16_t flags);

  // Walks one datagram; messages with another sequence number are skipped. After the first failure
  // `each` is not called again, but a dump is followed to its end: the kernel refuses the next dump
  // on a socket whose last one was not read out.
  void Take(Bytes datagram, const OnMessage& each);

  bool IsComplete() const { return complete_; }
  // The first failure, if there was one: an NLMSG_ERROR or NLMSG_DONE with an errno, bytes that
  // cannot be walked, or what `each` returned. kBusy: the dump was interrupted, repeat it.
  Status Outcome() const;

 private:
  void TakeMessage(const NetlinkMessage& message, const OnMessage& each);
  void TakeData(const NetlinkMessage& message, const OnMessage& each);
  void TakeErrno(Bytes body);
  void Fail(Error error);

  std::uint32_t sequence_;
  bool is_dump_;
  bool wants_ack_;
  bool complete_ = false;
  bool interrupted_ = false;
  std::optional<Error> failure_;
};

}  // namespace procwall
