// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <optional>

#include "attribution/process_event.h"
#include "attribution/socket_witness.h"
#include "attribution/witness/layout.h"
#include "base/bytes.h"
#include "base/result.h"

namespace procwall {

// Between the words of the witness's kernel half (witness/layout.h) and ours. Pure.

// How the kernel half names the flow of this packet; `netns_cookie`: the daemon's own
// (SO_NETNS_COOKIE), or 0 for a packet of another namespace.
witness::FlowName FlowNameOf(const Connection& connection, std::uint64_t netns_cookie);
// The same, sent before its socket had chosen a local address.
witness::FlowName WithoutLocalAddress(witness::FlowName name);

SocketUse SocketUseOf(const witness::WitnessedSocket& socket, std::uint64_t cookie);
// Where the socket is remembered.
std::uint32_t SocketSlotOf(std::uint64_t cookie);
// Nothing if another socket is.
std::optional<SocketUse> SocketUseIn(const witness::SocketSlot& slot, std::uint64_t cookie);
// `now`: a previous sender is forgotten when its time is over.
FlowUse FlowUseOf(const witness::WitnessedFlow& flow, BootTime now);

// One record of the ring. Total: any bytes give an event, or kTruncated (it ends early) or
// kMalformed (no such kind).
Result<ProcessEvent> ParseProcessRecord(Bytes record);

}  // namespace procwall
