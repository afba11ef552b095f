// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
// Tested by tests/lab/kernel_sends_test.cc.
#include "attribution/send_trace.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>
#include <iterator>
#include <utility>

#include "attribution/flight_recorder.h"
#include "attribution/route_lookup.h"
#include "attribution/trace_sample.h"

namespace procwall {
namespace {

// A socket's own lookups, with a port: those of packets that pass through name another interface.
constexpr const char* kRouteFilter = "iif == 1 && sport != 0";
// IPPROTO_UDP and IPPROTO_UDPLITE.
constexpr const char* kDatagramFilter = "protocol == 17 || protocol == 136";

// The clock of the records and ours go at one rate while the machine is awake.
std::chrono::nanoseconds TimeAsleep(const Clock& clock) {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);  // cannot fail
  return clock.Now().time_since_epoch() - std::chrono::seconds(now.tv_sec) -
         std::chrono::nanoseconds(now.tv_nsec);
}

Result<RouteLookupLayout> LayoutIn(const char* name, IpFamily family) {
  return LayoutOf(PROCWALL_TRY(ReadTracepointFormat(name)), family);
}

Result<FlightRecorder> RecordDatagrams() {
  const auto format = PROCWALL_TRY(ReadTracepointFormat("sock/sock_send_length"));
  const std::array<FlightRecorder::Tracepoint, 1> sends{{{format.id, kDatagramFilter}}};
  return FlightRecorder::Start(sends, KernelSendTrace::kDatagramBytes);
}

template <typename Entry>
Entry& EntryOf(std::vector<Entry>& entries, Pid pid, BootTime when) {
  const auto known = std::ranges::find(entries, pid, &Entry::pid);
  if (known != entries.end()) return *known;
  Entry entry;
  entry.pid = pid;
  entry.first = when;
  return entries.emplace_back(entry);
}

}  // namespace

struct KernelSendTrace::State {
  const Clock& clock;
  RouteLookupLayout v4;
  std::optional<RouteLookupLayout> v6;  // nullopt: this kernel has no IPv6
  FlightRecorder routes;
  std::optional<FlightRecorder> datagrams;  // nullopt: this kernel does not tell
};

Result<std::unique_ptr<KernelSendTrace>> KernelSendTrace::Start(const Clock& clock) {
  const auto v4 = PROCWALL_TRY(LayoutIn("fib/fib_table_lookup", IpFamily::kV4));
  std::vector<FlightRecorder::Tracepoint> lookups{{v4.id, kRouteFilter}};
  std::optional<RouteLookupLayout> v6;
  if (auto layout = LayoutIn("fib6/fib6_table_lookup", IpFamily::kV6)) {
    v6 = *layout;
    lookups.push_back({v6->id, kRouteFilter});
  }
  FlightRecorder routes = PROCWALL_TRY(FlightRecorder::Start(lookups, kRouteBytes));
  std::optional<FlightRecorder> datagrams;
  if (auto recorder = RecordDatagrams()) datagrams = *std::move(recorder);
  return std::unique_ptr<KernelSendTrace>(
      new KernelSendTrace(std::make_unique<State>(State{.clock = clock,
                                                        .v4 = v4,
                                                        .v6 = v6,
                                                        .routes = std::move(routes),
                                                        .datagrams = std::move(datagrams)})));
}

KernelSendTrace::KernelSendTrace(std::unique_ptr<State> state) : state_(std::move(state)) {}
KernelSendTrace::~KernelSendTrace() = default;

bool KernelSendTrace::TellsDatagrams() const { return state_->datagrams.has_value(); }

std::optional<std::vector<RouteAsker>> KernelSendTrace::RouteAskers(const Connection& connection,
                                                                    BootTime since) {
  const bool is_v4 = connection.Family() == IpFamily::kV4;
  if (!is_v4 && !state_->v6) return std::nullopt;
  const RouteLookupLayout& layout = is_v4 ? state_->v4 : *state_->v6;
  const auto asleep = TimeAsleep(state_->clock);
  std::vector<RouteAsker> askers;
  bool is_readable = true;
  const bool reaches_back = state_->routes.Visit([&](Bytes sample) {
    const auto parsed = ParseTraceSample(sample);
    is_readable = is_readable && parsed.has_value();
    if (!is_readable) return false;
    const BootTime when{parsed->time + asleep};
    if (when < since) return false;
    if (parsed->is_interrupt) return true;
    const auto lookup = ParseRouteLookup(parsed->record, layout);
    is_readable = lookup.has_value();
    if (!is_readable || !*lookup || !IsFor(**lookup, connection)) return is_readable;
    auto& asker = EntryOf(askers, parsed->pid, when);
    asker.first = std::min(asker.first, when);
    asker.named_source = asker.named_source || !(*lookup)->source.address.IsUnspecified();
    return true;
  });
  if (!reaches_back || !is_readable) return std::nullopt;
  return askers;
}

std::optional<std::vector<DatagramSender>> KernelSendTrace::DatagramSenders(BootTime since,
                                                                            BootTime until) {
  if (!state_->datagrams) return std::nullopt;
  const auto asleep = TimeAsleep(state_->clock);
  std::vector<DatagramSender> senders;
  bool is_readable = true;
  const bool reaches_back = state_->datagrams->Visit([&](Bytes sample) {
    const auto parsed = ParseTraceSample(sample);
    is_readable = is_readable && parsed.has_value();
    if (!is_readable) return false;
    const BootTime when{parsed->time + asleep};
    if (when < since) return false;
    if (when > until) return true;
    auto& sender = EntryOf(senders, parsed->pid, when);
    sender.first = std::min(sender.first, when);
    return true;
  });
  if (!reaches_back || !is_readable) return std::nullopt;
  return senders;
}

}  // namespace procwall
