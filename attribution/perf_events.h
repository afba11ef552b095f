// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <memory>

#include "attribution/process_event_source.h"
#include "base/clock.h"
#include "base/result.h"

namespace procwall {

// The news of processes from perf_event_open(2) (kernel 3.16): who forks, executes another program,
// ends, each at its exact time, of all processes of our pid namespace. It needs CAP_PERFMON (or
// CAP_SYS_ADMIN) and no BPF, and works in any network and pid namespace; what was executed, and as
// whom, is not told. One ring of kRingBytes for each processor; the kernel counts what did not fit.
// Thread rule: one thread at a time.
class PerfEvents final : public ProcessEventSource {
 public:
  static constexpr std::size_t kRingBytes = std::size_t{64} << 10U;

  // kPermission, kUnsupported. `clock` must outlive it and be the kernel's.
  static Result<std::unique_ptr<PerfEvents>> Start(const Clock& clock);
  ~PerfEvents() override;

  // Readable when a ring is half full: a drain now and then shows the rest.
  int UnsafeEventFd() const override;
  // In the order of their times.
  void DrainEvents(const std::function<void(ProcessEvent event)>& take) override;

 private:
  struct State;
  explicit PerfEvents(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace procwall
