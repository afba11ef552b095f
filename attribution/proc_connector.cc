// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/proc_connector.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/connector.h>
#include <linux/netlink.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <ctime>
#include <optional>
#include <utility>

namespace procwall {
namespace {

// An answer to our request comes at once, or never: other namespaces are not answered.
constexpr int kAnswerMs = 200;
constexpr std::size_t kMaxDatagram = 8192;  // of some 80 bytes

struct Datagram {
  std::array<std::byte, kMaxDatagram> bytes{};
  std::size_t size = 0;
  bool is_from_kernel = false;
};

// false: none waits.
Result<bool> Receive(int socket, Datagram& datagram) {
  union {
    sockaddr any;
    sockaddr_nl netlink;
  } sender{};
  socklen_t sender_size = sizeof(sender);
  const ssize_t size = ::recvfrom(socket, datagram.bytes.data(), datagram.bytes.size(),
                                  MSG_DONTWAIT, &sender.any, &sender_size);
  if (size < 0 && (errno == EAGAIN || errno == EINTR)) return false;
  if (size < 0) return SystemError(errno, "receive from proc connector");
  datagram.size = static_cast<std::size_t>(size);
  datagram.is_from_kernel = sender.netlink.nl_pid == 0;
  return true;
}

// By how much CLOCK_BOOTTIME is ahead of CLOCK_MONOTONIC.
std::chrono::nanoseconds TimeSuspended(const Clock& clock) {
  timespec monotonic{};
  ::clock_gettime(CLOCK_MONOTONIC, &monotonic);
  return clock.Now().time_since_epoch() - std::chrono::seconds(monotonic.tv_sec) -
         std::chrono::nanoseconds(monotonic.tv_nsec);
}

}  // namespace

Result<std::unique_ptr<ProcConnector>> ProcConnector::Start(const Clock& clock) {
  UniqueFd socket(::socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_CONNECTOR));
  if (!socket.IsOpen()) return SystemError(errno, "open proc connector");
  if (::setsockopt(socket.UnsafeFd(), SOL_SOCKET, SO_RCVBUFFORCE, &kReceiveBytes,
                   sizeof(kReceiveBytes)) != 0) {
    ::setsockopt(socket.UnsafeFd(), SOL_SOCKET, SO_RCVBUF, &kReceiveBytes, sizeof(kReceiveBytes));
  }
  union {
    sockaddr any;
    sockaddr_nl netlink;
  } group{};
  group.netlink.nl_family = AF_NETLINK;
  group.netlink.nl_groups = CN_IDX_PROC;
  if (::bind(socket.UnsafeFd(), &group.any, sizeof(group.netlink)) != 0) {
    return SystemError(errno, "bind to proc connector");
  }
  auto connector = std::make_unique<ProcConnector>(std::move(socket), clock);
  PROCWALL_TRY_STATUS(connector->Listen());
  return connector;
}

// Asks for the news, and waits for the answer: there is none where there will be no news.
Status ProcConnector::Listen() {
  const ConnectorRequest request = EncodeConnectorListen();
  if (::send(socket_.UnsafeFd(), request.data(), request.size(), 0) < 0) {
    return errno == ECONNREFUSED ? Error{Errc::kUnsupported, errno, "listen to proc connector"}
                                 : SystemError(errno, "listen to proc connector");
  }
  const BootTime deadline = clock_.Now() + std::chrono::milliseconds(kAnswerMs);
  auto datagram = std::make_unique<Datagram>();
  while (clock_.Now() < deadline) {
    pollfd readable{socket_.UnsafeFd(), POLLIN, 0};
    if (::poll(&readable, 1, kAnswerMs) <= 0) break;
    if (!PROCWALL_TRY(Receive(socket_.UnsafeFd(), *datagram))) continue;
    const auto message = ParseConnectorMessage(Bytes(datagram->bytes).first(datagram->size));
    if (!message || !message->answer || !datagram->is_from_kernel) continue;
    if (*message->answer != 0) return SystemError(*message->answer, "listen to proc connector");
    return {};
  }
  return Error{Errc::kUnsupported, 0, "listen to proc connector"};
}

void ProcConnector::DrainEvents(const std::function<void(ProcessEvent event)>& take) {
  const auto suspended = TimeSuspended(clock_);
  auto datagram = std::make_unique<Datagram>();
  for (;;) {
    const auto received = Receive(socket_.UnsafeFd(), *datagram);
    if (!received && received.error().sys_errno == ENOBUFS) continue;  // the numbers tell
    if (!received || !*received) return;
    if (!datagram->is_from_kernel) continue;
    const Bytes bytes = Bytes(datagram->bytes).first(datagram->size);
    (void)VisitConnectorMessages(bytes, [&](Bytes message) {
      const auto parsed = ParseConnectorMessage(message);
      if (parsed) Take(*parsed, suspended, take);
    });
  }
}

void ProcConnector::Take(const ConnectorMessage& message, std::chrono::nanoseconds suspended,
                         const std::function<void(ProcessEvent event)>& take) {
  if (message.answer) return;
  const auto [next, is_first] = next_.try_emplace(message.processor, message.number);
  const std::uint32_t lost = message.number - next->second;
  next->second = message.number + 1;
  if (lost != 0) take({.time = clock_.Now(), .what = ProcessEventsLost{lost}});
  if (!message.event) return;
  ProcessEvent event = *message.event;
  event.time += suspended;
  take(std::move(event));
}

}  // namespace procwall
