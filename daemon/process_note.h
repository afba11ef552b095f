// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>

#include "attribution/process.h"
#include "base/clock.h"

namespace procwall {

// What a process did, and what it was then: one entry of the stream of `procwall processes`.
struct ProcessNote {
  enum class What : std::uint8_t {
    kForked,       // it was made
    kExecuted,     // it runs another program from now on
    kChangedUser,  // as whom it acts
    kExited,
    kLost,  // nothing of one process: the kernel could not tell all
  };
  std::uint64_t sequence = 0;  // given by the log
  What what = What::kForked;
  WallTime time{};
  ProcessId id{};
  ProcessPtr process{};                  // null: nothing more is known of it
  std::optional<std::int32_t> status{};  // kExited: as wait(2) tells it; nullopt: not told
  std::optional<std::chrono::nanoseconds> lifetime{};  // kExited: since it was made, if known
  std::uint64_t lost = 0;                              // kLost: how many; 0: not known

  friend bool operator==(const ProcessNote&, const ProcessNote&) = default;
};

}  // namespace procwall
