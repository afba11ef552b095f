// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <optional>

#include "base/clock.h"
#include "daemon/event.h"
#include "net/tracked_flow.h"

namespace procwall {

// A flow that the kernel tracks, and whose it is.
struct Flow {
  TrackedFlow tracked;
  // The decision that let it through; or, with the sequence 0, who was found to own it now. Null:
  // not known.
  EventPtr owner;
  std::optional<WallTime> began;  // nullopt: before we listened

  bool IsDecided() const { return owner != nullptr && owner->sequence != 0; }

  friend bool operator==(const Flow&, const Flow&) = default;
};

// What became of a flow: one entry of the stream of `procwall flows --watch`.
struct FlowNote {
  enum class What : std::uint8_t {
    kBegan,
    kChanged,  // its state
    kEnded,    // with all that it has moved
    kLost,     // nothing of one flow: the kernel could not tell all, and was asked for what lives
  };
  std::uint64_t sequence = 0;  // given by the log
  WallTime time{};
  What what = What::kLost;
  Flow flow{};

  friend bool operator==(const FlowNote&, const FlowNote&) = default;
};

}  // namespace procwall
