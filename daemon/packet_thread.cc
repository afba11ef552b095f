// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/packet_thread.h"

#include <poll.h>
#include <pthread.h>
#include <sched.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "base/user_namespace.h"
#include "daemon/packet_path.h"

namespace procwall {
namespace {

constexpr std::int64_t kLongestSleepMs = 60'000;

}  // namespace

PacketThread::PacketThread(PacketQueue queue, Sockets sockets, const Parts& parts)
    : queue_(std::move(queue)),
      sockets_(std::move(sockets)),
      finder_(parts.finder),
      facts_(parts.facts),
      lane_(parts.lane),
      resolved_(parts.resolved),
      counters_(parts.counters),
      clock_(parts.clock),
      waker_(*parts.waker),
      pipeline_({.verdicts = queue_,
                 .witness = parts.witness,
                 .programs = parts.programs,
                 .diag = sockets_.diag,
                 .marks = sockets_.marks,
                 .finder = parts.finder,
                 .desk = parts.desk,
                 .facts = parts.facts,
                 .names = parts.names,
                 .events = parts.events,
                 .counters = parts.counters,
                 .rules = parts.rules,
                 .clock = parts.clock,
                 .mode = parts.settings.mode,
                 .questions = parts.settings.Questions(),
                 .packet_uids = HasInitialUids() ? PacketUids::kOurs : PacketUids::kForeign,
                 .asked_flows = sockets_.asked_flows ? &*sockets_.asked_flows : nullptr,
                 .looks_into_tls = parts.settings.LooksIntoTls(),
                 .lane = parts.lane,
                 .lanes = parts.lanes}),
      send_bound_(parts.bounds_sends ? std::optional<SendBound>(parts.clock) : std::nullopt),
      busy_poll_(parts.settings.busy_poll),
      thread_([this] { Run(); }) {}

void PacketThread::BeginStop() {
  stopping_.store(true);
  waker_.Wake();
}

void PacketThread::Stop() {
  if (!thread_.joinable()) return;
  BeginStop();
  thread_.join();
}

void PacketThread::Run() {
  const std::string name = lane_ == 0 ? "packet" : fmt::format("packet-{}", lane_);
  ::pthread_setname_np(::pthread_self(), name.c_str());
  BootTime drain_until = BootTime::max();
  while (clock_.Now() < drain_until) {
    if (stopping_.load() && drain_until == BootTime::max()) {
      drain_until = clock_.Now() + kDrainTime;
    }
    if (stopping_.load()) {
      pipeline_.EndAsked();
      wait_ = PacketQueue::Wait::kNo;
    }
    const bool more_may_wait = HandleWhatWaits();
    if (failed_.load()) return;
    if (more_may_wait) continue;
    if (stopping_.load() && pipeline_.Parked() == 0) return;
    if (!StayAwake()) Sleep();
  }
}

// True: there may be something to do without having slept.
bool PacketThread::StayAwake() {
  const BootTime now = clock_.Now();
  if (stopping_.load() || flush_failures_ > 0 || !busy_poll_.StaysAwake(now)) return false;
  ::sched_yield();
  busy_poll_.Yielded(clock_.Now() - now);
  return true;
}

// Until there is something to do. Where no deadline may come before, the next look at the queue
// does that: it waits for a packet, or for whoever wakes us, by one system call.
void PacketThread::Sleep() {
  const int timeout_ms = TimeoutMs();
  if (timeout_ms < 0 && !send_bound_) {
    wait_ = PacketQueue::Wait::kForOne;
    return;
  }
  pollfd readable{queue_.UnsafeFd(), POLLIN, 0};
  if (send_bound_) {
    const BootTime looked = clock_.Now();
    if (::poll(&readable, 1, 0) == 0) send_bound_->BeforeSleep(looked);
  }
  if (::poll(&readable, 1, timeout_ms) < 0 && errno != EINTR) failed_.store(true);
  FetchPacketPath();
  if (send_bound_) send_bound_->AfterSleep();
}

int PacketThread::TimeoutMs() const {
  // Verdicts that could not be sent are kept by the queue and tried again.
  if (stopping_.load() || flush_failures_ > 0) return 10;
  const auto deadline = pipeline_.NextDeadline();
  if (!deadline) return -1;
  // Rounded up, so that it has come when we wake.
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(*deadline - clock_.Now());
  return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, kLongestSleepMs));
}

// True: more may wait. A batch that was not full took all there was.
bool PacketThread::HandleWhatWaits() {
  const BootTime looked = send_bound_ ? clock_.Now() : BootTime{};
  const auto wait = std::exchange(wait_, PacketQueue::Wait::kNo);
  const bool has_slept = wait == PacketQueue::Wait::kForOne;
  const auto taken = queue_.Take(wait);
  if (!taken) {
    spdlog::error("event=queue_failed reason=\"{}\"", taken.error().ToString());
    failed_.store(true);
    return false;
  }
  if (has_slept && *taken > 0) FetchPacketPath();
  if (resolved_ != nullptr && resolved_->HasAnswers()) {  // first: a packet may need the name
    for (const DnsMessage& answer : resolved_->TakeAll()) {
      pipeline_.Learn(answer, {}, NameSource::kResolved);
    }
  }
  pipeline_.BeginBatch(send_bound_ ? send_bound_->Earliest() : BootTime{});
  const std::size_t packets =
      queue_.HandOn([this](const QueuedPacket& queued) { pipeline_.Begin(queued); });
  if (send_bound_ && *taken < PacketQueue::kBatch) send_bound_->FoundEmpty(looked);
  packets_.Add(packets);
  busy_poll_.Received(packets, clock_.Now());
  const bool any_answers = finder_.HasAnswers(lane_) || facts_.HasAnswers(lane_);
  if (any_answers) {
    for (FinderAnswer& answer : finder_.TakeAnswers(lane_)) pipeline_.Resume(std::move(answer));
    for (FactsAnswer& answer : facts_.TakeAnswers(lane_)) pipeline_.Resume(std::move(answer));
  }
  pipeline_.ResumeAsked();
  if (const Status flushed = queue_.Flush(); flushed) {
    flush_failures_ = 0;
    sockets_.marks.Apply();
  } else if (++flush_failures_ == kMaxFlushFailures) {
    spdlog::error("event=verdicts_failed reason=\"{}\"", flushed.error().ToString());
    failed_.store(true);
  }
  const std::uint64_t undecodable = queue_.Undecodable();
  counters_.undecodable.Add(undecodable - std::exchange(undecodable_, undecodable));
  pipeline_.Report();  // the kernel first: nobody waits for events
  return *taken == PacketQueue::kBatch || (has_slept && *taken > 0) || any_answers;
}

}  // namespace procwall
