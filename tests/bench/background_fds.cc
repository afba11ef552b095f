// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
// Idle programs that hold many open files, as a desktop or a server does: what a search through
// /proc for the owner of a socket must not feel.
//
//   background_fds TOTAL PER_PROCESS
//
// TOTAL/PER_PROCESS processes hold PER_PROCESS fds each: three quarters /dev/null, one quarter UDP
// sockets (in a network namespace of their own). Prints "ready", ends with its standard input.
#include <fcntl.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <vector>

namespace {

constexpr unsigned kSocketEvery = 4;

// Opens the fds, writes one byte when they are there, and sleeps until the parent dies.
[[noreturn]] void HoldFds(unsigned count, int ready) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  const rlimit limit = {.rlim_cur = count + 64, .rlim_max = count + 64};
  bool held = ::setrlimit(RLIMIT_NOFILE, &limit) == 0 || count < 900;
  for (unsigned i = 0; i < count && held; ++i) {
    const int fd = i % kSocketEvery == 0 ? ::socket(AF_INET, SOCK_DGRAM, 0)
                                         : ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    held = fd >= 0;
  }
  const char report = held ? 'y' : 'n';
  if (::write(ready, &report, 1) != 1) ::_exit(1);
  while (true) ::pause();
}

bool StartHolders(unsigned total, unsigned per_process, std::vector<pid_t>& holders) {
  std::array<int, 2> ready{};
  if (::pipe2(ready.data(), O_CLOEXEC) < 0) return false;
  for (unsigned left = total; left > 0;) {
    const unsigned count = left < per_process ? left : per_process;
    const pid_t pid = ::fork();
    if (pid < 0) return false;
    if (pid == 0) HoldFds(count, ready[1]);
    holders.push_back(pid);
    left -= count;
  }
  for (std::size_t i = 0; i < holders.size(); ++i) {
    char report = 'n';
    if (::read(ready[0], &report, 1) != 1 || report != 'y') return false;
  }
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("usage: background_fds TOTAL PER_PROCESS\n", stderr);
    return 2;
  }
  const auto total = static_cast<unsigned>(std::strtoul(argv[1], nullptr, 10));
  const auto per_process = static_cast<unsigned>(std::strtoul(argv[2], nullptr, 10));
  if (per_process == 0 || ::unshare(CLONE_NEWNET) < 0) {
    std::perror("background_fds: unshare");
    return 1;
  }
  std::vector<pid_t> holders;
  const bool started = StartHolders(total, per_process, holders);
  if (started) {
    std::puts("ready");
    std::fflush(stdout);
    char end = 0;
    while (::read(STDIN_FILENO, &end, 1) > 0) {
    }
  } else {
    std::perror("background_fds: start the processes");
  }
  for (const pid_t pid : holders) ::kill(pid, SIGKILL);
  for (const pid_t pid : holders) ::waitpid(pid, nullptr, 0);
  return started ? 0 : 1;
}
