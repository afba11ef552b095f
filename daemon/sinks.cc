// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/sinks.h"

#include <unistd.h>

#include <algorithm>
#include <utility>

#include <spdlog/spdlog.h>

#include "base/printable.h"
#include "daemon/datagram_sink.h"
#include "daemon/event_message.h"
#include "daemon/event_text.h"
#include "daemon/file_sink.h"
#include "daemon/stream_sink.h"

namespace procwall {
namespace {

using SinkKind = SinkTarget::Kind;

std::unique_ptr<EventSink> SinkFor(const SinkTarget& target, const Clock& clock) {
  const auto syslog = [writer = ThisWriter()](const v1::Event& event) {
    return SyslogText(event, writer);
  };
  switch (target.kind) {
    case SinkKind::kJournald:
      return std::make_unique<DatagramSink>(target, clock, JournaldText);
    case SinkKind::kSyslog:
    case SinkKind::kSyslogUdp:
      return std::make_unique<DatagramSink>(target, clock, syslog);
    case SinkKind::kSyslogTcp:
      return std::make_unique<StreamSink>(target, clock, syslog);
    case SinkKind::kFile:
      return std::make_unique<FileSink>(target.path);
  }
  return nullptr;
}

bool IsAboutUs(const Event& event) {
  return std::ranges::any_of(event.attribution.processes, [](const ProcessPtr& process) {
    return process->id.pid == ::getpid();
  });
}

}  // namespace

tl::expected<std::unique_ptr<Sinks>, std::string> Sinks::Start(
    const std::vector<SinkTarget>& targets, EventLog& log, const Clock& clock) {
  std::unique_ptr<Sinks> sinks(new Sinks);
  for (const SinkTarget& target : targets) {
    auto outlet = std::make_unique<Outlet>();
    outlet->target = target;
    outlet->clock = &clock;
    outlet->sink = SinkFor(target, clock);
    auto follower = EventFollower::Start(
        "sink", log, kInterval,
        [raw = outlet.get()](const EventFollower::Batch& batch) { Handle(*raw, batch); });
    if (!follower) return tl::unexpected(target.name + ": " + follower.error().ToString());
    outlet->follower = *std::move(follower);
    sinks->outlets_.push_back(std::move(outlet));
  }
  return sinks;
}

void Sinks::Handle(Outlet& outlet, const EventFollower::Batch& batch) {
  const bool by_network =
      outlet.target.kind == SinkKind::kSyslogUdp || outlet.target.kind == SinkKind::kSyslogTcp;
  std::uint64_t written = 0;
  std::uint64_t lost = batch.missed;
  for (const EventPtr& event : batch.events) {
    if (by_network && IsAboutUs(*event)) continue;
    (outlet.sink->Write(ToMessage(*event)) ? written : lost) += 1;
  }
  outlet.sink->Flush();
  lost += outlet.sink->TakeLost();
  outlet.written.fetch_add(written);
  outlet.lost.fetch_add(lost);
  const std::string trouble = outlet.sink->Trouble();
  if (trouble != outlet.trouble.Copy()) outlet.trouble.Set(trouble);
  Complain(outlet, trouble);
}

// At most once in a while: what comes and goes must not fill the log.
void Sinks::Complain(Outlet& outlet, const std::string& trouble) {
  if (trouble.empty() != outlet.complained || outlet.clock->Now() < outlet.next_complaint) return;
  outlet.next_complaint = outlet.clock->Now() + kBetweenComplaints;
  outlet.complained = !trouble.empty();
  if (trouble.empty()) {
    spdlog::info("event=sink_works name=\"{}\"", Printable(outlet.target.name));
  } else {
    spdlog::warn("event=sink_fails name=\"{}\" reason=\"{}\", ignoring: events are lost",
                 Printable(outlet.target.name), Printable(trouble));
  }
}

std::vector<SinkState> Sinks::States() const {
  std::vector<SinkState> states;
  for (const auto& outlet : outlets_) {
    states.push_back({Printable(outlet->target.name), outlet->written.load(), outlet->lost.load(),
                      Printable(outlet->trouble.Copy())});
  }
  return states;
}

}  // namespace procwall
