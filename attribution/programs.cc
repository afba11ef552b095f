// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/programs.h"

#include <memory>
#include <utility>

#include "attribution/describe.h"

namespace procwall {

ProcessPtr Programs::Find(const ProgramOfProcess& wanted) const {
  const auto held = known_.Lock();
  const auto found = held->find(wanted.id);
  return found != held->end() && found->second.program == wanted ? found->second.process : nullptr;
}

ProcessPtr Programs::Resolve(const ProgramOfProcess& wanted) {
  if (ProcessPtr known = Find(wanted)) return known;
  const auto handle = procfs_.OpenProcess(wanted.id.pid);
  if (!handle) return nullptr;
  auto description = DescribeProcess(**handle);
  if (!description || description->process.id != wanted.id) return nullptr;
  auto process = std::make_shared<const Process>(std::move(description->process));
  const auto held = known_.Lock();
  if (held->size() >= kMaxProcesses) held->clear();
  held->insert_or_assign(wanted.id, Known{wanted, process});
  return process;
}

}  // namespace procwall
