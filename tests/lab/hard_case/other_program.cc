// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "tests/lab/hard_case/other_program.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <string>

namespace procwall {
namespace {

constexpr int kAside = 10;  // above every descriptor that a program is given

// Puts `fd` at `place`, open across exec. Duplicates first, so that the two places cannot collide.
void Place(int fd, int place) {
  if (fd < 0) {
    ::close(place);
  } else {
    ::dup2(fd, place);
    ::close(fd);
  }
}

}  // namespace

Line OpenLine() {
  std::array<int, 2> ends{-1, -1};
  ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data());
  return {ends[0], ends[1]};
}

void Tell(int line) { [[maybe_unused]] const ssize_t sent = ::send(line, "x", 1, MSG_NOSIGNAL); }

void AwaitWord(int line) {
  char word = 0;
  [[maybe_unused]] const ssize_t got = ::read(line, &word, 1);
}

void AwaitEnd(int line) {
  char word = 0;
  while (::read(line, &word, 1) > 0) {
  }
}

void SendDescriptor(int line, int fd) {
  char byte = 'x';
  iovec data{&byte, 1};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
  msghdr message{};
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  cmsghdr* header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof fd);
  std::memcpy(CMSG_DATA(header), &fd, sizeof fd);
  ::sendmsg(line, &message, MSG_NOSIGNAL);
}

int ReceiveDescriptor(int line) {
  char byte = 0;
  iovec data{&byte, 1};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
  msghdr message{};
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  if (::recvmsg(line, &message, MSG_CMSG_CLOEXEC) != 1) return -1;
  const cmsghdr* header = CMSG_FIRSTHDR(&message);
  if (header == nullptr || header->cmsg_type != SCM_RIGHTS) return -1;
  int fd = -1;
  std::memcpy(&fd, CMSG_DATA(header), sizeof fd);
  return fd;
}

void BecomeOther(const CaseRun& run, const char* part, int socket, int line) {
  const int socket_aside = socket < 0 ? -1 : ::fcntl(socket, F_DUPFD_CLOEXEC, kAside);
  const int line_aside = line < 0 ? -1 : ::fcntl(line, F_DUPFD_CLOEXEC, kAside);
  Place(socket_aside, kGivenSocket);
  Place(line_aside, kGivenLine);
  const std::string port = std::to_string(run.peer.Port());
  const std::string local_port = std::to_string(run.local_port);
  const std::string pid = std::to_string(::getpid());
  // As systemd tells it. NOLINTNEXTLINE(concurrency-mt-unsafe): this process has one thread
  ::setenv("LISTEN_FDS", "1", 1);
  // NOLINTNEXTLINE(concurrency-mt-unsafe): this process has one thread
  ::setenv("LISTEN_PID", pid.c_str(), 1);
  ::execl(run.other.c_str(), run.other.c_str(), part, run.transport_word.c_str(),
          run.address.c_str(), port.c_str(), "-", local_port.c_str(), nullptr);
  ::_exit(127);
}

int StartOther(const CaseRun& run, const char* part, int socket, int line) {
  const int pid = ::fork();
  if (pid == 0) BecomeOther(run, part, socket, line);
  ::close(line);  // it is theirs now: their end must be the end of the line
  return pid;
}

}  // namespace procwall
