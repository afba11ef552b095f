// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

namespace procwall {

// A moment as people write it, seen from `now`, in the time zone of this process (TZ):
//   now, today, yesterday (at 00:00), yesterday 18:30
//   2h, 90 min, 3d, 1w, 2h30m, each also with " ago"
//   2026-11-20, 2026-11-20 14:00, 2026-11-20T14:00:05, 14:00 (today), with Z: in UTC
//   @1700000000 (seconds since 1970)
// The error says, for people, what it may be.
tl::expected<std::chrono::sys_seconds, std::string> ParseMoment(std::string_view text,
                                                                std::chrono::sys_seconds now);

}  // namespace procwall
