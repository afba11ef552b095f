// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace procwall {

// Where the journal is, and how much it keeps.
struct JournalSettings {
  static constexpr std::uint64_t kLeastBytes = std::uint64_t{1} << 20;

  std::string path = "/var/lib/procwall/journal.db";  // empty: none is kept
  std::uint64_t max_bytes = std::uint64_t{256} << 20;
  std::chrono::nanoseconds max_age = std::chrono::hours(24 * 30);

  friend bool operator==(const JournalSettings&, const JournalSettings&) = default;
};

}  // namespace procwall
