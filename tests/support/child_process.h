// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <climits>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>

#include "attribution/process.h"
#include "base/unique_fd.h"

namespace procwall {

// A child of the test that holds what the test had open when it was born, until it is killed; or
// executes cat or a copy of it, which does the same.
class ChildProcess {
 public:
  ChildProcess() {
    std::tie(read_order_, order_) = Pipe();
    std::tie(done_, write_done_) = Pipe();
    pid_ = ::fork();
    if (pid_ == 0) Live();
    if (pid_ < 0) throw std::runtime_error("fork");
    write_done_.Reset();
    read_order_.Reset();
  }
  ~ChildProcess() { Kill(); }
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  Pid GetPid() const { return pid_; }

  void ExecuteCat() { Execute("/bin/cat"); }
  // `program`: cat, or a copy of it.
  void Execute(const std::string& program) {
    Check(::write(order_.UnsafeFd(), program.data(), program.size()) ==
          static_cast<ssize_t>(program.size()));
    char byte = 0;
    Check(::read(done_.UnsafeFd(), &byte, 1) == 0);  // closed by exec
  }
  // Dead and waited for.
  void Kill() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(std::exchange(pid_, -1), nullptr, 0);
  }
  // Dead and not waited for.
  void MakeZombie() {
    ::kill(pid_, SIGKILL);
    siginfo_t info{};
    Check(::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOWAIT) == 0);
  }

 private:
  static void Check(bool done) {
    if (!done) throw std::runtime_error("child process");
  }
  static std::pair<UniqueFd, UniqueFd> Pipe() {
    std::array<int, 2> ends{};
    Check(::pipe2(ends.data(), O_CLOEXEC) == 0);
    return {UniqueFd(ends[0]), UniqueFd(ends[1])};
  }
  [[noreturn]] void Live() {
    order_.Reset();
    done_.Reset();
    std::array<char, PATH_MAX> program{};
    if (::read(read_order_.UnsafeFd(), program.data(), program.size() - 1) <= 0) {
      ::_exit(0);  // the test is gone
    }
    ::dup2(read_order_.UnsafeFd(), 0);
    ::execl(program.data(), "cat", nullptr);
    ::_exit(127);
  }

  UniqueFd read_order_;
  UniqueFd order_;
  UniqueFd done_;
  UniqueFd write_done_;
  pid_t pid_ = -1;
};

}  // namespace procwall
