// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "attribution/procfs.h"
#include "base/clock.h"
#include "base/result.h"

namespace procwall {

// A network namespace that processes live in.
struct NetworkNamespace {
  std::uint64_t inode = 0;  // of /proc/PID/ns/net; given again once the namespace is gone
  std::vector<Pid> pids;    // some that live in it: at most kMaxWitnesses

  static constexpr std::size_t kMaxWitnesses = 4;

  friend bool operator==(const NetworkNamespace&, const NetworkNamespace&) = default;
};

// The number in "net:[4026531840]"; 0: it is none.
std::uint64_t ParseNamespaceLink(std::string_view target);

// Those of all processes, each once, in no order. A namespace without a process is not seen, nor
// one that only a thread is in. kTooLarge: more than `most`. kTimedOut: not all processes were
// looked at until `deadline`. About 2 us a process; not for the packet thread.
Result<std::vector<NetworkNamespace>> ListNetworkNamespaces(const Procfs& procfs, std::size_t most,
                                                            const Clock& clock, BootTime deadline);

}  // namespace procwall
