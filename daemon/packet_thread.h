// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <thread>

#include "base/wakeup.h"
#include "daemon/pipeline.h"
#include "daemon/send_bound.h"
#include "net/packet_queue.h"

namespace procwall {

// The thread that owns one queue: takes packets from it, walks them through its pipeline, sends the
// verdicts. Started by the constructor. Stop() lets it finish what waits, at most kDrainTime; what
// is still unanswered then is dropped. Thread rule: construct, Stop() and destroy on one thread.
class PacketThread {
 public:
  static constexpr std::chrono::milliseconds kDrainTime{1000};
  static constexpr int kMaxFlushFailures = 20;  // in a row, then the thread gives up

  // What it works with; all of it must outlive the thread.
  struct Parts {
    const SocketWitness& witness;
    const ProgramSource& programs;
    Finder& finder;
    QuestionDesk& desk;
    FactGatherer& facts;
    const Wakeup& answered;  // what the finder, the gatherer of facts, the desk and new rules wake
    EventLog& events;
    Counters& counters;
    const SharedRules& rules;
    const Clock& clock;
    const Settings& settings;
    bool bounds_sends = false;  // find out when packets were sent, as far as that can be told
  };
  PacketThread(PacketQueue queue, SocketDiag diag, FlowMarks marks, const Parts& parts);
  ~PacketThread() { Stop(); }
  PacketThread(const PacketThread&) = delete;
  PacketThread& operator=(const PacketThread&) = delete;

  void Stop();
  std::size_t ReceiveBufferBytes() const { return queue_.ReceiveBufferBytes(); }
  // The thread ended by itself: the queue failed.
  bool HasFailed() const { return failed_.load(); }

 private:
  void Run();
  bool HandleWhatWaits();
  void Sleep();
  int TimeoutMs() const;

  PacketQueue queue_;
  SocketDiag diag_;
  FlowMarks marks_;
  Finder& finder_;
  FactGatherer& facts_;
  Counters& counters_;
  const Clock& clock_;
  const Wakeup& answered_;
  Pipeline pipeline_;
  std::optional<SendBound> send_bound_;  // nullopt: not wanted
  int flush_failures_ = 0;               // in a row
  std::atomic<bool> stopping_{false};
  std::atomic<bool> failed_{false};
  std::thread thread_;
};

}  // namespace procwall
