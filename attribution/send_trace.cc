// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
// Tested by tests/lab/kernel_sends_test.cc.
#include "attribution/send_trace.h"

#include <array>
#include <chrono>
#include <ctime>
#include <functional>
#include <utility>

#include "attribution/flight_recorder.h"
#include "attribution/route_lookup.h"
#include "attribution/trace_sample.h"

namespace procwall {
namespace {

// A socket's own lookups, with a port, or of IPPROTO_UDPLITE, whose ports are not told: those of
// packets that pass through name another interface.
constexpr const char* kRouteFilter = "iif == 1 && (sport != 0 || proto == 136)";
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

struct Connects {
  TcpTransitionLayout layout;
  FlightRecorder recorder;
};

Result<Connects> RecordConnects() {
  const auto format = PROCWALL_TRY(ReadTracepointFormat("sock/inet_sock_set_state"));
  const auto layout = PROCWALL_TRY(TcpTransitionLayoutOf(format));
  const std::array<FlightRecorder::Tracepoint, 1> transitions{{{layout.id, kTcpTransitionFilter}}};
  return Connects{layout,
                  PROCWALL_TRY(FlightRecorder::Start(transitions, KernelSendTrace::kConnectBytes))};
}

// What was recorded at `since` or later, the newest first on each processor, until `each` says that
// it cannot be read. False: then, or when older records than that have been overwritten.
bool VisitSince(const FlightRecorder& recorder, const Clock& clock, BootTime since,
                const std::function<Status(const TraceSample& sample, BootTime when)>& each) {
  const auto asleep = TimeAsleep(clock);
  bool is_readable = true;
  const bool reaches_back = recorder.Visit([&](Bytes sample) {
    const auto parsed = ParseTraceSample(sample);
    is_readable = is_readable && parsed.has_value();
    if (!is_readable) return false;
    const BootTime when{parsed->time + asleep};
    if (when < since) return false;
    is_readable = each(*parsed, when).has_value();
    return is_readable;
  });
  return reaches_back && is_readable;
}

}  // namespace

struct KernelSendTrace::State {
  const Clock& clock;
  RouteLookupLayout v4;
  std::optional<RouteLookupLayout> v6;  // nullopt: this kernel has no IPv6
  FlightRecorder routes;
  std::optional<FlightRecorder> datagrams;  // nullopt: this kernel does not tell
  std::optional<Connects> connects;         // likewise
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
  std::optional<Connects> connects;
  if (auto recorder = RecordConnects()) connects = *std::move(recorder);
  return std::unique_ptr<KernelSendTrace>(
      new KernelSendTrace(std::make_unique<State>(State{.clock = clock,
                                                        .v4 = v4,
                                                        .v6 = v6,
                                                        .routes = std::move(routes),
                                                        .datagrams = std::move(datagrams),
                                                        .connects = std::move(connects)})));
}

KernelSendTrace::KernelSendTrace(std::unique_ptr<State> state) : state_(std::move(state)) {}
KernelSendTrace::~KernelSendTrace() = default;

bool KernelSendTrace::TellsDatagrams() const { return state_->datagrams.has_value(); }

std::optional<std::vector<RouteAsker>> KernelSendTrace::RouteAskers(const Connection& connection,
                                                                    BootTime since) {
  const bool is_v4 = connection.Family() == IpFamily::kV4;
  if (!is_v4 && !state_->v6) return std::nullopt;
  const RouteLookupLayout& layout = is_v4 ? state_->v4 : *state_->v6;
  std::vector<RouteAsker> askers;
  const auto note = [&](const TraceSample& sample, BootTime when) -> Status {
    if (sample.is_interrupt) return {};
    const auto lookup = PROCWALL_TRY(ParseRouteLookup(sample.record, layout));
    if (!lookup || !IsFor(*lookup, connection)) return {};
    auto& asker = EntryOf(askers, sample.pid, when);
    asker.named_source = asker.named_source || !lookup->source.address.IsUnspecified();
    return {};
  };
  if (!VisitSince(state_->routes, state_->clock, since, note)) return std::nullopt;
  return askers;
}

std::optional<std::vector<GivenUpConnect>> KernelSendTrace::GivenUpConnects(
    const Connection& connection, BootTime since) {
  if (!state_->connects) return std::nullopt;
  std::vector<TracedTransition> told;
  const auto note = [&](const TraceSample& sample, BootTime when) -> Status {
    told.push_back(
        {.transition = PROCWALL_TRY(ParseTcpTransition(sample.record, state_->connects->layout)),
         .pid = sample.pid,
         .when = when,
         .is_interrupt = sample.is_interrupt});
    return {};
  };
  if (!VisitSince(state_->connects->recorder, state_->clock, since, note)) return std::nullopt;
  return GivenUpConnectsOf(told, connection);
}

std::optional<std::vector<TracedProcess>> KernelSendTrace::DatagramSenders(BootTime since) {
  if (!state_->datagrams) return std::nullopt;
  std::vector<TracedProcess> senders;
  const auto note = [&](const TraceSample& sample, BootTime when) -> Status {
    EntryOf(senders, sample.pid, when);
    return {};
  };
  if (!VisitSince(*state_->datagrams, state_->clock, since, note)) return std::nullopt;
  return senders;
}

}  // namespace procwall
