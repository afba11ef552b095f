// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "attribution/child_index.h"
#include "attribution/end_history.h"
#include "attribution/executable.h"
#include "attribution/process.h"
#include "attribution/process_event.h"
#include "attribution/program_store.h"
#include "base/clock.h"
#include "base/shared_list.h"

namespace procwall {

// A program that /proc knows more of than the kernel's events told.
struct UndescribedProgram {
  ProcessId id{};
  std::uint64_t serial = 0;  // names it among the records
  FileId executable{};       // as FileIdOfKernel() tells it; not known: not told
  std::string path{};        // empty: not told
  BootTime executed{};       // when that was told; the epoch: it executed nothing, or nobody knows

  friend bool operator==(const UndescribedProgram&, const UndescribedProgram&) = default;
};

// What ProcessTable knows, and what each event makes of it. Thread rule: the caller's lock.
class ProcessRecords {
 public:
  ProcessRecords(std::size_t most, std::size_t most_bytes, std::chrono::nanoseconds keep_dead)
      : store_(most, most_bytes), most_(most), keep_dead_(keep_dead) {
    used_.reserve(kMaxUsed);  // Find() asks for no memory
  }

  static constexpr std::size_t kMaxUsed = 1024;

  // See ProcessTable.
  ProcessPtr Find(const ProgramOfProcess& wanted);
  void Apply(const ProcessEvent& event, ExecutableState executed, BootTime now);
  void Fill(Process process, BootTime looked, BootTime now);
  std::vector<UndescribedProgram> TakeUndescribed(std::size_t most);
  bool Complete(const UndescribedProgram& which, Process process);
  void Judge(const UndescribedProgram& which, ExecutableState state);
  void TellExecuted(const UndescribedProgram& which, const std::string& path,
                    const FileId& executable);

  std::vector<ProcessId> Used();
  void TakeFile(const ProcessId& id, const Executable& executable);

  // The latest program of that process, if it lives.
  Program* Living(const ProcessId& id) const;
  // Null when nothing is known of it but that it is there.
  ProcessPtr Describe(Program& program);
  void End(Program& program, BootTime now);

  // Living relatives that do not run the program of `holder`, or of which nobody knows what they
  // run: at most kMaxKin. nullopt: there are more relatives than that to look through.
  static constexpr std::size_t kMaxKin = 1024;
  std::optional<std::vector<Pid>> OtherKin(const Process& holder, Kinship kinship) const;
  // May that process, which lives, have executed a program since it was made?
  bool HasExecuted(const ProcessId& id) const;
  // What is known of a living process, though nobody has described it (yet): who made it, and what
  // it runs (an empty path: not known). Null: nothing.
  ProcessPtr Sketch(const ProcessId& id);
  // Are there any among its descendants, or too many to look through?
  bool HasOtherDescendants(const Process& holder) const;

  const ProgramStore& Store() const { return store_; }
  std::size_t Undescribed() const { return undescribed_.size(); }

 private:
  void Fork(const ProcessForked& forked, BootTime now);
  void Execute(const ProcessEvent& event, ExecutableState state, BootTime now);
  void ChangeUser(const ProcessChangedUser& changed);
  // Ends the program before, if it is not past.
  Program& Begin(Program program, BootTime now);
  // `before`: the one that the process ran until then; may be null.
  ImagePtr ImageOf(const ProcessExecuted& executed, ExecutableState state, Program& program,
                   Program* before);
  const ImagePtr& Inherit(Program& program);
  SharedList<Ancestor> AncestorsOf(Program& program) const;
  // Number, parent and ancestors.
  void Identify(Program& program, Process& process) const;
  void WantDescription(const Program& program, BootTime executed);
  void RememberChild(const Program& child);
  Program* LivingOrUntold(const ProcessId& id) const;
  bool RunsAnother(const Program& program, const Process& holder, const Program* known) const;
  // Until `visit` asks to stop, or there are more than kMaxKin: false.
  bool VisitDescendants(Pid pid, const std::function<bool(const Program&)>& visit) const;
  void TakeWhatProcSays(Program& program, Process process);
  static void ImageChanged(Program& program);

  ProgramStore store_;
  ChildIndex children_;
  std::size_t most_;
  std::chrono::nanoseconds keep_dead_;
  std::deque<UndescribedProgram> undescribed_;  // at most most_
  std::vector<ProcessId> used_;                 // at most kMaxUsed; some have ended, or are twice
  BootTime last_loss_{};
};

}  // namespace procwall
