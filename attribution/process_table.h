// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "attribution/file_id.h"
#include "attribution/process.h"
#include "attribution/process_event.h"
#include "attribution/process_records.h"
#include "base/clock.h"
#include "base/guarded.h"

namespace procwall {

// Every process that is known, described, with the programs it ran: filled before a process sends
// its first packet (from the kernel's events, and from one look at /proc when the daemon starts),
// so that the packet thread only looks up. What the kernel told is known at once; a child has what
// its parent had, without a look at /proc, so that it is named however short it lives, and its
// ancestors are named when they are dead. /proc adds the rest: see TakeUndescribed().
//
// The dead are kept for kKeepDead, and programs that a process has left by another exec as long;
// never more than kMaxProcesses descriptions of kMaxTextBytes: the longest ended go first, then
// those whose last use was longest ago. Who shares a description shares its memory. A process that
// is reparented keeps the parent that made it. Lookups are short and never wait for I/O: the lock
// is held for a microsecond or two at most. Thread rule: all methods from any thread; events and
// what /proc says (Fill, Complete) from one.
class ProcessTable {
 public:
  static constexpr std::chrono::seconds kKeepDead{60};
  static constexpr std::size_t kMaxProcesses = 16384;
  static constexpr std::size_t kMaxTextBytes = std::size_t{8} << 20U;

  explicit ProcessTable(const Clock& clock);  // must outlive it
  ProcessTable(const ProcessTable&) = delete;
  ProcessTable& operator=(const ProcessTable&) = delete;

  // What that process was when it ran that program; null: not known (yet). With an exec number or
  // an executable, another program of the same process is not an answer. With neither, it is the
  // latest, and none after events were lost until /proc has been looked at. The first answer for a
  // process that was forked makes a copy of what it shares.
  ProcessPtr Find(const ProgramOfProcess& wanted) const;
  // Who lives, as far as they are described; in no order.
  std::vector<ProcessPtr> Living() const;

  // Living relatives that may run another program than `holder`; those that made it as they are
  // known here, or else by /proc; nullopt: too many to look through. See ProcessRecords.
  std::optional<std::vector<Pid>> OtherKin(const Process& holder, Kinship kinship) const;

  bool HasOtherDescendants(const Process& holder) const;
  bool HasExecuted(const ProcessId& id) const;
  ProcessPtr Sketch(const ProcessId& id) const;

  // What the kernel told. `executed`: the state of the file that was executed, as VerifyExecuted()
  // tells it. After ProcessEventsLost, Fill() and EndFill() are due.
  void Apply(const ProcessEvent& event, ExecutableState executed = ExecutableState::kUnverified);

  // What a look at /proc told that began at `looked`: a process that nobody told of, or what became
  // of one. Events that were applied since `looked` know better.
  void Fill(Process process, BootTime looked);
  // All of /proc was looked at since `looked`: who was not filled in, and not told of since, is
  // dead.
  void EndFill(BootTime looked);

  // At most `most` programs that want a look at /proc, oldest first; each is handed out once.
  std::vector<UndescribedProgram> TakeUndescribed(std::size_t most);
  // What /proc says of it. False: that is another program, or the table has forgotten it.
  bool Complete(const UndescribedProgram& program, Process process);
  // It is dead, and /proc says nothing; but what its path leads to was looked at.
  void Judge(const UndescribedProgram& program, ExecutableState state);
  // Likewise; but it is known what was executed, and that its path leads to that file (kSame).
  void TellExecuted(const UndescribedProgram& program, const std::string& path,
                    const FileId& executable);

  // Processes that live and that Find() told of, at most ProcessRecords::kMaxUsed: their files are
  // worth another look.
  std::vector<ProcessId> Used() const;
  // What became of the file that it executes, as ReadExecutable() tells it now.
  void TakeFile(const ProcessId& id, const Executable& executable);

  struct Counts {
    std::size_t living = 0;
    std::size_t past = 0;         // dead, or left by another exec
    std::size_t undescribed = 0;  // not yet taken
    std::size_t text_bytes = 0;
    std::uint64_t forgotten = 0;  // for want of room
    friend bool operator==(const Counts&, const Counts&) = default;
  };
  Counts Count() const;

 private:
  std::vector<ProcessId> LivingIds() const;
  // A few at a time, so that nobody waits long for the lock.
  void VisitLiving(const std::function<void(ProcessRecords&, Program&)>& visit) const;

  const Clock& clock_;
  mutable Guarded<std::unique_ptr<ProcessRecords>> records_;  // a lookup counts as a use
};

}  // namespace procwall
