// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <memory>
#include <string>

#include "attribution/kernel_witness.h"
#include "attribution/process_event_source.h"
#include "attribution/program_trace.h"
#include "attribution/send_trace.h"
#include "base/clock.h"

namespace procwall {

// Where the daemon hears of processes from, and how that is called.
struct ProcessNews {
  ProcessEventSource* source = nullptr;     // null: nobody tells, /proc alone is asked
  std::unique_ptr<ProcessEventSource> own;  // null: the witness's
  std::string name = "none";                // "witness", "proc connector", "perf events"
  std::string why_not;                      // why none of them; else empty
  // What those executed that nobody could look at in time, where the source does not tell paths;
  // null: it does, or nobody can tell, which is logged.
  std::unique_ptr<ProgramTrace> programs{};
};

// The best there is: the witness, where all three of its process programs run; the proc connector,
// in the initial namespaces; perf events, anywhere else, for root. Both arguments must outlive it;
// `witness` may be null.
ProcessNews FindProcessNews(KernelWitness* witness, const Clock& clock);

// Who asks for which route, where no witness sees who sends; null: it does, or nobody can tell,
// which is logged. `clock` must outlive it.
std::unique_ptr<SendTrace> TraceSends(const KernelWitness* witness, const Clock& clock);

}  // namespace procwall
