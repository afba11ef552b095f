// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <string>
#include <thread>
#include <vector>

#include "tests/lab/hard_case/cases.h"

namespace procwall {
namespace {

constexpr std::uint16_t kThreads = 4;
constexpr unsigned kPollMicroseconds = 200;

int StayAfter(const CaseRun& run) {
  const int code = OpenAndSend(run);
  Stay();
  return code;
}

int ExitAfter(const CaseRun& run) { ::_exit(OpenAndSend(run)); }

int CloseAfter(const CaseRun& run) {
  const int fd = OpenSocket(run.transport, run.peer.Family());
  const int code = SendAndTell(fd, run, run.peer);
  ::close(fd);
  Stay();
  return code;
}

// The child inherits the socket and sends.
int InChild(const CaseRun& run, void (*then)()) {
  const int fd = OpenSocket(run.transport, run.peer.Family());
  if (::fork() != 0) ::_exit(0);
  const int code = SendAndTell(fd, run, run.peer);
  then();
  ::_exit(code);
}

int ForkAndStay(const CaseRun& run) { return InChild(run, Stay); }
int ForkAndExit(const CaseRun& run) {
  return InChild(run, [] {});
}

// Each thread from a socket of its own, to a port of its own.
int ManyThreads(const CaseRun& run) {
  std::vector<std::thread> threads;
  for (std::uint16_t i = 0; i < kThreads; ++i) {
    threads.emplace_back([&run, i] {
      const int fd = OpenSocket(run.transport, run.peer.Family());
      SendAndTell(fd, run, run.peer.WithPort(static_cast<std::uint16_t>(run.peer.Port() + i)));
    });
  }
  for (std::thread& thread : threads) thread.join();
  Stay();
  return 0;
}

bool FirstThreadHasEnded() {
  const std::string path = "/proc/" + std::to_string(::getpid()) + "/stat";
  std::FILE* file = std::fopen(path.c_str(), "re");
  if (file == nullptr) return false;
  std::array<char, 256> text{};
  const std::size_t size = std::fread(text.data(), 1, text.size() - 1, file);
  std::fclose(file);
  return std::string(text.data(), size).find(") Z ") != std::string::npos;
}

// The process lives on in its second thread; /proc shows its first one as a zombie.
int AfterTheFirstThread(const CaseRun& run) {
  std::thread second([run] {
    while (!FirstThreadHasEnded()) ::usleep(kPollMicroseconds);
    const int code = OpenAndSend(run);
    Stay();
    ::_exit(code);
  });
  second.detach();
  ::syscall(SYS_exit, 0);  // of this thread: pthread_exit() would unwind, which needs libgcc_s.so
  return 1;
}

}  // namespace

std::span<const CasePart> EndingCases() {
  static constexpr std::array kCases = {
      CasePart{"stay", StayAfter},
      CasePart{"exit", ExitAfter},
      CasePart{"close", CloseAfter},
      CasePart{"fork", ForkAndStay},
      CasePart{"fork-exit", ForkAndExit},
      CasePart{"threads", ManyThreads},
      CasePart{"late-thread", AfterTheFirstThread},
  };
  return kCases;
}

}  // namespace procwall
