// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "base/child_program.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): POSIX, not C++
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <ctime>
#include <utility>

#include <spawn.h>

#include "base/unique_fd.h"

namespace procwall {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

struct Pipe {
  UniqueFd read_end;
  UniqueFd write_end;
};

Result<Pipe> MakePipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return SystemError(errno, "create pipe");
  return Pipe{UniqueFd(ends[0]), UniqueFd(ends[1])};
}

Result<pid_t> Spawn(const std::vector<std::string>& arguments, int input_fd, int output_fd) {
  std::vector<char*> argv;
  argv.reserve(arguments.size() + 1);
  for (const std::string& argument : arguments)
    argv.push_back(
        const_cast<char*>(argument.c_str()));  // NOLINT(cppcoreguidelines-pro-type-const-cast):
                                               // posix_spawn's signature
  argv.push_back(nullptr);

  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, input_fd, STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, output_fd, STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, output_fd, STDERR_FILENO);
  // It keeps our signal mask and leaves our process group: what we run to clean up must not be
  // ended by the Ctrl-C that ends us. Ignoring SIGPIPE is our affair alone.
  posix_spawnattr_t attributes;
  ::posix_spawnattr_init(&attributes);
  sigset_t defaults;
  ::sigemptyset(&defaults);
  ::sigaddset(&defaults, SIGPIPE);
  ::posix_spawnattr_setsigdefault(&attributes, &defaults);
  ::posix_spawnattr_setpgroup(&attributes, 0);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);

  pid_t pid = 0;
  const int failed = ::posix_spawnp(&pid, argv[0], &actions, &attributes, argv.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  ::posix_spawnattr_destroy(&attributes);
  if (failed != 0) return SystemError(failed, "start program");
  return pid;
}

// Its exit code, once it has ended; kTimedOut if it has not by then.
Result<int> WaitFor(pid_t pid, steady_clock::time_point deadline) {
  for (;;) {
    int status = 0;
    const pid_t ended = ::waitpid(pid, &status, WNOHANG);
    if (ended == pid) return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    // ECHILD: whoever started us had SIGCHLD ignored, and nobody knows how the program ended.
    if (ended < 0 && errno != EINTR) return SystemError(errno, "wait for program");
    if (steady_clock::now() >= deadline) return Error{Errc::kTimedOut, 0, "run program"};
    ::poll(nullptr, 0, 1);  // it has closed its output: the end is near
  }
}

void Kill(pid_t pid) {
  ::kill(pid, SIGKILL);
  while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
  }
}

// Feeds and drains the pipes until the program closes its output, or time is up.
void Converse(Pipe& to_program, Pipe& from_program, std::string_view input, std::string& output,
              std::size_t most_output, steady_clock::time_point deadline) {
  ::fcntl(to_program.write_end.UnsafeFd(), F_SETFL, O_NONBLOCK);
  for (;;) {
    if (input.empty()) to_program.write_end.Reset();
    const auto left = std::chrono::duration_cast<milliseconds>(deadline - steady_clock::now());
    if (left.count() <= 0) return;
    std::array<pollfd, 2> fds{{{from_program.read_end.UnsafeFd(), POLLIN, 0},
                               {to_program.write_end.UnsafeFd(), POLLOUT, 0}}};
    if (::poll(fds.data(), fds.size(), static_cast<int>(left.count())) < 0 && errno != EINTR)
      return;
    if (fds[1].revents != 0 && !input.empty()) {
      const ssize_t n = ::write(fds[1].fd, input.data(), input.size());
      // A program that does not want its input is no failure: its exit code tells.
      if (n > 0) input.remove_prefix(static_cast<std::size_t>(n));
      if (n < 0 && errno != EAGAIN && errno != EINTR) input = {};
    }
    if (fds[0].revents != 0) {
      std::array<char, 4096> buffer;
      const ssize_t n = ::read(fds[0].fd, buffer.data(), buffer.size());
      if (n == 0 || (n < 0 && errno != EINTR)) return;
      if (n > 0)
        output.append(buffer.data(),
                      std::min(static_cast<std::size_t>(n), most_output - output.size()));
    }
  }
}

}  // namespace

Result<ProgramOutput> RunProgram(const std::vector<std::string>& arguments, std::string_view input,
                                 milliseconds limit, std::size_t most_output) {
  Pipe to_program = PROCWALL_TRY(MakePipe());
  Pipe from_program = PROCWALL_TRY(MakePipe());
  const pid_t pid = PROCWALL_TRY(
      Spawn(arguments, to_program.read_end.UnsafeFd(), from_program.write_end.UnsafeFd()));
  to_program.read_end.Reset();
  from_program.write_end.Reset();

  ProgramOutput result;
  const auto deadline = steady_clock::now() + limit;
  // Out of time here, it is out of time there.
  Converse(to_program, from_program, input, result.output, most_output, deadline);
  const Result<int> exit_code = WaitFor(pid, deadline);
  if (!exit_code) {
    if (exit_code.error().code == Errc::kTimedOut) Kill(pid);
    return exit_code.error();
  }
  result.exit_code = *exit_code;
  return result;
}

}  // namespace procwall
