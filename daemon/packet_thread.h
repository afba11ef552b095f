// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <thread>

#include "base/waker.h"
#include "daemon/asked_flows.h"
#include "daemon/busy_poll.h"
#include "daemon/lanes.h"
#include "daemon/pipeline.h"
#include "daemon/resolved_monitor.h"
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

  // What it works with; all of it must outlive the thread. Shared by all packet threads, but for
  // `waker`, `resolved` and `lane`.
  struct Parts {
    const SocketWitness& witness;
    const ProgramSource& programs;
    Finder& finder;
    QuestionDesk& desk;
    FactGatherer& facts;
    SharedNames& names;
    const Waker* waker;  // its own, that of its lane in Lanes; never null
    EventLog& events;
    Counters& counters;
    const SharedRules& rules;
    const Clock& clock;
    const Settings& settings;
    ResolvedMonitor* resolved = nullptr;  // uses `waker`, too; null: another thread hears it
    bool bounds_sends = false;  // find out when packets were sent, as far as that can be told
    Lane lane = 0;              // which one it is, of so many
    std::size_t lanes = 1;
  };
  // What it asks the kernel by.
  struct Sockets {
    SocketDiag diag;
    FlowMarks marks;
    std::optional<AskedFlows> asked_flows{};  // where what comes in is queued
  };
  PacketThread(PacketQueue queue, Sockets sockets, const Parts& parts);
  ~PacketThread() { Stop(); }
  PacketThread(const PacketThread&) = delete;
  PacketThread& operator=(const PacketThread&) = delete;

  void BeginStop();  // without waiting for its end
  void Stop();
  std::size_t ReceiveBufferBytes() const { return queue_.ReceiveBufferBytes(); }
  std::uint64_t Packets() const { return packets_.Get(); }  // that came up by this queue
  // The thread ended by itself: the queue failed.
  bool HasFailed() const { return failed_.load(); }

 private:
  void Run();
  bool HandleWhatWaits();
  bool StayAwake();
  void Sleep();
  int TimeoutMs() const;

  PacketQueue queue_;
  Sockets sockets_;
  Finder& finder_;
  FactGatherer& facts_;
  const Lane lane_;
  ResolvedMonitor* const resolved_;
  Counters& counters_;
  const Clock& clock_;
  const Waker& waker_;
  Pipeline pipeline_;
  std::optional<SendBound> send_bound_;  // nullopt: not wanted
  BusyPoll busy_poll_;
  PacketQueue::Wait wait_ = PacketQueue::Wait::kNo;  // next time
  int flush_failures_ = 0;                           // in a row
  std::uint64_t undecodable_ = 0;                    // that were counted
  Counter packets_;
  std::atomic<bool> stopping_{false};
  std::atomic<bool> failed_{false};
  std::thread thread_;
};

}  // namespace procwall
