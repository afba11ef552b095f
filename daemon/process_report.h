// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include <tl/expected.hpp>

#include "attribution/process.h"

namespace procwall {

// How the report counts memory: GUIs before 1.7 expect the pages of /proc/PID/statm.
enum class MemoryUnit : std::uint8_t { kPages, kBytes };

// What OpenSnitch's GUI shows of a living process when it is told to monitor it: the JSON that its
// process dialog reads. `proc`: the folder of /proc. What `viewer` could not read himself
// (environment, memory map, stack, open files of other users' processes) is left empty: the daemon
// reads it as root, the GUI is an ordinary user's. Each text is cut at kMostReportBytes. The error
// is for people.
tl::expected<std::string, std::string> ProcessReport(const std::string& proc, Pid pid, Uid viewer,
                                                     MemoryUnit unit);
inline constexpr std::size_t kMostReportBytes = std::size_t{128} << 10;

// What it shows of this host when it monitors a node: load, memory, uptime.
std::string NodeReport();

}  // namespace procwall
