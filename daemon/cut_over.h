// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <thread>

#include <tl/expected.hpp>

#include "attribution/socket_diag.h"
#include "base/clock.h"
#include "base/wakeup.h"
#include "daemon/event_log.h"
#include "daemon/fact_gatherer.h"
#include "daemon/live_flows.h"
#include "daemon/shared_rules.h"

namespace procwall {

// What the cut-over works with. Everything referred to must outlive it.
struct CutOverParts {
  EventLog& events;
  const SharedRules& rules;
  const Clock& clock;
  const FactGatherer* facts = nullptr;  // knows the network profile; null: nobody does
};

// A new rule holds for connections that live, too: when the rules have changed, those that a rule
// denies now are cut, and no other one. Each is judged as it was when it began: the same program,
// the same name. Exactly its socket is closed (by its cookie: SOCK_DESTROY), and an event tells of
// it. What no rule decides any more goes on. Not known, and so not cut: connections from before the
// daemon's start, those whose rule writes no events (nolog), and the oldest of more than
// LiveFlows::kMost. Works on a thread of its own, "cutover". Thread rule: construct, destroy and
// RulesChanged() from any one thread.
class CutOver {
 public:
  // How long decisions may wait to be noted; the EventLog keeps the last 4,096.
  static constexpr std::chrono::milliseconds kIdle{1000};
  static constexpr std::chrono::milliseconds kBusy{50};
  static constexpr std::size_t kMany = 64;  // decisions at once: it is busy
  // So many decisions later the ended connections are forgotten: they are in the EventLog anyway.
  static constexpr std::size_t kPruneEvery = 2048;

  static tl::expected<std::unique_ptr<CutOver>, std::string> Start(const CutOverParts& parts);
  CutOver(const CutOverParts& parts, SocketDiag diag, Wakeup changed);
  ~CutOver();
  CutOver(const CutOver&) = delete;
  CutOver& operator=(const CutOver&) = delete;

  void RulesChanged() { changed_.Wake(); }

 private:
  void Run();
  std::size_t NoteDecisions();
  void ForgetTheEnded();
  void JudgeAgain();
  bool Cut(const Event& event);

  CutOverParts parts_;
  SocketDiag diag_;
  LiveFlows flows_;
  std::uint64_t position_ = 0;   // in the EventLog
  std::size_t since_prune_ = 0;  // decisions
  Wakeup changed_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace procwall
