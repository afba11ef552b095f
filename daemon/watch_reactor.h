// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <set>

#include <grpcpp/grpcpp.h>

#include "daemon/event_log.h"
#include "daemon/flow_log.h"
#include "procwall/v1/procwall.pb.h"

namespace procwall {

template <typename Entry, typename Response>
class LogReactor;

// All watchers of a log that listen now (of decisions: see EventWatchers). Nudge() lets each of
// them look for new entries. Thread rule: all methods from any thread.
template <typename Entry, typename Response>
class LogWatchers {
 public:
  static constexpr std::size_t kMaxWatchers = 64;

  explicit LogWatchers(SequencedLog<Entry>& log) : log_(log) {}

  void Nudge();
  // Ends every watch; later ones are refused.
  void Close();
  std::size_t Size() const;

 private:
  using Reactor = LogReactor<Entry, Response>;
  friend Reactor;
  // False: too many, or closing.
  bool Join(Reactor* reactor);
  void Leave(Reactor* reactor);

  SequencedLog<Entry>& log_;
  mutable std::mutex mutex_;
  std::set<Reactor*> reactors_;
  bool closed_ = false;
};

// One call of a watcher: writes the log's entries one after the other as fast as its client reads;
// what falls out of the log in the meantime is reported as missed. Deletes itself when gRPC is done
// with it.
template <typename Entry, typename Response>
class LogReactor final : public grpc::ServerWriteReactor<Response> {
 public:
  using Watchers = LogWatchers<Entry, Response>;
  using Wants = std::function<bool(const Entry& entry)>;
  // `wants`: which entries are written; null: all.
  LogReactor(SequencedLog<Entry>& log, Watchers& watchers, std::uint32_t recent,
             Wants wants = nullptr);

  // New entries may be there.
  void Nudge();
  void End(const grpc::Status& status);

  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  typename SequencedLog<Entry>::Read NextWanted();
  void WriteNextLocked();
  void EndLocked(const grpc::Status& status);

  SequencedLog<Entry>& log_;
  Watchers& watchers_;
  const Wants wants_;

  std::mutex mutex_;
  // State below is protected by mutex_.
  std::uint64_t position_;
  Response response_;    // must live until OnWriteDone
  bool writing_ = true;  // the first message, which nothing may overtake
  bool ended_ = false;
};

using ProcessWatchers = LogWatchers<ProcessNote, v1::WatchProcessesResponse>;
using ProcessWatchReactor = LogReactor<ProcessNote, v1::WatchProcessesResponse>;
using FlowWatchers = LogWatchers<FlowNote, v1::WatchFlowsResponse>;
using FlowWatchReactor = LogReactor<FlowNote, v1::WatchFlowsResponse>;

}  // namespace procwall
