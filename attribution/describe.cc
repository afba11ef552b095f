// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/describe.h"

#include <fcntl.h>

#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "attribution/cgroup.h"
#include "attribution/executable.h"
#include "attribution/host_files.h"
#include "attribution/script.h"
#include "base/file.h"

namespace procwall {
namespace {

// stat and status are a few hundred bytes, up to some thousands with many groups.
constexpr std::size_t kMaxProcTextBytes = 65536;
constexpr int kMaxReadings = 4;

// In /proc, what is not there (any more) belonged to a process that is gone.
Error GoneIfNotFound(Error error) {
  if (error.code == Errc::kNotFound) error.code = Errc::kGone;
  return error;
}

Result<std::string> ReadText(const ProcessHandle& handle, const std::string& name,
                             std::size_t limit) {
  auto text = ReadFileAt(handle.UnsafeFd(), name.c_str(), limit, OnLarge::kCut);
  if (!text) return GoneIfNotFound(text.error());
  return text;
}

Result<UniqueFd> OpenProcfsOf(const ProcessHandle& handle) {
  auto procfs = OpenAt(handle.UnsafeFd(), "..", O_PATH | O_DIRECTORY);
  if (!procfs) return GoneIfNotFound(procfs.error());
  return procfs;
}

void TakeExecutable(Executable&& executable, Process& process) {
  process.path = std::move(executable.path);
  process.path_is_deleted = executable.deleted;
  process.executable = executable.file;
  process.executable_state = executable.state;
  process.mount_namespace = executable.mount_namespace;
}

void ReadCgroup(int process_fd, Process& process) {
  const auto text = ReadFileAt(process_fd, "cgroup", kMaxProcTextBytes, OnLarge::kCut);
  if (!text) return;  // a kernel without control groups
  CgroupFacts facts = ParseCgroup(*text);
  process.container = std::move(facts.container);
  process.unit = std::move(facts.unit);
}

std::string ReadAncestorPath(int process_fd, HostFiles& host) {
  auto executable = ReadExecutable(process_fd, host);
  if (!executable) return {};
  Process ancestor;
  TakeExecutable(*std::move(executable), ancestor);
  if (ancestor.executable_state == ExecutableState::kNamesake) ReadCgroup(process_fd, ancestor);
  return RulePath(ancestor);
}

// Parent first. A pid that was given to a younger process since is no ancestor.
std::vector<Ancestor> ReadAncestors(const ProcessHandle& handle, const StatText& stat,
                                    HostFiles& host) {
  std::vector<Ancestor> ancestors;
  std::uint64_t start_time = stat.stamp.start_time;
  Pid parent = stat.parent_pid;
  while (parent > 0 && ancestors.size() < kMaxAncestors) {
    const auto directory =
        OpenAt(handle.UnsafeFd(), fmt::format("../{}", parent).c_str(), O_RDONLY | O_DIRECTORY);
    if (!directory) break;
    const auto text = ReadFileAt(directory->UnsafeFd(), "stat", kMaxProcTextBytes, OnLarge::kCut);
    if (!text) break;
    const auto ancestor = ParseStat(*text);
    if (!ancestor || ancestor->stamp.start_time > start_time) break;
    ancestors.push_back({parent, ReadAncestorPath(directory->UnsafeFd(), host)});
    start_time = ancestor->stamp.start_time;
    parent = ancestor->parent_pid;
  }
  return ancestors;
}

Result<Description> ReadOnce(const ProcessHandle& handle, HostFiles& host,
                             DescriptionExtent extent) {
  const std::string stat_text = PROCWALL_TRY(ReadText(handle, "stat", kMaxProcTextBytes));
  const StatText stat = PROCWALL_TRY(ParseStat(stat_text));
  if (stat.state == 'Z' || stat.state == 'X') return Error{Errc::kGone, 0, "describe process"};

  Description description{.process = {}, .stamp = stat.stamp};
  Process& process = description.process;
  process.id = {handle.GetPid(), stat.stamp.start_time};
  process.parent_pid = stat.parent_pid;
  process.comm = stat.comm;
  const std::string status = PROCWALL_TRY(ReadText(handle, "status", kMaxProcTextBytes));
  process.uid = PROCWALL_TRY(ParseStatusUid(status));
  TakeExecutable(PROCWALL_TRY(ReadExecutable(handle.UnsafeFd(), host)), process);
  // On its way out a process lets go of its program before it is a zombie.
  if (process.path.empty() && !stat.IsKernelThread()) {
    return Error{Errc::kGone, 0, "describe process"};
  }
  const std::string cmdline = PROCWALL_TRY(ReadText(handle, "cmdline", kMaxCmdlineBytes));
  process.args = ParseCmdline(cmdline);
  if (auto cwd = ReadLinkAt(handle.UnsafeFd(), "cwd")) process.working_directory = *std::move(cwd);
  process.script = ScriptOf(process.path, process.args, process.working_directory);
  ReadCgroup(handle.UnsafeFd(), process);
  if (extent.ancestors) process.ancestors = ReadAncestors(handle, stat, host);
  return description;
}

}  // namespace

Result<Description> DescribeProcess(const ProcessHandle& handle, HostFiles& host,
                                    DescriptionExtent extent) {
  for (int attempt = 0; attempt < kMaxReadings; ++attempt) {
    auto description = ReadOnce(handle, host, extent);
    if (!description) return description;
    const ExecStamp now = PROCWALL_TRY(handle.Stamp());
    if (now == description->stamp) return description;
  }
  return Error{Errc::kBusy, 0, "describe process"};
}

Result<Description> DescribeProcess(const ProcessHandle& handle, DescriptionExtent extent) {
  const UniqueFd procfs = PROCWALL_TRY(OpenProcfsOf(handle));
  HostFiles host = PROCWALL_TRY(HostFiles::Open(procfs.UnsafeFd()));
  return DescribeProcess(handle, host, extent);
}

}  // namespace procwall
