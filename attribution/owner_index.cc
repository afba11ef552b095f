// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/owner_index.h"

#include <array>
#include <span>
#include <utility>

#include "attribution/descriptor_history.h"
#include "attribution/inode_cache.h"
#include "attribution/recency_order.h"

namespace procwall {
namespace {

static_assert(OwnerIndex::kMaxInodes == InodeCache::kCapacity);

using SlotNumber = std::uint16_t;

// A process that used the network.
struct Slot {
  ProcessProbePtr probe;  // null: free
  ExecStamp stamp;
  ProcessPtr process;
  Uid socket_uid = 0;
  DescriptorHistory history;
  std::uint32_t generation = 0;  // so that a cached inode does not mean the slot's next process
  int patience = OwnerIndex::kPatience;
  std::uint64_t confirmed_in = 0;  // the batch in which its stamp was read last
};

// A process that may hold the socket, and how far it was asked.
struct Suspect {
  std::size_t position = 0;  // in State::recent
  DescriptorHistory::Guesser guesser;
  bool exhausted = false;
  bool dead = false;
};

// Where a guess came true.
struct Hit {
  std::size_t position = 0;
  int fd = -1;
};

}  // namespace

struct OwnerIndex::State {
  std::array<Slot, kMaxProcesses> slots;
  RecencyOrder<SlotNumber, kMaxProcesses> recent;
  InodeCache inodes;
  std::uint64_t probes = 0;
  std::uint64_t batch = 0;  // 0: there are none

  SlotNumber FreeSlot();
  void Drop(std::size_t position);
  bool RunsWhatWasDescribed(Slot& slot);
  bool HoldsAt(std::size_t position, Inode inode, int fd);
  std::optional<int> Ask(Suspect& suspect, Inode inode);
  std::optional<Recalled> Confirm(std::size_t position, Inode inode, int fd, HolderSource source);
  std::optional<Recalled> RecallSeen(Inode inode);
  std::optional<Hit> AskSuspects(Inode inode, Uid socket_uid, std::span<Suspect> suspects,
                                 std::size_t& count);
  std::optional<Recalled> Guess(Inode inode, Uid socket_uid);
};

// A free one, or that of the process whose last use was longest ago.
SlotNumber OwnerIndex::State::FreeSlot() {
  if (recent.Size() == kMaxProcesses) Drop(kMaxProcesses - 1);
  SlotNumber number = 0;
  while (slots[number].probe) ++number;
  return number;
}

void OwnerIndex::State::Drop(std::size_t position) {
  Slot& slot = slots[recent.At(position)];
  const std::uint32_t next_generation = slot.generation + 1;
  slot = {};
  slot.generation = next_generation;
  recent.Remove(position);
}

bool OwnerIndex::State::RunsWhatWasDescribed(Slot& slot) {
  if (batch != 0 && slot.confirmed_in == batch) return true;
  ++probes;
  const auto stamp = slot.probe->Stamp();
  if (!stamp || *stamp != slot.stamp) return false;
  slot.confirmed_in = batch;
  return true;
}

// Does this process hold the socket there now?
bool OwnerIndex::State::HoldsAt(std::size_t position, Inode inode, int fd) {
  ++probes;
  return slots[recent.At(position)].probe->SocketAt(fd) == inode;
}

// It does: but does it still run what was described?
std::optional<OwnerIndex::Recalled> OwnerIndex::State::Confirm(std::size_t position, Inode inode,
                                                               int fd, HolderSource source) {
  const SlotNumber number = recent.At(position);
  Slot& slot = slots[number];
  if (!RunsWhatWasDescribed(slot)) {
    Drop(position);
    return std::nullopt;
  }
  slot.patience = kPatience;
  if (source == HolderSource::kGuess) {
    slot.history.Record(fd, inode);
    inodes.Insert(inode, {.generation = slot.generation, .slot = number, .fd = fd});
  }
  recent.Use(position);
  return Recalled{slot.process, source};
}

std::optional<OwnerIndex::Recalled> OwnerIndex::State::RecallSeen(Inode inode) {
  const SeenAt* const found = inodes.Find(inode);
  if (found == nullptr) return std::nullopt;
  const SeenAt seen_at = *found;
  if (slots[seen_at.slot].generation == seen_at.generation) {
    const std::optional<std::size_t> position = recent.Find(seen_at.slot);
    if (position && HoldsAt(*position, inode, seen_at.fd)) {
      return Confirm(*position, inode, seen_at.fd, HolderSource::kIndex);
    }
  }
  inodes.Erase(inode);
  return std::nullopt;
}

// Tries the next guess about this process: the descriptor, if that is where it holds the socket.
std::optional<int> OwnerIndex::State::Ask(Suspect& suspect, Inode inode) {
  Slot& slot = slots[recent.At(suspect.position)];
  const std::optional<int> fd = suspect.guesser.Next(slot.history, inode);
  if (fd && HoldsAt(suspect.position, inode, *fd)) return fd;
  constexpr int kMissesPerLifeCheck = 8;  // the first of them finds the many that die young
  suspect.dead = fd && (slot.patience-- % kMissesPerLifeCheck) == 0 && !slot.probe->MayLive();
  suspect.exhausted = !fd || suspect.dead || slot.patience <= 0;
  return std::nullopt;
}

// Likeliest processes first. The favourite is asked for every descriptor that its history suggests,
// the others for one each; a second round asks for the rest.
std::optional<Hit> OwnerIndex::State::AskSuspects(Inode inode, Uid socket_uid,
                                                  std::span<Suspect> suspects, std::size_t& count) {
  const std::uint64_t last_probe = probes + kMaxProbes;
  decltype(recent)::Likeliest likeliest;
  while (count < suspects.size() && probes < last_probe) {
    const std::optional<std::size_t> position = likeliest.Next(recent);
    if (!position) break;
    const Slot& slot = slots[recent.At(*position)];
    if (slot.socket_uid != socket_uid || slot.patience <= 0) continue;
    Suspect& suspect = suspects[count++];
    suspect.position = *position;
    do {
      if (const auto fd = Ask(suspect, inode)) return Hit{suspect.position, *fd};
    } while (count == 1 && !suspect.exhausted && !suspect.guesser.IsHoping());
  }
  for (Suspect& suspect : suspects.first(count)) {
    while (!suspect.exhausted && probes < last_probe) {
      if (const auto fd = Ask(suspect, inode)) return Hit{suspect.position, *fd};
    }
  }
  return std::nullopt;
}

std::optional<OwnerIndex::Recalled> OwnerIndex::State::Guess(Inode inode, Uid socket_uid) {
  std::array<Suspect, kMaxProbes> suspects;
  std::size_t count = 0;
  const std::optional<Hit> hit = AskSuspects(inode, socket_uid, suspects, count);
  std::array<SlotNumber, kMaxProbes> dead;  // by number: positions change with every drop
  std::size_t dead_count = 0;
  for (const Suspect& suspect : std::span(suspects).first(count)) {
    if (suspect.dead) dead[dead_count++] = recent.At(suspect.position);
  }
  std::optional<Recalled> recalled;
  if (hit) recalled = Confirm(hit->position, inode, hit->fd, HolderSource::kGuess);
  for (const SlotNumber number : std::span(dead).first(dead_count)) Drop(*recent.Find(number));
  return recalled;
}

OwnerIndex::OwnerIndex() : state_(std::make_unique<State>()) {}
OwnerIndex::~OwnerIndex() = default;

std::optional<OwnerIndex::Recalled> OwnerIndex::Recall(Inode inode, Uid socket_uid) {
  if (inode == 0) return std::nullopt;
  if (auto recalled = state_->RecallSeen(inode)) return recalled;
  return state_->Guess(inode, socket_uid);
}

void OwnerIndex::BeginBatch() { ++state_->batch; }

void OwnerIndex::Learn(Inode inode, const Holder& holder) {
  if (inode == 0 || !holder.probe || !holder.process) return;
  State& state = *state_;
  std::optional<std::size_t> position;
  for (std::size_t i = 0; i < state.recent.Size() && !position; ++i) {
    if (state.slots[state.recent.At(i)].process->id == holder.process->id) position = i;
  }
  // Another program now: what it did before tells nothing.
  if (position && state.slots[state.recent.At(*position)].stamp != holder.stamp) {
    state.Drop(*position);
    position.reset();
  }
  SlotNumber number = 0;
  if (position) {
    number = state.recent.At(*position);
    state.recent.Use(*position);
  } else {
    number = state.FreeSlot();
    state.recent.Add(number);
    state.slots[number].probe = holder.probe;
    state.slots[number].stamp = holder.stamp;
  }
  Slot& slot = state.slots[number];
  slot.process = holder.process;
  slot.socket_uid = holder.socket_uid;
  slot.patience = kPatience;
  slot.history.Record(holder.fd, inode);
  state.inodes.Insert(inode, {.generation = slot.generation, .slot = number, .fd = holder.fd});
}

std::uint64_t OwnerIndex::Probes() const { return state_->probes; }

}  // namespace procwall
