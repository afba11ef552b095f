// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "base/clock.h"
#include "daemon/decision_pattern.h"
#include "daemon/event.h"
#include "daemon/flow.h"
#include "net/tracked_flow.h"

namespace procwall {

// The cookie of the socket that a decision was about; 0: not known.
std::uint64_t CookieOf(const Event& decision);

// What the book keeps of one live flow besides its name: some 90 bytes, for there may be many.
// Counts, marks and timeouts are conntrack's, which is asked when they are wanted.
class FlowRecord {
 public:
  explicit FlowRecord(const TrackedFlow& tracked);

  // `name`: always its own. Without counts, mark, timeout and the kernel's time of its beginning.
  TrackedFlow Tracked(const FlowName& name) const;
  Flow Whole(const FlowName& name) const { return {Tracked(name), Owner(name), Began()}; }
  // Takes over what `news` tell of the same flow.
  void Update(const TrackedFlow& news);
  std::uint32_t Id() const { return id_; }

  bool IsOwned() const { return pattern_ != nullptr; }
  bool IsDecided() const { return pattern_ != nullptr && sequence_ != 0; }
  void SetOwner(const FlowName& name, const Event& owner, DecisionPatterns& patterns);
  std::uint64_t Sequence() const { return sequence_; }
  std::uint64_t Cookie() const { return cookie_; }

  std::optional<WallTime> Began() const;
  void SetBegan(WallTime began) { began_ = began; }

  // The book's own notes.
  BootTime heard{};
  std::uint32_t listing = 0;  // when it was spoken of last
  bool told = false;          // that it began
  bool looked_up = false;     // whose it is

 private:
  EventPtr Owner(const FlowName& name) const;

  std::uint32_t id_;
  std::uint32_t status_;
  std::optional<std::uint8_t> state_;
  std::unique_ptr<const FlowEnds> reply_;  // null: the mirror image
  // Rare: whose ends are not those of the original, as behind NAT.
  std::unique_ptr<const Connection> owners_ends_;
  EventPtr pattern_;  // null: nobody is known
  std::uint64_t sequence_ = 0;
  std::uint64_t cookie_ = 0;
  WallTime decided_{};
  WallTime began_ = kNever;

  static constexpr WallTime kNever = WallTime::min();
};

}  // namespace procwall
