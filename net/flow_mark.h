// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "net/connection.h"

namespace procwall {

// A bit of conntrack's mark (connmark) that says: this flow has been judged. Other people's bits
// stay as they are. Host byte order; 0: no bit.
using FlowMark = std::uint32_t;

// What we tell conntrack about marks, as whole netlink messages. Pure:
// <linux/netfilter/nfnetlink_conntrack.h>.

// Sets or clears the bit of the flow that this outgoing or forwarded packet began; wants no ACK.
// Empty: a packet from which conntrack's name of the flow cannot be told (no ports, and no echo
// request).
enum class MarkChange : std::uint8_t { kSet, kClear };
std::vector<std::byte> EncodeMarkFlow(const Connection& connection, FlowMark mark,
                                      MarkChange change = MarkChange::kSet);

// Asks for the flow that began with this connection's first packet: its entry, or ENOENT. Empty for
// protocols without ports.
std::vector<std::byte> EncodeFlowQuestion(const Connection& connection);

// Asks for all flows of both families that have the bit: a dump.
std::vector<std::byte> EncodeMarkedFlowsDump(FlowMark mark);

// Takes the bit from a flow as the dump told it. Wants an ACK. Total: any bytes give a message, or
// kTruncated or kMalformed.
Result<std::vector<std::byte>> EncodeUnmarkFlow(Bytes flow, FlowMark mark);

}  // namespace procwall
