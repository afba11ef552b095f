// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "base/guarded.h"
#include "base/wakeup.h"
#include "daemon/event.h"
#include "daemon/process_note.h"

namespace procwall {

// The last kCapacity entries, numbered without gaps from 1: decisions, or what processes did. Each
// reader keeps its own position; one that falls behind the oldest is told how many it lost.
// Appending waits for no reader, also not for one that has lost its processor while it read: a
// background thread would have to wait for packets then, and packets for it. Those who append wait
// for one another. Thread rule: all methods from any thread.
template <typename Entry>
class SequencedLog {
 public:
  static constexpr std::size_t kCapacity = 4096;
  using EntryPtr = std::shared_ptr<const Entry>;

  // `wakeup` is woken after an append when somebody waits (see SetListening), once until Rearm();
  // it must outlive the log.
  explicit SequencedLog(const Wakeup& wakeup);

  void Append(Entry entry);

  struct Read {
    EntryPtr event;            // null: nothing new
    std::uint64_t missed = 0;  // entries between `position` and this one that are gone
  };
  // The first event at or after `position`; moves `position` behind it.
  Read Next(std::uint64_t& position) const;
  // Where to start for the `recent` last events. 0: only what comes.
  std::uint64_t PositionOfRecent(std::size_t recent) const;

  // While nobody listens, appending wakes nobody.
  void SetListening(bool listening);
  // `writer` is woken when somebody begins to listen: it need not look for what nobody hears. It is
  // forgotten when nobody holds it any more.
  void WakeOnListening(std::weak_ptr<const Wakeup> writer) { writer_.Set(std::move(writer)); }
  // Whoever was woken is about to read: later entries are worth waking him again. So a reader that
  // takes its time costs those who append nothing.
  void Rearm() { is_woken_.exchange(false); }
  // `reader` is woken each time kBatch further entries have come, whoever listens: for those that
  // look now and then by themselves. It is forgotten when nobody holds it any more.
  static constexpr std::uint64_t kBatch = 1024;
  void AlsoWake(std::weak_ptr<const Wakeup> reader);
  bool IsListening() const { return listening_.load(std::memory_order_relaxed); }

 private:
  // The entry of sequence s at s % kCapacity, there before next_sequence_ tells of it.
  class Slot {
   public:
    // False: somebody reads the old one, as late as can be. Otherwise `entry` is that one now.
    bool TryExchange(EntryPtr& entry);
    EntryPtr Copy() const;

   private:
    mutable std::atomic_flag taken_{};  // for as long as it takes to copy a pointer
    EntryPtr entry_{};
  };
  const Wakeup& wakeup_;
  std::atomic<bool> listening_{false};
  std::atomic<bool> is_woken_{false};
  std::mutex append_;
  std::atomic<std::uint64_t> next_sequence_{1};  // changed by who holds append_
  std::vector<Slot> slots_;
  Guarded<std::vector<std::weak_ptr<const Wakeup>>> batch_readers_;
  Guarded<std::weak_ptr<const Wakeup>> writer_;
};

using EventLog = SequencedLog<Event>;
using ProcessLog = SequencedLog<ProcessNote>;
extern template class SequencedLog<Event>;
extern template class SequencedLog<ProcessNote>;

}  // namespace procwall
