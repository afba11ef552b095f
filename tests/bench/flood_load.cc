// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include <sys/epoll.h>
#include <sys/resource.h>

#include <array>
#include <cerrno>
#include <vector>

#include "tests/bench/load.h"

namespace procwall {
namespace {

using Clock = std::chrono::steady_clock;

Status AllowOpenFiles(std::size_t count) {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  const rlim_t wanted = count + 64;
  if (limit.rlim_cur >= wanted) return {};
  limit = {.rlim_cur = wanted, .rlim_max = std::max(limit.rlim_max, wanted)};
  if (::setrlimit(RLIMIT_NOFILE, &limit) < 0) return SystemError(errno, "raise RLIMIT_NOFILE");
  return {};
}

// Reads answers until `deadline` or until all of `expected` are in the report.
void CollectAnswers(const UniqueFd& epoll, std::size_t expected, Clock::time_point begin,
                    Clock::time_point deadline, LoadReport& report) {
  std::array<epoll_event, 256> events{};
  std::array<char, 64> answer{};
  while (report.latencies.Count() < expected && Clock::now() < deadline) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    const int ready = ::epoll_wait(epoll.UnsafeFd(), events.data(), events.size(),
                                   static_cast<int>(left.count()));
    for (int i = 0; i < ready; ++i) {
      const int socket = events[static_cast<std::size_t>(i)].data.fd;
      if (::recv(socket, answer.data(), answer.size(), MSG_DONTWAIT) < 0) continue;
      report.elapsed = Clock::now() - begin;
      report.latencies.Add(report.elapsed);
    }
  }
}

}  // namespace

Result<LoadReport> LoadFromManySockets(const LoadPlan& plan) {
  PROCWALL_TRY_STATUS(AllowOpenFiles(plan.count));
  const UniqueFd epoll(::epoll_create1(EPOLL_CLOEXEC));
  if (!epoll.IsOpen()) return SystemError(errno, "open an epoll instance");
  std::vector<UniqueFd> sockets;
  for (std::size_t i = 0; i < plan.count; ++i) {
    sockets.push_back(PROCWALL_TRY(OpenSocket(plan.target)));
    // One-shot: a socket counts once.
    epoll_event event = {.events = EPOLLIN | EPOLLONESHOT,
                         .data = {.fd = sockets.back().UnsafeFd()}};
    if (::epoll_ctl(epoll.UnsafeFd(), EPOLL_CTL_ADD, event.data.fd, &event) < 0) {
      return SystemError(errno, "watch a socket");
    }
  }
  LoadReport report;
  report.latencies.Reserve(plan.count);
  const auto begin = Clock::now();
  for (std::size_t i = 0; i < plan.count; ++i) {
    const SocketAddress address = plan.target.AddressOf(i);
    // A refused send (a full kernel queue answers EPERM) shows as an unanswered socket.
    static_cast<void>(
        ::sendto(sockets[i].UnsafeFd(), "?", 1, 0, &address.any, AddressLength(address)));
  }
  CollectAnswers(epoll, plan.count, begin, begin + plan.limit, report);
  const std::size_t answered = report.latencies.Count();
  for (std::size_t i = answered; i < plan.count; ++i) report.latencies.AddError();
  return report;
}

}  // namespace procwall
