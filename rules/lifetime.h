// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/clock.h"

namespace procwall {

// How long a rule holds, as its `duration` says.
struct Lifetime {
  enum class Kind : std::uint8_t {
    kAlways,
    kUntilRestart,  // in memory only
    kOnce,          // for the one packet that was asked about: never part of a rule set
    kFor,           // `length` from when it was loaded, time asleep included
    kNotKnown,      // any other text: as always
  };
  Kind kind = Kind::kAlways;
  std::chrono::nanoseconds length{0};

  static Lifetime Of(std::string_view duration);
  // When a rule that is loaded now ends; nullopt: it does not.
  std::optional<BootTime> EndOf(BootTime loaded) const;

  friend bool operator==(const Lifetime&, const Lifetime&) = default;
};

// A duration as Go writes it: "1h30m", "1.5s", "300ms", "0"; units ns, us, ms, s, m, h.
std::optional<std::chrono::nanoseconds> ParseGoDuration(std::string_view text);

}  // namespace procwall
