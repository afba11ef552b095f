// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "attribution/process.h"
#include "attribution/process_event.h"
#include "attribution/program_store.h"
#include "base/clock.h"

namespace procwall {

// A program that /proc knows more of than the kernel's events told.
struct UndescribedProgram {
  ProcessId id{};
  std::uint64_t serial = 0;  // names it among the records
  FileId executable{};       // as FileIdOfKernel() tells it; not known: not told
  std::string path{};        // empty: not told

  friend bool operator==(const UndescribedProgram&, const UndescribedProgram&) = default;
};

// What ProcessTable knows, and what each event makes of it. Thread rule: the caller's lock.
class ProcessRecords {
 public:
  ProcessRecords(std::size_t most, std::size_t most_bytes, std::chrono::nanoseconds keep_dead)
      : store_(most, most_bytes), most_(most), keep_dead_(keep_dead) {}

  // See ProcessTable.
  ProcessPtr Find(const ProgramOfProcess& wanted);
  void Apply(const ProcessEvent& event, ExecutableState executed, BootTime now);
  void Fill(Process process, BootTime looked, BootTime now);
  std::vector<UndescribedProgram> TakeUndescribed(std::size_t most);
  bool Complete(const UndescribedProgram& which, Process process);
  void Judge(const UndescribedProgram& which, ExecutableState state);

  // The latest program of that process, if it lives.
  Program* Living(const ProcessId& id) const;
  // Null when nothing is known of it but that it is there.
  ProcessPtr Describe(Program& program);
  void End(Program& program, BootTime now) { store_.End(program, now); }

  const ProgramStore& Store() const { return store_; }
  std::size_t Undescribed() const { return undescribed_.size(); }

 private:
  void Fork(const ProcessForked& forked, BootTime now);
  void Execute(const ProcessEvent& event, ExecutableState state, BootTime now);
  void ChangeUser(const ProcessChangedUser& changed);
  // Ends the program before, if it is not past.
  Program& Begin(Program program, BootTime now);
  ImagePtr ImageOf(const ProcessExecuted& executed, ExecutableState state, const Program& program);
  void WantDescription(const Program& program);
  void TakeWhatProcSays(Program& program, Process process);
  static void ImageChanged(Program& program);

  ProgramStore store_;
  std::size_t most_;
  std::chrono::nanoseconds keep_dead_;
  std::deque<UndescribedProgram> undescribed_;  // at most most_
  BootTime last_loss_{};
};

}  // namespace procwall
