// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <set>

#include <grpcpp/grpcpp.h>

#include "daemon/event_log.h"
#include "procwall/v1/procwall.pb.h"

namespace procwall {

class WatchReactor;

// All watchers that listen now. Nudge() lets each of them look for new events.
// Thread rule: all methods from any thread.
class Watchers {
 public:
  static constexpr std::size_t kMaxWatchers = 64;

  explicit Watchers(EventLog& log) : log_(log) {}

  void Nudge();
  // Ends every watch; later ones are refused.
  void Close();
  std::size_t Size() const;

 private:
  friend class WatchReactor;
  // False: too many, or closing.
  bool Join(WatchReactor* reactor);
  void Leave(WatchReactor* reactor);

  EventLog& log_;
  mutable std::mutex mutex_;
  std::set<WatchReactor*> reactors_;
  bool closed_ = false;
};

// One Watch call: writes events one after the other as fast as its client reads; what falls out of
// the EventLog in the meantime is reported as missed. Deletes itself when gRPC is done with it.
class WatchReactor final : public grpc::ServerWriteReactor<v1::WatchResponse> {
 public:
  WatchReactor(EventLog& log, Watchers& watchers, std::uint32_t recent);

  // New events may be there.
  void Nudge();
  void End(const grpc::Status& status);

  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  void WriteNextLocked();
  void EndLocked(const grpc::Status& status);

  EventLog& log_;
  Watchers& watchers_;

  std::mutex mutex_;
  // State below is protected by mutex_.
  std::uint64_t position_;
  v1::WatchResponse response_;  // must live until OnWriteDone
  bool writing_ = false;
  bool ended_ = false;
};

}  // namespace procwall
