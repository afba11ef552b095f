// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include <tl/expected.hpp>

#include "attribution/socket_table.h"

namespace procwall {

// Which sockets a GUI wants to see; 0: all of them.
struct SocketsWanted {
  int state = 0;     // as the kernel numbers TCP's, see SocketState
  int protocol = 0;  // IPPROTO_*
  int family = 0;    // AF_INET, AF_INET6

  friend bool operator==(const SocketsWanted&, const SocketsWanted&) = default;
};

// What OpenSnitch's GUI (since 1.7) shows of this host's sockets when it monitors them: the JSON
// that it reads, with as many of them as kMostSocketsReportBytes hold. A socket that several
// processes hold has the number of the first. Pure.
std::string SocketsReport(std::span<const SocketWithOwners> table, const SocketsWanted& wanted);
inline constexpr std::size_t kMostSocketsReportBytes = std::size_t{3} << 20;  // a GUI takes 4 MiB

// The same of the sockets that are there now: one dump and one walk over /proc, which takes as long
// as there are descriptors. The error is for people.
tl::expected<std::string, std::string> ReadSocketsReport(const SocketsWanted& wanted);

}  // namespace procwall
