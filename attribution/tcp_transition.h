// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "attribution/process.h"
#include "attribution/tracepoint_format.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/result.h"
#include "net/connection.h"

namespace procwall {

// An IPv6 socket of TCP begins to connect, or gives that up. When it begins, its port is not chosen
// yet; when it gives up, because it is closed before anybody answered, it has it still.
struct TcpTransition {
  enum class What : std::uint8_t { kOther, kBegins, kGivesUp };

  What what = What::kOther;
  std::uint64_t socket = 0;  // the kernel's address of it: that of one that is gone is given again
  Endpoint local;
  Endpoint remote;

  friend bool operator==(const TcpTransition&, const TcpTransition&) = default;
};

// In whose system call, and when.
struct TracedTransition {
  TcpTransition transition;
  Pid pid = 0;  // 0: of another pid namespace
  BootTime when{};
  bool is_interrupt = false;  // the process is anybody's
};

// A socket that was closed before anybody answered.
struct GivenUpConnect {
  Pid pid = 0;  // who began it; 0: of another pid namespace
  BootTime began{};
  BootTime ended{};

  friend bool operator==(const GivenUpConnect&, const GivenUpConnect&) = default;
};

// Those of this packet's addresses and ports, in any order. nullopt: one of them began before all
// that is told. Pure.
std::optional<std::vector<GivenUpConnect>> GivenUpConnectsOf(std::span<const TracedTransition> told,
                                                             const Connection& connection);

// Where the fields lie in the records of sock:inet_sock_set_state.
struct TcpTransitionLayout {
  std::uint64_t id = 0;
  std::size_t socket = 0, old_state = 0, new_state = 0, local_port = 0, remote_port = 0,
              local_address = 0, remote_address = 0;
};

// Of these transitions alone, in the kernel's language of filters.
inline constexpr const char* kTcpTransitionFilter =
    "family == 10 && protocol == 6 && (newstate == 2 || (oldstate == 2 && newstate == 7))";

// kUnsupported: this kernel's tracepoint does not tell all of that (before 4.16, by its sources).
Result<TcpTransitionLayout> TcpTransitionLayoutOf(const TracepointFormat& format);

// A record of that tracepoint. kTruncated: it ends early. Pure.
Result<TcpTransition> ParseTcpTransition(Bytes record, const TcpTransitionLayout& layout);

}  // namespace procwall
