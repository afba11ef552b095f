// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include <tl/expected.hpp>

#include "procwall/v1/procwall.pb.h"

namespace procwall {

// Bytes, where SQL must not take them for text.
struct SqlBytes {
  std::string bytes;

  friend bool operator==(const SqlBytes&, const SqlBytes&) = default;
};

// Which entries are meant, as a statement that gives their numbers and kinds, newest first.
struct JournalQuery {
  std::string sql;
  std::vector<std::variant<std::int64_t, std::string, SqlBytes>> values;  // its parameters
  std::uint32_t page_size = 0;  // it gives one row more, if there is one

  friend bool operator==(const JournalQuery&, const JournalQuery&) = default;
};

inline constexpr std::uint32_t kMostJournalEntries = 10'000;
inline constexpr std::uint32_t kUsualJournalEntries = 1'000;

// The error says, for people, what in the request makes no sense.
tl::expected<JournalQuery, std::string> QueryOf(const v1::ReadJournalRequest& request);

}  // namespace procwall
