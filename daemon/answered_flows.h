// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "base/clock.h"
#include "daemon/judgement.h"
#include "daemon/walk.h"

namespace procwall {

// What was answered for once, or done for want of an answer, by connection: its retransmissions and
// later packets are not asked about again. A connection is its program's: another one with the same
// addresses and ports is asked about. Bounded: the oldest are forgotten. Thread rule: one thread
// only. The clock must outlive it.
class AnsweredFlows {
 public:
  static constexpr std::size_t kMaxFlows = 16384;
  static constexpr std::chrono::seconds kLifetime{130};  // TCP tries a connection for 127 s

  explicit AnsweredFlows(const Clock& clock) : clock_(clock) {}

  void Remember(const Walk& walk, const Judgement& judged);
  std::optional<Judgement> Find(const Walk& walk);

 private:
  void ForgetOld();

  const Clock& clock_;
  std::unordered_map<std::string, Judgement> flows_;
  std::deque<std::pair<BootTime, std::string>> ends_;  // the oldest first
};

}  // namespace procwall
