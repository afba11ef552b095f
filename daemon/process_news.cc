// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/process_news.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "attribution/perf_events.h"
#include "attribution/proc_connector.h"

namespace procwall {
namespace {

bool TellsOfProcesses(const KernelWitness& witness) {
  constexpr std::array<std::string_view, 3> kNeeded = {"exec", "fork", "exit"};
  return std::ranges::all_of(kNeeded, [&](std::string_view name) {
    return std::ranges::any_of(
        witness.Parts(), [&](const WitnessPart& part) { return part.name == name && part.runs; });
  });
}

ProcessNews NewsOf(std::unique_ptr<ProcessEventSource> own, const char* name, const Clock& clock) {
  ProcessNews news;
  auto programs = KernelProgramTrace::Start(clock);
  if (programs) {
    news.programs = *std::move(programs);
  } else {
    spdlog::info("event=program_trace_missing reason=\"{}\"", programs.error().ToString());
  }
  news.source = own.get();
  news.own = std::move(own);
  news.name = name;
  return news;
}

}  // namespace

ProcessNews FindProcessNews(KernelWitness* witness, const Clock& clock) {
  if (witness != nullptr && TellsOfProcesses(*witness)) {
    ProcessNews news;
    news.source = witness;
    news.name = "witness";
    return news;
  }
  auto connector = ProcConnector::Start(clock);
  if (connector) return NewsOf(*std::move(connector), "proc connector", clock);
  auto perf = PerfEvents::Start(clock);
  if (perf) return NewsOf(*std::move(perf), "perf events", clock);
  ProcessNews none;
  none.why_not = fmt::format("proc connector: {}; perf events: {}", connector.error().ToString(),
                             perf.error().ToString());
  return none;
}

std::unique_ptr<SendTrace> TraceSends(const KernelWitness* witness, const Clock& clock) {
  if (witness != nullptr) return nullptr;
  auto trace = KernelSendTrace::Start(clock);
  if (trace) return *std::move(trace);
  spdlog::info("event=send_trace_missing reason=\"{}\"", trace.error().ToString());
  return nullptr;
}

}  // namespace procwall
