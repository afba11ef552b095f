// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/event_log.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "daemon/flow_log.h"

namespace procwall {

template <typename Entry>
SequencedLog<Entry>::SequencedLog(const Wakeup& wakeup) : wakeup_(wakeup) {
  ring_.Lock()->events.resize(kCapacity);
}

template <typename Entry>
void SequencedLog<Entry>::Append(Entry entry) {
  const auto shared = std::make_shared<Entry>(std::move(entry));
  EntryPtr replaced;  // dies after the lock is gone
  {
    auto ring = ring_.Lock();
    shared->sequence = ring->next_sequence++;
    replaced = std::exchange(ring->events[shared->sequence % kCapacity], shared);
  }
  if (listening_.load(std::memory_order_relaxed) && !is_woken_.exchange(true)) wakeup_.Wake();
  if (shared->sequence % kBatch != 0) return;
  for (const auto& reader : batch_readers_.Copy()) {
    if (const auto woken = reader.lock()) woken->Wake();
  }
}

template <typename Entry>
void SequencedLog<Entry>::AlsoWake(std::weak_ptr<const Wakeup> reader) {
  const auto readers = batch_readers_.Lock();
  std::erase_if(*readers, [](const auto& other) { return other.expired(); });
  readers->push_back(std::move(reader));
}

template <typename Entry>
typename SequencedLog<Entry>::Read SequencedLog<Entry>::Next(std::uint64_t& position) const {
  const auto ring = ring_.Lock();
  const std::uint64_t oldest =
      ring->next_sequence > kCapacity ? ring->next_sequence - kCapacity : 1;
  Read read;
  if (position < oldest) {
    read.missed = oldest - position;
    position = oldest;
  }
  if (position >= ring->next_sequence) return read;
  read.event = ring->events[position % kCapacity];
  ++position;
  return read;
}

template <typename Entry>
std::uint64_t SequencedLog<Entry>::PositionOfRecent(std::size_t recent) const {
  const std::uint64_t next = ring_.Lock()->next_sequence;
  const auto kept = std::min<std::uint64_t>({recent, kCapacity, next - 1});
  return next - kept;
}

template class SequencedLog<Event>;
template class SequencedLog<ProcessNote>;
template class SequencedLog<FlowNote>;

}  // namespace procwall
