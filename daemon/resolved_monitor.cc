// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/resolved_monitor.h"

#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>

#include "daemon/resolved_message.h"

namespace procwall {
namespace {

constexpr std::string_view kSubscribe(
    "{\"method\":\"io.systemd.Resolve.Monitor.SubscribeQueryResults\",\"parameters\":{},"
    "\"more\":true}\0",
    90);
static_assert(kSubscribe.back() == '\0' && kSubscribe[kSubscribe.size() - 2] == '}');

// Closed: nobody listens there. A local socket connects at once or not at all.
UniqueFd Connect(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof(address.sun_path)) return UniqueFd();
  std::copy(path.begin(), path.end(), std::begin(address.sun_path));
  UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd.IsOpen()) return fd;
  const auto* const generic = static_cast<const sockaddr*>(static_cast<const void*>(&address));
  if (::connect(fd.UnsafeFd(), generic, sizeof(address)) != 0) return UniqueFd();
  const ssize_t sent = ::send(fd.UnsafeFd(), kSubscribe.data(), kSubscribe.size(), MSG_NOSIGNAL);
  return sent == static_cast<ssize_t>(kSubscribe.size()) ? std::move(fd) : UniqueFd();
}

}  // namespace

tl::expected<std::unique_ptr<ResolvedMonitor>, std::string> ResolvedMonitor::Start(
    const Waker& heard, std::string socket, std::chrono::milliseconds retry_time) {
  auto stop = Wakeup::Create();
  if (!stop) return tl::unexpected(stop.error().ToString());
  return std::unique_ptr<ResolvedMonitor>(
      new ResolvedMonitor(heard, std::move(socket), retry_time, *std::move(stop)));
}

ResolvedMonitor::ResolvedMonitor(const Waker& heard, std::string socket,
                                 std::chrono::milliseconds retry_time, Wakeup stop)
    : heard_(heard),
      socket_(std::move(socket)),
      retry_time_(retry_time),
      stop_(std::move(stop)),
      thread_([this] { Run(); }) {}

ResolvedMonitor::~ResolvedMonitor() {
  stopping_.store(true);
  stop_.Wake();
  thread_.join();
}

void ResolvedMonitor::Run() {
  ::pthread_setname_np(::pthread_self(), "resolved");
  while (!stopping_.load()) {
    if (const UniqueFd connection = Connect(socket_); connection.IsOpen()) Listen(connection);
    // Not at once: a resolved that hangs up each time is not asked without pause.
    if (!stopping_.load()) (void)Wait(-1, 0, retry_time_);
  }
}

// True: `fd` has one of the events. False: the time is over, or the end has come.
bool ResolvedMonitor::Wait(int fd, short events, std::chrono::milliseconds time) {
  std::array<pollfd, 2> fds{{{stop_.UnsafeFd(), POLLIN, 0}, {fd, events, 0}}};
  const int ready = ::poll(fds.data(), fds.size(), static_cast<int>(time.count()));
  return ready > 0 && fds[0].revents == 0 && fds[1].revents != 0;
}

// Until it ends, or we do.
void ResolvedMonitor::Listen(const UniqueFd& connection) {
  std::string heard;
  std::array<char, 16384> part;
  while (!stopping_.load()) {
    (void)Wait(connection.UnsafeFd(), POLLIN, std::chrono::minutes(1));
    const ssize_t size = ::recv(connection.UnsafeFd(), part.data(), part.size(), 0);
    if (size < 0 && (errno == EAGAIN || errno == EINTR)) continue;
    if (size <= 0) return;
    heard.append(part.data(), static_cast<std::size_t>(size));
    std::size_t begin = 0;
    for (std::size_t end = heard.find('\0'); end != std::string::npos;
         end = heard.find('\0', begin)) {
      Hear(std::string_view(heard).substr(begin, end - begin));
      begin = end + 1;
    }
    heard.erase(0, begin);
    if (heard.size() > kMaxMessageBytes) return;
  }
}

void ResolvedMonitor::Hear(std::string_view message) {
  auto answer = ParseResolvedMessage(message);
  if (!answer) return;
  if (answers_.TryPush(*std::move(answer)) == BoundedQueue<DnsMessage>::Pushed::kFirst) {
    heard_.Wake();
  }
}

}  // namespace procwall
