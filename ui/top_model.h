// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "procwall/v1/procwall.pb.h"
#include "ui/top_counts.h"

namespace procwall {

// What a program has with one other side, protocol and port.
struct TopPlace {
  std::string key{};              // what people see of it; the same again tomorrow
  v1::Event event{};              // the newest decision; where none is known, what a flow tells
  bool is_decided = false;        // `event` is a decision
  std::vector<v1::Flow> flows{};  // that live, at most TopModel::kMaxFlowsOfPlace of them
  std::string state{};  // of them: "ESTAB", "2 ESTAB", "mixed"; without any: what was decided
  TopCounts counts{};
};

struct TopProgram {
  std::string key{};              // its path; "unknown: no-socket"; "curl or nc"
  v1::Event event{};              // the newest of its places
  std::set<std::int32_t> pids{};  // at most TopModel::kMaxPids
  std::vector<TopPlace> places{};
  TopCounts counts{};
};

// What is known of the connections of this host: decisions and flows go in, programs with their
// other sides come out. Pure: time comes in as well.
// Limits: kMaxPlaces (beyond, the quarter that was silent longest is forgotten), and kKeep for what
// neither lives nor is decided any more.
class TopModel {
 public:
  static constexpr std::size_t kMaxPlaces = 8192;
  static constexpr std::size_t kMaxFlowsOfPlace = 256;
  static constexpr std::size_t kMaxPids = 64;
  static constexpr std::size_t kMaxEnds = 16384;  // connections whose program is remembered
  static constexpr std::chrono::minutes kKeep{10};

  // Of this host: they tell which end of a flow is ours.
  explicit TopModel(std::set<std::string> own_addresses)
      : own_addresses_(std::move(own_addresses)) {}

  void OnEvent(const v1::Event& event);
  // All flows that live now.
  void OnFlows(const std::vector<v1::Flow>& flows, TopTime now);
  // Nobody tells of flows (any more).
  void OnNoFlows();

  std::vector<TopProgram> Programs(TopTime now);

 private:
  struct Place {
    TopPlace shown{};
    std::set<std::int32_t> pids{};
    RecentCount recent{};
  };
  using Key = std::pair<std::string, std::string>;  // of the program, of the place
  struct Moved {
    std::uint64_t in = 0;
    std::uint64_t out = 0;
  };

  Place& PlaceOf(const v1::Event& event, Key key);
  void RememberEnds(const std::string& ends, const Key& key);
  void OnFlow(const v1::Flow& flow, std::optional<double> seconds, TopTime now,
              std::unordered_map<std::string, Moved>& moved);
  void Forget(TopTime now);
  void ForgetOldest();

  const std::set<std::string> own_addresses_;
  std::map<Key, Place> places_;
  std::unordered_map<std::string, Key> by_ends_;
  std::deque<std::string> ends_;                  // of by_ends_, oldest first
  std::unordered_map<std::string, Moved> moved_;  // by flow, when flows were last told
  std::optional<TopTime> flows_told_;
  std::pair<std::uint64_t, TopTime> newest_{};  // the last event's number and time
};

// A flow as the decision that let it through may have looked.
v1::Event EventOfFlow(const v1::Flow& flow, const std::set<std::string>& own_addresses);

}  // namespace procwall
