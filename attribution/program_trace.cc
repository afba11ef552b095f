// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
// Tested by tests/lab/kernel_events_test.cc.
#include "attribution/program_trace.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>

#include "attribution/executed_file.h"
#include "attribution/flight_recorder.h"
#include "attribution/perf_record.h"

namespace procwall {

struct KernelProgramTrace::State {
  const Clock& clock;
  FlightRecorder recorder;
};

Result<std::unique_ptr<KernelProgramTrace>> KernelProgramTrace::Start(const Clock& clock) {
  FlightRecorder recorder = PROCWALL_TRY(FlightRecorder::StartOfPrograms(kRingBytes));
  return std::unique_ptr<KernelProgramTrace>(new KernelProgramTrace(
      std::make_unique<State>(State{.clock = clock, .recorder = std::move(recorder)})));
}

KernelProgramTrace::KernelProgramTrace(std::unique_ptr<State> state) : state_(std::move(state)) {}
KernelProgramTrace::~KernelProgramTrace() = default;

std::vector<TracedProgram> KernelProgramTrace::Recent(BootTime since) {
  ExecRecords records;
  for (std::size_t i = 0; i < state_->recorder.Rings(); ++i) {
    BootTime oldest = state_->clock.Now();
    const bool is_whole = state_->recorder.VisitRing(i, [&](Bytes record) {
      const auto time = TimeOfPerfRecord(record);
      const auto event = ParsePerfRecord(record);
      auto mapping = ParsePerfMapping(record);
      if (!time || !event || !mapping) return true;  // none of ours
      if (*time < since) return false;
      oldest = std::min(oldest, *time);
      if (*event && std::holds_alternative<ProcessExecuted>((*event)->what)) {
        records.execs.push_back({std::get<ProcessExecuted>((*event)->what).id.pid, *time});
      }
      if (*mapping) records.mappings.push_back(**std::move(mapping));
      return true;
    });
    if (!is_whole) records.known_since = std::max(records.known_since, oldest);
  }
  return ExecutedFiles(std::move(records));
}

}  // namespace procwall
