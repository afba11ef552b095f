// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "attribution/file_id.h"
#include "attribution/process.h"
#include "base/clock.h"
#include "base/result.h"

namespace procwall {

// An exec, and the file that the process executes since.
struct TracedProgram {
  Pid pid = 0;
  BootTime executed{};
  FileId executable{};  // as FileIdOfKernel() tells it
  std::string path{};   // as the process saw it then: of its mounts, under its root; empty: neither
                        // path nor file was told

  friend bool operator==(const TracedProgram&, const TracedProgram&) = default;
};

// What processes executed lately, for those that were gone before /proc could be asked. Thread
// rule: any thread but the packet thread.
class ProgramTrace {
 public:
  ProgramTrace() = default;
  ProgramTrace(const ProgramTrace&) = delete;
  ProgramTrace& operator=(const ProgramTrace&) = delete;
  virtual ~ProgramTrace() = default;

  // Since `since`, as far back as every exec of every process is remembered: the latest of a
  // process that is among them is its latest.
  virtual std::vector<TracedProgram> Recent(BootTime since) = 0;
};

// The kernel's own records of that, without BPF: see FlightRecorder. They need CAP_PERFMON (or
// CAP_SYS_ADMIN). A ring of kRingBytes for each processor: some 200 execs.
class KernelProgramTrace final : public ProgramTrace {
 public:
  static constexpr std::size_t kRingBytes = std::size_t{256} << 10U;

  // kPermission, kUnsupported. `clock` must outlive it and be the kernel's.
  static Result<std::unique_ptr<KernelProgramTrace>> Start(const Clock& clock);
  ~KernelProgramTrace() override;

  std::vector<TracedProgram> Recent(BootTime since) override;

 private:
  struct State;
  explicit KernelProgramTrace(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace procwall
