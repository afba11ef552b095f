// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/tcp_transition.h"

#include "attribution/trace_sample.h"

namespace procwall {
namespace {

constexpr const char* kTransition = "TCP transition";

// <net/tcp_states.h> of the kernel, and <netinet/tcp.h>.
constexpr std::int32_t kSynSent = 2;
constexpr std::int32_t kClose = 7;

TcpTransition::What WhatOf(std::int32_t old_state, std::int32_t new_state) {
  if (new_state == kSynSent) return TcpTransition::What::kBegins;
  return old_state == kSynSent && new_state == kClose ? TcpTransition::What::kGivesUp
                                                      : TcpTransition::What::kOther;
}

// The last time that this socket began before it gave up. Null: not told.
const TracedTransition* BeginOf(std::span<const TracedTransition> told,
                                const TracedTransition& end) {
  const TracedTransition* begin = nullptr;
  for (const TracedTransition& one : told) {
    if (one.transition.what != TcpTransition::What::kBegins || one.when > end.when ||
        one.transition.socket != end.transition.socket) {
      continue;
    }
    if (!begin || one.when > begin->when) begin = &one;
  }
  return begin;
}

}  // namespace

std::optional<std::vector<GivenUpConnect>> GivenUpConnectsOf(std::span<const TracedTransition> told,
                                                             const Connection& connection) {
  std::vector<GivenUpConnect> given_up;
  for (const TracedTransition& end : told) {
    if (end.transition.what != TcpTransition::What::kGivesUp ||
        end.transition.local != connection.local || end.transition.remote != connection.remote) {
      continue;
    }
    const TracedTransition* const begin = BeginOf(told, end);
    if (!begin || begin->is_interrupt) return std::nullopt;
    given_up.push_back({.pid = begin->pid, .began = begin->when, .ended = end.when});
  }
  return given_up;
}

Result<TcpTransitionLayout> TcpTransitionLayoutOf(const TracepointFormat& format) {
  const auto socket = format.OffsetOf("skaddr", sizeof(std::uint64_t));
  const auto old_state = format.OffsetOf("oldstate", sizeof(std::int32_t));
  const auto new_state = format.OffsetOf("newstate", sizeof(std::int32_t));
  const auto local_port = format.OffsetOf("sport", sizeof(std::uint16_t));
  const auto remote_port = format.OffsetOf("dport", sizeof(std::uint16_t));
  const auto local_address = format.OffsetOf("saddr_v6", 16);
  const auto remote_address = format.OffsetOf("daddr_v6", 16);
  if (!socket || !old_state || !new_state || !local_port || !remote_port || !local_address ||
      !remote_address || !format.OffsetOf("family", sizeof(std::uint16_t)) ||
      !format.OffsetOf("protocol", sizeof(std::uint16_t))) {
    return Error{Errc::kUnsupported, 0, kTransition};
  }
  return TcpTransitionLayout{.id = format.id,
                             .socket = *socket,
                             .old_state = *old_state,
                             .new_state = *new_state,
                             .local_port = *local_port,
                             .remote_port = *remote_port,
                             .local_address = *local_address,
                             .remote_address = *remote_address};
}

Result<TcpTransition> ParseTcpTransition(Bytes record, const TcpTransitionLayout& layout) {
  const auto number = [record](std::size_t offset) {
    return FieldAt<std::int32_t>(record, offset, kTransition);
  };
  const auto endpoint = [record](std::size_t address, std::size_t port) -> Result<Endpoint> {
    return Endpoint{PROCWALL_TRY(AddressAt(record, IpFamily::kV6, address, kTransition)),
                    PROCWALL_TRY(FieldAt<std::uint16_t>(record, port, kTransition))};
  };
  TcpTransition transition;
  transition.what =
      WhatOf(PROCWALL_TRY(number(layout.old_state)), PROCWALL_TRY(number(layout.new_state)));
  transition.socket = PROCWALL_TRY(FieldAt<std::uint64_t>(record, layout.socket, kTransition));
  transition.local = PROCWALL_TRY(endpoint(layout.local_address, layout.local_port));
  transition.remote = PROCWALL_TRY(endpoint(layout.remote_address, layout.remote_port));
  return transition;
}

}  // namespace procwall
