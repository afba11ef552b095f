// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "net/netlink.h"

#include <sys/socket.h>
#include <sys/time.h>

#include <linux/netlink.h>

#include <cassert>
#include <cerrno>
#include <cstring>
#include <utility>

namespace procwall {
namespace {

// The kernel packs a dump into datagrams as large as our buffer, at most 32 KiB.
constexpr std::size_t kReceiveBufferBytes = std::size_t{32} << 10;
constexpr timeval kReplyTimeout{1, 0};

}  // namespace

NetlinkSocket::NetlinkSocket(UniqueFd connected)
    : fd_(std::move(connected)), receive_buffer_(kReceiveBufferBytes) {}

Result<NetlinkSocket> NetlinkSocket::Open(int bus) {
  UniqueFd fd(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, bus));
  if (!fd.IsOpen()) return SystemError(errno, "open netlink socket");
  if (::setsockopt(fd.UnsafeFd(), SOL_SOCKET, SO_RCVTIMEO, &kReplyTimeout, sizeof(kReplyTimeout)) !=
      0) {
    return SystemError(errno, "limit the wait for netlink replies");
  }
  sockaddr_nl kernel{};
  kernel.nl_family = AF_NETLINK;
  // The sockets API wants every address as a sockaddr.
  if (::connect(fd.UnsafeFd(), reinterpret_cast<const sockaddr*>(&kernel), sizeof(kernel)) != 0) {
    return SystemError(errno, "connect netlink socket");
  }
  return NetlinkSocket(std::move(fd));
}

Status NetlinkSocket::Request(std::span<std::byte> message, const OnMessage& each) {
  nlmsghdr header;
  assert(message.size() >= sizeof(header));
  std::memcpy(&header, message.data(), sizeof(header));
  assert(header.nlmsg_len == message.size());
  if (++sequence_ == 0) ++sequence_;  // 0 marks what the kernel sends unasked
  header.nlmsg_seq = sequence_;
  std::memcpy(message.data(), &header, sizeof(header));
  PROCWALL_TRY_STATUS(Send(message));

  NetlinkReply reply(sequence_, header.nlmsg_flags);
  while (!reply.IsComplete()) {
    const Result<Bytes> datagram = Receive();
    if (!datagram) {
      PROCWALL_TRY_STATUS(reply.Outcome());  // what went wrong first says more
      return datagram.error();
    }
    reply.Take(*datagram, each);
  }
  return reply.Outcome();
}

Status NetlinkSocket::Tell(std::span<const std::byte> messages) {
  constexpr int kMostRefusals = 256;  // there cannot be more, but nobody waits for ever here
  PROCWALL_TRY_STATUS(Send(messages));
  for (int i = 0; i < kMostRefusals; ++i) {
    if (::recv(fd_.UnsafeFd(), receive_buffer_.data(), receive_buffer_.size(), MSG_DONTWAIT) <= 0) {
      break;
    }
  }
  return {};
}

Status NetlinkSocket::Send(std::span<const std::byte> message) const {
  ssize_t sent = -1;
  do {
    sent = ::send(fd_.UnsafeFd(), message.data(), message.size(), MSG_NOSIGNAL);
  } while (sent < 0 && errno == EINTR);
  if (sent < 0) return SystemError(errno, "send netlink request");
  return {};
}

Result<Bytes> NetlinkSocket::Receive() {
  ssize_t size = -1;
  do {
    // MSG_TRUNC: the datagram's real size, so that a cut is noticed.
    size = ::recv(fd_.UnsafeFd(), receive_buffer_.data(), receive_buffer_.size(), MSG_TRUNC);
  } while (size < 0 && errno == EINTR);
  if (size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
    return Error{Errc::kTimedOut, errno, "wait for netlink reply"};
  }
  if (size < 0) return SystemError(errno, "receive netlink reply");
  if (size == 0) return Error{Errc::kGone, 0, "receive netlink reply"};
  const auto length = static_cast<std::size_t>(size);
  if (length > receive_buffer_.size()) {
    return Error{Errc::kTruncated, 0, "receive netlink reply"};
  }
  return Bytes(receive_buffer_).first(length);
}

Result<UniqueFd> OpenNetlinkNews(int bus, std::uint32_t groups) {
  UniqueFd fd(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, bus));
  if (!fd.IsOpen()) return SystemError(errno, "open netlink socket");
  sockaddr_nl ourselves{};
  ourselves.nl_family = AF_NETLINK;
  ourselves.nl_groups = groups;
  // The sockets API wants every address as a sockaddr.
  if (::bind(fd.UnsafeFd(), reinterpret_cast<const sockaddr*>(&ourselves), sizeof(ourselves)) !=
      0) {
    return SystemError(errno, "join netlink groups");
  }
  return fd;
}

}  // namespace procwall
