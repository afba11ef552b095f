// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <tl/expected.hpp>

#include "attribution/end_history.h"
#include "attribution/exec_history.h"
#include "attribution/host_files.h"
#include "attribution/process_event_source.h"
#include "attribution/process_table.h"
#include "attribution/procfs.h"
#include "attribution/program_history.h"
#include "attribution/program_source.h"
#include "base/clock.h"
#include "base/wakeup.h"
#include "daemon/event_log.h"

namespace procwall {

// Keeps the table of processes: the thread "process" looks at all of /proc when it starts, then
// applies what the kernel tells, and asks /proc for the rest. Thread rule: construct and destroy on
// one thread; Find() from any, Resolve() from any but the packet thread.
class ProcessWatcher final : public ProgramSource {
 public:
  // `source` may be null: then /proc alone is asked. While somebody listens to `log`, what
  // processes do is noted there. `programs` knows what those executed that are gone before they
  // could be looked at. Both may be null, too. All of them must outlive the watcher.
  static tl::expected<std::unique_ptr<ProcessWatcher>, std::string> Start(
      ProcessEventSource* source, ProcessTable& table, Procfs procfs, const Clock& clock,
      ProcessLog* log = nullptr, ProgramTrace* programs = nullptr);
  ~ProcessWatcher() override;

  // A program whose path may be a lie, because nobody has looked yet, is not known yet.
  ProcessPtr Find(const ProgramOfProcess& wanted) const override;
  ProcessPtr Resolve(const ProgramOfProcess& wanted) override;
  bool MayHaveExecutedSince(Pid pid, BootTime since) override;
  bool MayHaveBeenMadeSince(Pid pid, BootTime since) override;
  std::optional<std::vector<Pid>> OtherKin(const Process& holder, Kinship kinship) override;
  bool HasOtherDescendants(const Process& holder) const override;
  bool MayKinHaveEndedSince(const Process& holder, Kinship kinship, BootTime since) override;

 private:
  ProcessWatcher(ProcessEventSource* source, ProcessTable& table, Procfs procfs, const Clock& clock,
                 ProcessLog* log, ProgramTrace* programs, Wakeup stop);

  void Run();
  void LookAtAll();
  void ApplyNewsAndPrepare();
  // Everything, at once: for somebody who waits for it.
  void CatchUp();
  // What a process has in /proc that no event told waits until there is time: many are dead by
  // then, and a child has most of it from its parent.
  void DescribeLater(BootTime now);
  // An update of a program leaves the old one running, and nobody tells.
  void LookAtFiles(BootTime now);
  // With work_ held:
  enum class News : std::uint8_t { kOther, kExecuted };  // kExecuted: a program, among others
  News ApplyNews();
  void Note(const ProcessEvent& event);
  void DescribeSome();
  bool Complete(const UndescribedProgram& program, HostFiles* host);
  void NameTheDead(const std::vector<UndescribedProgram>& dead, HostFiles* host);
  // With what is mounted by now. Null: out of descriptors, say.
  HostFiles* Host();
  void LookAt(Pid pid, BootTime looked);

  ProcessEventSource* const source_;
  ProcessTable& table_;
  const Procfs procfs_;
  const Clock& clock_;
  ProcessLog* const log_;
  std::mutex work_;        // news, and what /proc says, are applied by one at a time
  bool must_look_ = true;  // at all of /proc, since the start or a loss; work_
  ExecHistory execs_;      // work_
  ExecHistory births_;     // likewise, of processes: that pid runs what its parent ran; work_
  EndHistory ends_;        // work_
  std::optional<HostFiles> host_;           // work_
  BootTime host_opened_{};                  // work_
  std::optional<ProgramHistory> programs_;  // work_
  BootTime described_{};                    // when DescribeLater() did
  BootTime files_looked_{};                 // likewise, LookAtFiles()
  const Wakeup stop_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace procwall
