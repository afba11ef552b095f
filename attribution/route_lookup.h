// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <optional>

#include "attribution/tracepoint_format.h"
#include "base/bytes.h"
#include "base/result.h"
#include "net/connection.h"

namespace procwall {

// A socket asked the kernel which way a packet of its own goes, by its addresses and ports: as one
// of TCP and IPv4 does when it connects, and a datagram socket with each datagram that says where
// it goes (and when it is connected).
struct RouteLookup {
  IpProtocol protocol = IpProtocol::kTcp;
  Endpoint source;  // its address is unspecified where the socket has not chosen one yet
  Endpoint destination;

  friend bool operator==(const RouteLookup&, const RouteLookup&) = default;
};

// Could that lookup have been for this packet, which goes out? The kernel tells the ports of TCP
// and UDP alone: with others any port will do.
bool IsFor(const RouteLookup& lookup, const Connection& connection);

// Where the fields lie in the records of fib:fib_table_lookup (IPv4) and fib6:fib6_table_lookup.
struct RouteLookupLayout {
  std::uint64_t id = 0;
  IpFamily family = IpFamily::kV4;
  std::size_t protocol = 0, source = 0, destination = 0, source_port = 0, destination_port = 0;
};

// kUnsupported: this kernel's tracepoint does not tell all of that (before 5.1, by its sources).
Result<RouteLookupLayout> LayoutOf(const TracepointFormat& format, IpFamily family);

// A record of such a tracepoint. nullopt: of another one. kTruncated: it ends early. Pure.
Result<std::optional<RouteLookup>> ParseRouteLookup(Bytes record, const RouteLookupLayout& layout);

}  // namespace procwall
