// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <atomic>
#include <memory>
#include <thread>

#include "base/wakeup.h"
#include "daemon/pipeline.h"
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
    const Wakeup& answered;  // what the finder wakes
    EventLog& events;
    Counters& counters;
    const SharedRules& rules;
    const Clock& clock;
    const Settings& settings;
  };
  PacketThread(PacketQueue queue, SocketDiag diag, const Parts& parts);
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

  PacketQueue queue_;
  SocketDiag diag_;
  Finder& finder_;
  Counters& counters_;
  const Clock& clock_;
  const Wakeup& answered_;
  Pipeline pipeline_;
  int flush_failures_ = 0;  // in a row
  std::atomic<bool> stopping_{false};
  std::atomic<bool> failed_{false};
  std::thread thread_;
};

}  // namespace procwall
