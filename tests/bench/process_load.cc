// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>
#include <vector>

#include <spawn.h>

#include "tests/bench/load.h"

namespace procwall {
namespace {

struct Pipe {
  UniqueFd read_end;
  UniqueFd write_end;
};

Result<Pipe> OpenPipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) < 0) return SystemError(errno, "open a pipe");
  return Pipe{UniqueFd(ends[0]), UniqueFd(ends[1])};
}

// One running connect_once. Reaped when it dies; never killed: its own timeout ends it.
class OnceProcess {
 public:
  static Result<OnceProcess> Start(const LoadTarget& target, const std::string& program,
                                   std::size_t connection, const char* mode);
  OnceProcess(OnceProcess&& other) noexcept = default;
  OnceProcess(const OnceProcess&) = delete;
  OnceProcess& operator=(const OnceProcess&) = delete;
  OnceProcess& operator=(OnceProcess&&) = delete;
  ~OnceProcess() {
    start_.Reset();  // a process that still waits reads the end of the file and leaves
    if (report_.IsOpen()) ::waitpid(pid_, nullptr, 0);
  }

  void LetGo() const { static_cast<void>(::write(start_.UnsafeFd(), "!", 1)); }

  // Waits for the connection and adds it to `latencies`.
  void Collect(Latencies& latencies) const {
    std::int64_t nanoseconds = -1;
    const bool read =
        ::read(report_.UnsafeFd(), &nanoseconds, sizeof(nanoseconds)) == sizeof(nanoseconds);
    if (read && nanoseconds >= 0) {
      latencies.Add(std::chrono::nanoseconds{nanoseconds});
    } else {
      latencies.AddError();
    }
  }

 private:
  OnceProcess(pid_t pid, UniqueFd start, UniqueFd report)
      : pid_(pid), start_(std::move(start)), report_(std::move(report)) {}

  pid_t pid_;
  UniqueFd start_;
  UniqueFd report_;
};

Result<OnceProcess> OnceProcess::Start(const LoadTarget& target, const std::string& program,
                                       std::size_t connection, const char* mode) {
  Pipe start = PROCWALL_TRY(OpenPipe());
  Pipe report = PROCWALL_TRY(OpenPipe());
  const SocketAddress address = target.AddressOf(connection);
  std::vector<std::string> words = {program,
                                    LoadProtocolName(target.protocol),
                                    FormatAddress(address),
                                    std::to_string(PortOf(address)),
                                    std::to_string(target.timeout.count()),
                                    mode};
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);

  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, start.read_end.UnsafeFd(), STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, report.write_end.UnsafeFd(), STDOUT_FILENO);
  pid_t pid = 0;
  const int error =
      ::posix_spawn(&pid, program.c_str(), &actions, nullptr, arguments.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (error != 0) return SystemError(error, "start connect_once");
  return OnceProcess(pid, std::move(start.write_end), std::move(report.read_end));
}

}  // namespace

Result<LoadReport> LoadFromNewProcesses(const LoadPlan& plan, const std::string& program) {
  using Clock = std::chrono::steady_clock;
  Latencies unmeasured;
  for (std::size_t i = 0; i < plan.warmup; ++i) {
    PROCWALL_TRY(OnceProcess::Start(plan.target, program, i, "now")).Collect(unmeasured);
  }
  LoadReport report;
  const auto begin = Clock::now();
  for (std::size_t i = 0; i < plan.count && Clock::now() < begin + plan.limit; ++i) {
    PROCWALL_TRY(OnceProcess::Start(plan.target, program, plan.warmup + i, "now"))
        .Collect(report.latencies);
  }
  report.elapsed = Clock::now() - begin;
  return report;
}

Result<LoadReport> LoadFromOldProcesses(const LoadPlan& plan, const std::string& program,
                                        const std::function<void()>& wait_for_start) {
  using Clock = std::chrono::steady_clock;
  std::vector<OnceProcess> processes;
  for (std::size_t i = 0; i < plan.count; ++i) {
    processes.push_back(PROCWALL_TRY(OnceProcess::Start(plan.target, program, i, "wait")));
  }
  wait_for_start();
  LoadReport report;
  const auto begin = Clock::now();
  for (const OnceProcess& process : processes) {
    process.LetGo();
    process.Collect(report.latencies);
  }
  report.elapsed = Clock::now() - begin;
  return report;
}

}  // namespace procwall
