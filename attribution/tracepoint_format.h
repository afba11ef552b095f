// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace procwall {

// Where a field lies in the raw record of a tracepoint, in bytes.
struct TracepointField {
  std::size_t offset = 0;
  std::size_t size = 0;

  friend bool operator==(const TracepointField&, const TracepointField&) = default;
};

// What the kernel tells of one tracepoint in tracefs (events/SYSTEM/NAME/format, see
// Documentation/trace/events.rst): its number, and the fields of its records, which differ between
// kernels.
struct TracepointFormat {
  std::uint64_t id = 0;
  std::map<std::string, TracepointField, std::less<>> fields;  // at most kMaxFields

  static constexpr std::size_t kMaxFields = 128;

  // nullopt: there is none of that name and size.
  std::optional<std::size_t> OffsetOf(std::string_view name, std::size_t size) const;
};

// kMalformed: no number, or a line of a field that cannot be read. Pure.
Result<TracepointFormat> ParseTracepointFormat(std::string_view text);

}  // namespace procwall
