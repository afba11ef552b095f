// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "net/flow_news.h"

#include <sys/socket.h>

#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_compat.h>
#include <linux/netlink.h>

#include <cerrno>
#include <utility>

#include "net/netlink.h"
#include "net/netlink_message.h"

namespace procwall {
namespace {

constexpr std::size_t kMostMessageBytes = std::size_t{8} << 10;
constexpr std::size_t kMostAtOnce = 4096;
constexpr unsigned kEndsOnly = NF_NETLINK_CONNTRACK_DESTROY;

}  // namespace

FlowNewsSocket::FlowNewsSocket(UniqueFd fd) : fd_(std::move(fd)), buffer_(kMostMessageBytes) {}

Result<FlowNewsSocket> FlowNewsSocket::Open(std::size_t buffer_bytes) {
  UniqueFd fd = PROCWALL_TRY(OpenNetlinkNews(NETLINK_NETFILTER, kEndsOnly));
  const int size = static_cast<int>(buffer_bytes);
  // The first one needs CAP_NET_ADMIN and knows no limit; the second is cut to rmem_max.
  if (::setsockopt(fd.UnsafeFd(), SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) != 0 &&
      ::setsockopt(fd.UnsafeFd(), SOL_SOCKET, SO_RCVBUF, &size, sizeof(size)) != 0) {
    return SystemError(errno, "size the buffer of flow news");
  }
  return FlowNewsSocket(std::move(fd));
}

Status FlowNewsSocket::Want(News news) {
  if (std::exchange(wanted_, news) == news) return {};
  const int option = news == News::kAll ? NETLINK_ADD_MEMBERSHIP : NETLINK_DROP_MEMBERSHIP;
  for (const int group : {NFNLGRP_CONNTRACK_NEW, NFNLGRP_CONNTRACK_UPDATE}) {
    if (::setsockopt(fd_.UnsafeFd(), SOL_NETLINK, option, &group, sizeof(group)) != 0) {
      return SystemError(errno, "choose flow news");
    }
  }
  return {};
}

Result<FlowNewsSocket::Drained> FlowNewsSocket::Drain(const OnNews& each) {
  Drained drained;
  for (std::size_t i = 0; i < kMostAtOnce; ++i) {
    const ssize_t size =
        ::recv(fd_.UnsafeFd(), buffer_.data(), buffer_.size(), MSG_DONTWAIT | MSG_TRUNC);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0 && errno == ENOBUFS) {
      drained.lost = true;
      continue;
    }
    if (size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return drained;
    if (size < 0) return SystemError(errno, "receive flow news");
    if (size == 0) return drained;
    const auto length = static_cast<std::size_t>(size);
    if (length > buffer_.size()) {
      ++drained.undecodable;
      continue;
    }
    Take(Bytes(buffer_).first(length), each, drained);
  }
  drained.may_be_more = true;
  return drained;
}

void FlowNewsSocket::Take(Bytes datagram, const OnNews& each, Drained& drained) {
  ByteReader reader(datagram);
  while (reader.Remaining() > 0) {
    const auto message = ReadNetlinkMessage(reader);
    const auto news = message ? DecodeFlowNews(message->whole) : Result<FlowNews>(message.error());
    if (news) {
      ++drained.told;
      each(*news);
    } else if (news.error().code != Errc::kUnsupported) {
      ++drained.undecodable;
    }
    if (!message) return;
  }
}

}  // namespace procwall
