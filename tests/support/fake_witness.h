// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <map>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include "attribution/program_source.h"
#include "attribution/socket_witness.h"

namespace procwall {

// A kernel that saw what a test says it saw.
class FakeWitness final : public SocketWitness {
 public:
  void Saw(const FlowKey& flow, FlowUse use) { flows_[flow] = std::move(use); }
  void SawGhost(const FlowKey& flow, FlowUse use) { ghosts_[flow] = std::move(use); }
  void Saw(std::uint64_t cookie, SocketUse use) { sockets_[cookie] = std::move(use); }

  void Forget() {
    flows_.clear();
    ghosts_.clear();
    sockets_.clear();
  }

  std::optional<FlowUse> FlowOf(const Connection& connection) const override {
    return Find(flows_, KeyOf(connection));
  }
  std::optional<FlowUse> GhostOf(const Connection& connection) const override {
    return Find(ghosts_, KeyOf(connection));
  }
  std::optional<SocketUse> SocketOf(std::uint64_t cookie) const override {
    return Find(sockets_, cookie);
  }

 private:
  template <typename Map>
  static std::optional<typename Map::mapped_type> Find(const Map& map,
                                                       const typename Map::key_type& key) {
    const auto found = map.find(key);
    return found == map.end() ? std::nullopt : std::optional(found->second);
  }

  std::unordered_map<FlowKey, FlowUse> flows_;
  std::unordered_map<FlowKey, FlowUse> ghosts_;
  std::unordered_map<std::uint64_t, SocketUse> sockets_;
};

// Programs that are known, and some that are found out only when one asks again.
class FakePrograms final : public ProgramSource {
 public:
  void Know(ProcessPtr process) { known_[process->id] = std::move(process); }
  // The same, asked for by another name: its number alone, say.
  void KnowAs(const ProcessId& id, ProcessPtr process) { known_[id] = std::move(process); }
  void KnowLater(ProcessPtr process) { later_[process->id] = std::move(process); }

  ProcessPtr Find(const ProgramOfProcess& wanted) const override {
    const auto found = known_.find(wanted.id);
    return found == known_.end() ? nullptr : found->second;
  }
  ProcessPtr Resolve(const ProgramOfProcess& wanted) override {
    const auto found = later_.find(wanted.id);
    return found == later_.end() ? Find(wanted) : found->second;
  }
  // It executed a program, at all times.
  void Executes(Pid pid) { executed_.insert(pid); }
  bool MayHaveExecutedSince(Pid pid, BootTime /*since*/) override {
    return executed_.contains(pid);
  }
  // It was made a moment ago, at all times.
  void IsBorn(Pid pid) { born_.insert(pid); }
  bool MayHaveBeenMadeSince(Pid pid, BootTime /*since*/) override { return born_.contains(pid); }
  // `kin` runs another program than `holder`, which made it, or which it made.
  void Made(Pid holder, Pid kin) { kin_[holder].push_back(kin); }
  // A relative of it ended, at all times.
  void LosesKin(Pid holder) { lost_kin_.insert(holder); }
  std::optional<std::vector<Pid>> OtherKin(const Process& holder, Kinship /*kinship*/) override {
    const auto found = kin_.find(holder.id.pid);
    return found == kin_.end() ? std::vector<Pid>{} : found->second;
  }
  bool HasOtherDescendants(const Process& holder) const override {
    return kin_.contains(holder.id.pid);
  }
  bool MayKinHaveEndedSince(const Process& holder, Kinship /*kinship*/,
                            BootTime /*since*/) override {
    return lost_kin_.contains(holder.id.pid);
  }

 private:
  std::set<Pid> executed_;
  std::set<Pid> born_;
  std::map<Pid, std::vector<Pid>> kin_;
  std::set<Pid> lost_kin_;
  std::map<ProcessId, ProcessPtr> known_;
  std::map<ProcessId, ProcessPtr> later_;
};

}  // namespace procwall
