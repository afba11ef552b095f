// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/witnessed_flows.h"

#include <sys/mman.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <utility>

#include "attribution/witness/flow_hash.h"
#include "base/keyed_hash.h"

namespace procwall {
namespace {

constexpr int kLooks = 3;  // it is written in some 50 ns

// As it was at one moment, or nullopt: it is being written. The kernel counts `writing` up, writes,
// and makes `written` the same (witness/flow_record.h). What is copied meanwhile is not looked at.
std::optional<witness::FlowSlot> CopyOf(const witness::FlowSlot& slot) {
  const std::uint64_t written = __atomic_load_n(&slot.written, __ATOMIC_ACQUIRE);
  witness::FlowSlot copy{};
  std::memcpy(&copy, &slot, sizeof(copy));
  std::atomic_thread_fence(std::memory_order_acquire);
  if (__atomic_load_n(&slot.writing, __ATOMIC_RELAXED) != written) return std::nullopt;
  return copy;
}

bool IsSame(const witness::FlowName& one, const witness::FlowName& other) {
  return std::memcmp(&one, &other, sizeof(one)) == 0;
}

// nullopt: look again.
std::optional<std::optional<witness::WitnessedFlow>> LookOnce(const witness::FlowSet& set,
                                                              std::uint32_t tag,
                                                              const witness::FlowName& name) {
  for (std::size_t way = 0; way < witness::kFlowWays; ++way) {
    if (__atomic_load_n(&set.tags[way], __ATOMIC_RELAXED) != tag) continue;
    const auto slot = CopyOf(set.slots[way]);
    if (!slot) return std::nullopt;
    if (IsSame(slot->name, name)) return slot->flow;
  }
  return std::optional<witness::WitnessedFlow>();
}

}  // namespace

FlowSecret FlowSecret::Draw() {
  const HashSecret drawn = HashSecret::Draw();
  return {{drawn.first, drawn.second | 1U}};
}

std::optional<witness::WitnessedFlow> FindFlow(std::span<const witness::FlowSet> sets,
                                               const FlowSecret& secret,
                                               const witness::FlowName& name) {
  if (sets.size() != witness::kFlowSets) return std::nullopt;
  const witness::FlowPlace place = witness::PlaceOf(&name, secret.words.data());
  for (int i = 0; i < kLooks; ++i) {
    if (const auto found = LookOnce(sets[place.set], place.tag, name)) return *found;
  }
  return std::nullopt;
}

Result<MappedFlows> MappedFlows::Open(int map_fd) {
  constexpr std::size_t kBytes = witness::kFlowSets * sizeof(witness::FlowSet);
  void* const mapped = ::mmap(nullptr, kBytes, PROT_READ, MAP_SHARED, map_fd, 0);
  if (mapped == MAP_FAILED) return SystemError(errno, "map the witness's flows");
  return MappedFlows({static_cast<const witness::FlowSet*>(mapped), witness::kFlowSets});
}

MappedFlows::MappedFlows(MappedFlows&& other) noexcept : sets_(std::exchange(other.sets_, {})) {}

MappedFlows& MappedFlows::operator=(MappedFlows&& other) noexcept {
  std::swap(sets_, other.sets_);
  return *this;
}

MappedFlows::~MappedFlows() {
  if (sets_.empty()) return;
  ::munmap(const_cast<witness::FlowSet*>(sets_.data()), sets_.size_bytes());  // NOLINT: mmap's own
}

}  // namespace procwall
