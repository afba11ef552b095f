// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace procwall {

// Linux capabilities (capabilities(7)) as a set of the CAP_* numbers of <linux/capability.h>.
class Capabilities {
 public:
  constexpr Capabilities() = default;
  constexpr explicit Capabilities(std::uint64_t bits) : bits_(bits) {}

  constexpr bool Has(int capability) const { return ((bits_ >> capability) & 1U) != 0; }

  friend constexpr bool operator==(const Capabilities&, const Capabilities&) = default;

 private:
  std::uint64_t bits_ = 0;
};

// Those that are in effect, from a text of /proc/PID/status; nullopt: it does not say.
std::optional<Capabilities> ParseEffectiveCapabilities(std::string_view status);

// Those of this process; none if they cannot be read.
Capabilities OwnCapabilities();

}  // namespace procwall
