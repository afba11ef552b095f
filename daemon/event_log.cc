// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/event_log.h"

#include <sched.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "daemon/flow_log.h"

namespace procwall {

template <typename Entry>
bool SequencedLog<Entry>::Slot::TryExchange(EntryPtr& entry) {
  if (taken_.test_and_set(std::memory_order_acquire)) return false;
  entry_.swap(entry);
  taken_.clear(std::memory_order_release);
  return true;
}

template <typename Entry>
typename SequencedLog<Entry>::EntryPtr SequencedLog<Entry>::Slot::Copy() const {
  while (taken_.test_and_set(std::memory_order_acquire)) ::sched_yield();
  EntryPtr copy = entry_;
  taken_.clear(std::memory_order_release);
  return copy;
}

template <typename Entry>
SequencedLog<Entry>::SequencedLog(const Wakeup& wakeup) : wakeup_(wakeup), slots_(kCapacity) {}

template <typename Entry>
void SequencedLog<Entry>::Append(Entry entry) {
  const auto shared = std::make_shared<Entry>(std::move(entry));
  EntryPtr placed = shared;  // then what it replaces, which dies after the lock is gone
  std::uint64_t sequence = 0;
  {
    const std::lock_guard lock(append_);
    sequence = next_sequence_.load();
    shared->sequence = sequence;
    // Or somebody reads the old one, as late as can be; readers count this one as missed then.
    (void)slots_[sequence % kCapacity].TryExchange(placed);
    next_sequence_.store(sequence + 1);
  }
  if (listening_.load(std::memory_order_relaxed) && !is_woken_.exchange(true)) wakeup_.Wake();
  if (sequence % kBatch != 0) return;
  for (const auto& reader : batch_readers_.Copy()) {
    if (const auto woken = reader.lock()) woken->Wake();
  }
}

template <typename Entry>
void SequencedLog<Entry>::SetListening(bool listening) {
  is_woken_.store(false);
  const bool was_listening = listening_.exchange(listening);
  if (!listening || was_listening) return;
  if (const auto writer = writer_.Copy().lock()) writer->Wake();
}

template <typename Entry>
void SequencedLog<Entry>::AlsoWake(std::weak_ptr<const Wakeup> reader) {
  const auto readers = batch_readers_.Lock();
  std::erase_if(*readers, [](const auto& other) { return other.expired(); });
  readers->push_back(std::move(reader));
}

template <typename Entry>
typename SequencedLog<Entry>::Read SequencedLog<Entry>::Next(std::uint64_t& position) const {
  Read read;
  for (;;) {
    const std::uint64_t next = next_sequence_.load();
    const std::uint64_t oldest = next > kCapacity ? next - kCapacity : 1;
    if (position < oldest) {
      read.missed += oldest - position;
      position = oldest;
    }
    if (position >= next) return read;
    EntryPtr entry = slots_[position % kCapacity].Copy();
    const std::uint64_t sequence = entry ? entry->sequence : 0;
    if (sequence == position) {
      ++position;
      read.event = std::move(entry);
      return read;
    }
    if (sequence > position) continue;  // it is gone since we looked
    ++read.missed;                      // it found no place
    ++position;
  }
}

template <typename Entry>
std::uint64_t SequencedLog<Entry>::PositionOfRecent(std::size_t recent) const {
  const std::uint64_t next = next_sequence_.load();
  const auto kept = std::min<std::uint64_t>({recent, kCapacity, next - 1});
  return next - kept;
}

template class SequencedLog<Event>;
template class SequencedLog<ProcessNote>;
template class SequencedLog<FlowNote>;

}  // namespace procwall
