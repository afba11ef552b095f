// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/executed_file.h"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <tuple>
#include <utility>

namespace procwall {
namespace {

// "//anon", "//toolong", "//enomem": texts of the kernel's own.
bool IsPath(std::string_view text) { return text.starts_with('/') && !text.starts_with("//"); }

template <typename T>
bool IsEarlier(const T& one, const T& other) {
  return std::tie(one.pid, one.time) < std::tie(other.pid, other.time);
}

}  // namespace

std::vector<TracedProgram> ExecutedFiles(ExecRecords records) {
  std::ranges::sort(records.execs, IsEarlier<ExecRecords::Exec>);
  std::ranges::stable_sort(records.mappings, IsEarlier<ExecutableMapping>);
  std::vector<TracedProgram> programs;
  auto mapping = records.mappings.begin();
  for (auto exec = records.execs.begin(); exec != records.execs.end(); ++exec) {
    if (exec->time < records.known_since) continue;
    const auto next = std::next(exec);
    const auto is_before = [&](const ExecutableMapping& one) {
      return std::tie(one.pid, one.time) < std::tie(exec->pid, exec->time) || !one.file.IsKnown();
    };
    mapping = std::find_if_not(mapping, records.mappings.end(), is_before);
    const bool is_its_own =
        mapping != records.mappings.end() && mapping->pid == exec->pid &&
        (next == records.execs.end() || next->pid != exec->pid || mapping->time < next->time);
    TracedProgram program{.pid = exec->pid, .executed = exec->time};
    if (is_its_own && IsPath(mapping->path)) {
      program.executable = mapping->file;
      program.path = mapping->path;
    }
    programs.push_back(std::move(program));
  }
  return programs;
}

const TracedProgram* FindExecuted(const std::vector<TracedProgram>& programs, Pid pid,
                                  BootTime when) {
  const TracedProgram* found = nullptr;
  for (const TracedProgram& program : programs) {
    if (program.pid == pid && program.executed <= when + kExecMoment) found = &program;
  }
  return found != nullptr && when - found->executed <= kExecLoading ? found : nullptr;
}

}  // namespace procwall
