// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "net/netlink_reply.h"

#include <linux/netlink.h>

#include <cerrno>

namespace procwall {
namespace {

constexpr const char* kRequest = "netlink request";
constexpr int kMaxErrno = 4095;  // <linux/err.h> MAX_ERRNO

}  // namespace

NetlinkReply::NetlinkReply(std::uint32_t sequence, std::uint16_t flags)
    : sequence_(sequence),
      is_dump_((flags & NLM_F_DUMP) == NLM_F_DUMP),
      wants_ack_((flags & NLM_F_ACK) != 0) {}

void NetlinkReply::Take(Bytes datagram, const OnMessage& each) {
  ByteReader reader(datagram);
  while (!complete_ && reader.Remaining() > 0) {
    const Result<NetlinkMessage> message = ReadNetlinkMessage(reader);
    if (!message) {
      Fail(message.error());
      complete_ = !is_dump_;
      return;
    }
    if (message->sequence == sequence_) TakeMessage(*message, each);
  }
}

void NetlinkReply::TakeMessage(const NetlinkMessage& message, const OnMessage& each) {
  if ((message.flags & NLM_F_DUMP_INTR) != 0) interrupted_ = true;
  switch (message.type) {
    case NLMSG_NOOP:
      break;
    case NLMSG_OVERRUN:
      Fail(SystemError(ENOBUFS, kRequest));
      break;
    case NLMSG_ERROR:
      complete_ = true;
      TakeErrno(message.body);
      break;
    case NLMSG_DONE:
      complete_ = true;
      // Kernels before 2.6.24 end a dump without an errno.
      if (!message.body.empty()) TakeErrno(message.body);
      if (interrupted_) Fail(Error{Errc::kBusy, EINTR, "netlink dump changed while it was read"});
      break;
    default:
      TakeData(message, each);
      break;
  }
}

void NetlinkReply::TakeData(const NetlinkMessage& message, const OnMessage& each) {
  if (!failure_) {
    if (const Status taken = each(message.whole); !taken) Fail(taken.error());
  }
  const bool more_follows = is_dump_ || wants_ack_ || (message.flags & NLM_F_MULTI) != 0;
  if (!more_follows) complete_ = true;
}

void NetlinkReply::TakeErrno(Bytes body) {
  ByteReader reader(body);
  const Result<int> code = reader.Read<int>(kRequest);
  if (!code) {
    Fail(code.error());
  } else if (*code > 0 || *code < -kMaxErrno) {
    Fail(Error{Errc::kMalformed, 0, kRequest});
  } else if (*code < 0) {
    Fail(SystemError(-*code, kRequest));
  }
}

void NetlinkReply::Fail(Error error) {
  if (!failure_) failure_ = error;
}

Status NetlinkReply::Outcome() const {
  if (failure_) return *failure_;
  return {};
}

}  // namespace procwall
