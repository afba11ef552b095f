// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/process_filter.h"

#include <algorithm>

#include "ui/event_filter.h"

namespace procwall {
namespace {

template <typename T>
bool IsListed(const std::vector<T>& list, const T& value) {
  return list.empty() || std::ranges::find(list, value) != list.end();
}

bool DescendsFrom(const v1::Process& process, const std::vector<std::int32_t>& pids) {
  if (IsListed(pids, process.pid()) || IsListed(pids, process.parent_pid())) return true;
  return std::ranges::any_of(process.ancestors(), [&](const v1::Ancestor& ancestor) {
    return IsListed(pids, ancestor.pid());
  });
}

}  // namespace

bool ProcessFilter::Matches(const v1::ProcessNote& note) const {
  if (note.deed() == v1::PROCESS_DEED_LOST) return true;
  return IsListed(deeds, note.deed()) && DescendsFrom(note.process(), pids) &&
         IsListed(uids, note.process().uid()) && IsProgram(program, note.process().path());
}

}  // namespace procwall
