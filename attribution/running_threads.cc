// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/running_threads.h"

#include <fcntl.h>

#include <string>

#include <fmt/format.h>

#include "attribution/proc_text.h"
#include "base/directory_names.h"
#include "base/file.h"

namespace procwall {
namespace {

constexpr std::size_t kMaxStatBytes = 4096;

bool MayRun(const UniqueFd& tasks, const std::string& thread) {
  const auto text = ReadFileAt(tasks.UnsafeFd(), fmt::format("{}/stat", thread).c_str(),
                               kMaxStatBytes, OnLarge::kCut);
  if (!text) return text.error().code == Errc::kPermission;  // else it has ended
  const auto stat = ParseStat(*text);
  return stat && stat->state == 'R';
}

}  // namespace

bool MayHaveRunningThread(const Procfs& procfs, Pid pid) {
  const auto tasks =
      OpenAt(procfs.UnsafeFd(), fmt::format("{}/task", pid).c_str(), O_RDONLY | O_DIRECTORY);
  if (!tasks) return tasks.error().code == Errc::kPermission;
  std::size_t asked = 0;
  bool may_run = false;
  const Status visited = VisitNames(*tasks, [&](const DirectoryName& name) {
    if (!ParseNumberName(name.text)) return true;
    may_run = ++asked > kMaxThreadsAsked || MayRun(*tasks, std::string(name.text));
    return !may_run;
  });
  return may_run || (!visited && visited.error().code == Errc::kPermission);
}

}  // namespace procwall
