// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <set>
#include <utility>
#include <vector>

#include <grpcpp/grpcpp.h>

#include "base/guarded.h"
#include "daemon/event_log.h"

namespace procwall {

class EventReactor;

// All calls of Watch that are open. However many they are, each decision is turned into bytes once,
// which all of them send, and the log is asked once for it; what came since a watcher looked last
// is one message: the packet thread must not feel how many watch. Thread rule: all methods from any
// thread.
class EventWatchers {
 public:
  static constexpr std::size_t kMaxWatchers = 64;

  explicit EventWatchers(EventLog& log) : log_(log) {}

  // New decisions may be there: each watcher looks for them.
  void Nudge();
  // Ends every watch; later ones are refused.
  void Close();
  std::size_t Size() const;

 private:
  friend EventReactor;
  static constexpr std::size_t kKept = 512;  // messages: for watchers that read about as fast

  // A WatchResponse with this decision and nothing else, as it goes over the wire.
  struct Message {
    std::uint64_t sequence = 0;  // 0: none
    grpc::Slice bytes{};
  };
  // Messages one after the other are one message with the fields of all: a repeated field grows.
  struct Batch {
    static constexpr std::size_t kMostParts = 256;
    static constexpr std::size_t kMostBytes = std::size_t{64} << 10;  // and the last part

    void Add(grpc::Slice part) {
      bytes += part.size();
      parts.push_back(std::move(part));
    }
    bool IsFull() const { return parts.size() >= kMostParts || bytes >= kMostBytes; }

    std::vector<grpc::Slice> parts{};
    std::size_t bytes = 0;
    bool is_last = true;  // nothing more is known to be there
  };

  // False: too many, or closing.
  bool Join(EventReactor* reactor);
  void Leave(EventReactor* reactor);
  // What comes at or after `position`, which is moved behind it. Without parts: nothing new.
  Batch Take(std::uint64_t& position);
  void AddKept(std::uint64_t& position, std::uint64_t newest, Batch& batch);
  bool AddFromLog(std::uint64_t& position, Batch& batch);

  EventLog& log_;
  // The last decision that watchers may look for; written under mutex_, so that it only grows.
  std::atomic<std::uint64_t> newest_{0};
  Guarded<std::array<Message, kKept>> kept_;

  mutable std::mutex mutex_;
  // State below is protected by mutex_.
  std::set<EventReactor*> reactors_;
  bool closed_ = false;
};

// One call of Watch: writes the decisions in their order as fast as its client reads; what falls
// out of the log in the meantime is reported as missed. Deletes itself when gRPC is done with it.
class EventReactor final : public grpc::ServerWriteReactor<grpc::ByteBuffer> {
 public:
  EventReactor(EventLog& log, EventWatchers& watchers, std::uint32_t recent);

  void Nudge();
  void End(const grpc::Status& status);

  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  void WriteNextLocked();
  void EndLocked(const grpc::Status& status);

  EventWatchers& watchers_;

  std::mutex mutex_;
  // State below is protected by mutex_.
  std::uint64_t position_;
  grpc::ByteBuffer response_;  // must live until OnWriteDone
  bool writing_ = true;        // the first message, which nothing may overtake
  bool ended_ = false;
};

}  // namespace procwall
