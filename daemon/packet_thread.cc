// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/packet_thread.h"

#include <poll.h>
#include <pthread.h>

#include <array>
#include <cerrno>
#include <utility>

#include <spdlog/spdlog.h>

#include "base/user_namespace.h"

namespace procwall {

PacketThread::PacketThread(PacketQueue queue, SocketDiag diag, const Parts& parts)
    : queue_(std::move(queue)),
      diag_(std::move(diag)),
      finder_(parts.finder),
      counters_(parts.counters),
      clock_(parts.clock),
      answered_(parts.answered),
      pipeline_({.verdicts = queue_,
                 .witness = parts.witness,
                 .programs = parts.programs,
                 .diag = diag_,
                 .finder = parts.finder,
                 .events = parts.events,
                 .counters = parts.counters,
                 .rules = parts.rules,
                 .clock = parts.clock,
                 .mode = parts.settings.mode,
                 .default_action = parts.settings.default_action,
                 .packet_uids = HasInitialUids() ? PacketUids::kOurs : PacketUids::kForeign}),
      thread_([this] { Run(); }) {}

void PacketThread::Stop() {
  if (!thread_.joinable()) return;
  stopping_.store(true);
  answered_.Wake();
  thread_.join();
}

void PacketThread::Run() {
  ::pthread_setname_np(::pthread_self(), "packet");
  BootTime drain_until = BootTime::max();
  while (clock_.Now() < drain_until) {
    if (stopping_.load() && drain_until == BootTime::max()) drain_until = clock_.Now() + kDrainTime;
    const bool more_may_wait = HandleWhatWaits();
    if (failed_.load()) return;
    if (more_may_wait) continue;
    if (stopping_.load() && pipeline_.Parked() == 0) return;
    std::array<pollfd, 2> fds{{{queue_.UnsafeFd(), POLLIN, 0}, {answered_.UnsafeFd(), POLLIN, 0}}};
    // Verdicts that could not be sent are kept by the queue and tried again.
    const int timeout_ms = stopping_.load() || flush_failures_ > 0 ? 10 : -1;
    if (::poll(fds.data(), fds.size(), timeout_ms) < 0 && errno != EINTR) failed_.store(true);
    if ((fds[1].revents & POLLIN) != 0) answered_.Clear();
  }
}

// True: more may wait. A batch that was not full took all there was.
bool PacketThread::HandleWhatWaits() {
  pipeline_.BeginBatch();
  const auto received =
      queue_.Receive([this](const QueuedPacket& queued) { pipeline_.Begin(queued); });
  if (!received) {
    spdlog::error("event=queue_failed reason=\"{}\"", received.error().ToString());
    failed_.store(true);
    return false;
  }
  const bool any_answers = finder_.HasAnswers();
  if (any_answers) {
    for (FinderAnswer& answer : finder_.TakeAnswers()) pipeline_.Resume(std::move(answer));
  }
  if (const Status flushed = queue_.Flush(); flushed) {
    flush_failures_ = 0;
  } else if (++flush_failures_ == kMaxFlushFailures) {
    spdlog::error("event=verdicts_failed reason=\"{}\"", flushed.error().ToString());
    failed_.store(true);
  }
  counters_.undecodable.Set(queue_.Undecodable());
  pipeline_.Report();  // the kernel first: nobody waits for events
  return *received == PacketQueue::kBatch || any_answers;
}

}  // namespace procwall
