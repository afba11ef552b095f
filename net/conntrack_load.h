// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"

namespace procwall {

// How full conntrack's table of this network namespace is, and what did not fit into it. A packet
// that would begin a flow when there is no room ends before it is queued: nobody can judge it.
struct ConntrackLoad {
  std::uint64_t entries = 0;
  std::uint64_t most = 0;       // that all namespaces together may have; 0: not told
  std::uint64_t dropped = 0;    // packets, since the namespace began: there was no room
  std::uint64_t forgotten = 0;  // flows that made room for others, likewise

  friend bool operator==(const ConntrackLoad&, const ConntrackLoad&) = default;
};

// /proc/net/stat/nf_conntrack: a line of names, then a line of hexadecimal numbers for each
// processor. `entries` is the same in each line. Total: any text gives a load, or kMalformed if a
// column that we need is not there. `most` is not in it.
Result<ConntrackLoad> ParseConntrackStat(std::string_view text);

// Two small files. kNotFound: the kernel has no CONFIG_NF_CONNTRACK_PROCFS.
Result<ConntrackLoad> ReadConntrackLoad();

}  // namespace procwall
