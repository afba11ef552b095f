// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/process_table.h"

#include <algorithm>
#include <utility>

namespace procwall {

ProcessTable::ProcessTable(const Clock& clock)
    : clock_(clock),
      records_(std::make_unique<ProcessRecords>(kMaxProcesses, kMaxTextBytes, kKeepDead)) {}

ProcessPtr ProcessTable::Find(const ProgramOfProcess& wanted) const {
  const auto records = records_.Lock();
  return (*records)->Find(wanted);
}

std::vector<ProcessId> ProcessTable::LivingIds() const {
  const auto records = records_.Lock();
  std::vector<ProcessId> ids;
  ids.reserve((*records)->Store().Living().size());
  for (const Program& program : (*records)->Store().Living()) ids.push_back(program.id);
  return ids;
}

void ProcessTable::VisitLiving(const std::function<void(ProcessRecords&, Program&)>& visit) const {
  constexpr std::size_t kAtOnce = 64;
  const std::vector<ProcessId> ids = LivingIds();
  for (std::size_t begin = 0; begin < ids.size(); begin += kAtOnce) {
    const auto records = records_.Lock();
    for (std::size_t i = begin; i < std::min(begin + kAtOnce, ids.size()); ++i) {
      if (Program* const program = (*records)->Living(ids[i])) visit(**records, *program);
    }
  }
}

std::vector<ProcessPtr> ProcessTable::Living() const {
  std::vector<ProcessPtr> living;
  VisitLiving([&](ProcessRecords& records, Program& program) {
    if (auto described = records.Describe(program)) living.push_back(std::move(described));
  });
  return living;
}

std::optional<std::vector<Pid>> ProcessTable::OtherKin(const Process& holder,
                                                       Kinship kinship) const {
  const auto records = records_.Lock();
  Process kin = holder;
  const ProcessPtr known = (*records)->Sketch(holder.id);
  if (known && !known->ancestors.empty()) kin.ancestors = known->ancestors;
  return (*records)->OtherKin(kin, kinship);
}

bool ProcessTable::HasExecuted(const ProcessId& id) const {
  const auto records = records_.Lock();
  return (*records)->HasExecuted(id);
}

ProcessPtr ProcessTable::Sketch(const ProcessId& id) const {
  const auto records = records_.Lock();
  return (*records)->Sketch(id);
}

bool ProcessTable::HasOtherDescendants(const Process& holder) const {
  const auto records = records_.Lock();
  return (*records)->HasOtherDescendants(holder);
}

void ProcessTable::Apply(const ProcessEvent& event, ExecutableState executed) {
  const BootTime now = clock_.Now();
  const auto records = records_.Lock();
  (*records)->Apply(event, executed, now);
}

void ProcessTable::Fill(Process process, BootTime looked) {
  const BootTime now = clock_.Now();
  const auto records = records_.Lock();
  (*records)->Fill(std::move(process), looked, now);
}

void ProcessTable::EndFill(BootTime looked) {
  const BootTime now = clock_.Now();
  VisitLiving([&](ProcessRecords& records, Program& program) {
    if (program.confirmed < looked) records.End(program, now);
  });
}

std::vector<UndescribedProgram> ProcessTable::TakeUndescribed(std::size_t most) {
  const auto records = records_.Lock();
  return (*records)->TakeUndescribed(most);
}

bool ProcessTable::Complete(const UndescribedProgram& program, Process process) {
  const auto records = records_.Lock();
  return (*records)->Complete(program, std::move(process));
}

std::vector<ProcessId> ProcessTable::Used() const {
  const auto records = records_.Lock();
  return (*records)->Used();
}

void ProcessTable::TakeFile(const ProcessId& id, const Executable& executable) {
  const auto records = records_.Lock();
  (*records)->TakeFile(id, executable);
}

void ProcessTable::Judge(const UndescribedProgram& program, ExecutableState state) {
  const auto records = records_.Lock();
  (*records)->Judge(program, state);
}

void ProcessTable::TellExecuted(const UndescribedProgram& program, const std::string& path,
                                const FileId& executable) {
  const auto records = records_.Lock();
  (*records)->TellExecuted(program, path, executable);
}

ProcessTable::Counts ProcessTable::Count() const {
  const auto records = records_.Lock();
  const ProgramStore& store = (*records)->Store();
  return {.living = store.Living().size(),
          .past = store.Past().size(),
          .undescribed = (*records)->Undescribed(),
          .text_bytes = store.Bytes(),
          .forgotten = store.Forgotten()};
}

}  // namespace procwall
