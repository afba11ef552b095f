// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/describe.h"

#include <string>
#include <utility>

#include <fmt/format.h>

#include "base/file.h"

namespace procwall {
namespace {

// stat and status are a few hundred bytes, up to some thousands with many groups.
constexpr std::size_t kMaxTextBytes = 65536;
constexpr int kMaxAttempts = 4;

// In /proc, what is not there (any more) belonged to a process that is gone.
Error GoneIfMissing(Error error) {
  if (error.code == Errc::kNotFound) error.code = Errc::kGone;
  return error;
}

Result<std::string> ReadText(const ProcessHandle& handle, const std::string& name,
                             std::size_t limit) {
  auto text = ReadFileAt(handle.UnsafeFd(), name.c_str(), limit, OnLarge::kCut);
  if (!text) return GoneIfMissing(text.error());
  return text;
}

// Parent first. A pid that was given to a younger process since is no ancestor.
std::vector<Ancestor> ReadAncestors(const ProcessHandle& handle, Pid parent,
                                    std::uint64_t start_time) {
  std::vector<Ancestor> ancestors;
  while (parent > 0 && ancestors.size() < kMaxAncestors) {
    const auto text = ReadText(handle, fmt::format("../{}/stat", parent), kMaxTextBytes);
    if (!text) break;
    const auto stat = ParseStat(*text);
    if (!stat || stat->stamp.start_time > start_time) break;
    const auto exe = ReadLinkAt(handle.UnsafeFd(), fmt::format("../{}/exe", parent).c_str());
    ancestors.push_back({parent, exe ? std::string(ParseExeTarget(*exe).path) : std::string()});
    start_time = stat->stamp.start_time;
    parent = stat->parent_pid;
  }
  return ancestors;
}

Result<Description> ReadOnce(const ProcessHandle& handle) {
  const std::string stat_text = PROCWALL_TRY(ReadText(handle, "stat", kMaxTextBytes));
  const StatText stat = PROCWALL_TRY(ParseStat(stat_text));
  if (stat.state == 'Z' || stat.state == 'X') return Error{Errc::kGone, 0, "describe process"};

  Description description{.process = {}, .stamp = stat.stamp};
  Process& process = description.process;
  process.id = {handle.GetPid(), stat.stamp.start_time};
  process.parent_pid = stat.parent_pid;
  process.comm = stat.comm;
  const std::string status = PROCWALL_TRY(ReadText(handle, "status", kMaxTextBytes));
  process.uid = PROCWALL_TRY(ParseStatusUid(status));
  if (const auto exe = ReadLinkAt(handle.UnsafeFd(), "exe")) {
    const ExeTarget target = ParseExeTarget(*exe);
    process.path = target.path;
    process.path_is_deleted = target.deleted;
  } else if (exe.error().code != Errc::kNotFound) {  // a kernel thread has none; all others do
    return exe.error();
  }
  const std::string cmdline = PROCWALL_TRY(ReadText(handle, "cmdline", kMaxCmdlineBytes));
  process.args = ParseCmdline(cmdline);
  if (auto cwd = ReadLinkAt(handle.UnsafeFd(), "cwd")) process.working_directory = *std::move(cwd);
  process.ancestors = ReadAncestors(handle, process.parent_pid, stat.stamp.start_time);
  return description;
}

}  // namespace

Result<Description> DescribeProcess(const ProcessHandle& handle) {
  for (int attempt = 0; attempt < kMaxAttempts; ++attempt) {
    auto description = ReadOnce(handle);
    if (!description) return description;
    const ExecStamp now = PROCWALL_TRY(handle.Stamp());
    if (now == description->stamp) return description;
  }
  return Error{Errc::kBusy, 0, "describe process"};
}

}  // namespace procwall
