// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "tests/lab/hard_case/case_run.h"

#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <ctime>

namespace procwall {
namespace {

constexpr int kPatienceMs = 2000;

void WriteLine(const char* text, int length) {
  // One write of one short line: lines of many processes in one file do not mix.
  if (length > 0) {
    [[maybe_unused]] const ssize_t written =
        ::write(STDOUT_FILENO, text, static_cast<std::size_t>(length));
  }
}

long long NowNanoseconds() {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  return static_cast<long long>(now.tv_sec) * 1'000'000'000 + now.tv_nsec;
}

}  // namespace

void AnnounceSend(int fd, const CaseRun& run, const Peer& peer) {
  std::array<char, 512> path{};
  // Of the thread: /proc/self says nothing any more once the first thread has ended.
  const ssize_t size = ::readlink("/proc/thread-self/exe", path.data(), path.size() - 1);
  if (size < 0) path[0] = '\0';
  std::array<char, 1024> line{};
  WriteLine(line.data(),
            std::snprintf(line.data(), line.size(),
                          "{\"pid\": %d, \"uid\": %u, \"exe\": \"%s\", \"protocol\": \"%s\", "
                          "\"local_port\": %u, \"address\": \"%s\", \"port\": %u, "
                          "\"time_ns\": %lld}\n",
                          ::getpid(), ::geteuid(), path.data(), ProtocolWord(run.transport),
                          LocalPort(fd), peer.Address().c_str(), peer.Port(), NowNanoseconds()));
}

void AnnounceFailure(const CaseRun& run, const Peer& peer) {
  std::array<char, 512> line{};
  const int reason = errno;
  WriteLine(line.data(), std::snprintf(line.data(), line.size(),
                                       "{\"failed\": \"%s\", \"protocol\": \"%s\", "
                                       "\"address\": \"%s\", \"port\": %u}\n",
                                       ::strerrordesc_np(reason), ProtocolWord(run.transport),
                                       peer.Address().c_str(), peer.Port()));
}

int SendAndTell(int fd, const CaseRun& run, const Peer& peer) {
  AnnounceSend(fd, run, peer);
  if (fd >= 0 && SendFirst(fd, run.transport, peer)) return 0;
  AnnounceFailure(run, peer);
  return 1;
}

int OpenAndSend(const CaseRun& run) {
  return SendAndTell(OpenSocket(run.transport, run.peer.Family()), run, run.peer);
}

void BindOrGiveUp(int fd, const CaseRun& run, const Peer& local) {
  if (::bind(fd, local.Pointer(), local.size) == 0) return;
  AnnounceFailure(run, run.peer);
  ::_exit(1);
}

void ConnectOrGiveUp(int fd, const CaseRun& run) {
  if (::connect(fd, run.peer.Pointer(), run.peer.size) == 0) return;
  AnnounceFailure(run, run.peer);
  ::_exit(1);
}

void Stay() {
  char ignored = 0;
  while (::read(STDIN_FILENO, &ignored, 1) > 0) {
  }
}

void AwaitAnswer(int fd) {
  int type = 0;
  socklen_t size = sizeof type;
  ::getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size);
  pollfd waiting{fd, static_cast<short>(type == SOCK_STREAM ? POLLOUT : POLLIN), 0};
  ::poll(&waiting, 1, kPatienceMs);
}

}  // namespace procwall
