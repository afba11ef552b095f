// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <functional>

#include "base/bytes.h"

namespace procwall {

// A copy of the ring of a perf event that is written backwards and overwrites what is oldest
// (perf_event_attr.write_backward, <linux/perf_event.h>). Positions fall from 0; `head` is where
// the newest record begins. Pure.
struct FlightRing {
  Bytes bytes;                   // its size is a power of two
  std::uint64_t head = 0;        // before it was copied
  std::uint64_t head_after = 0;  // once it was: what was written meanwhile took the oldest's place
  static constexpr std::uint64_t kMargin = 4096;  // of a record that was being written

  // Is everything in it that was ever written?
  bool IsWhole() const;
  // Whole records, the newest first, until `each` says false. False: it never did, and what is
  // older has been overwritten.
  bool Visit(const std::function<bool(Bytes record)>& each) const;
};

}  // namespace procwall
