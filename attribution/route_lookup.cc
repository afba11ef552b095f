// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/route_lookup.h"

#include "attribution/trace_sample.h"

namespace procwall {
namespace {

constexpr const char* kRouteLookup = "route lookup";

Result<Endpoint> EndpointAt(Bytes record, IpFamily family, std::size_t address, std::size_t port) {
  Endpoint endpoint;
  endpoint.address = PROCWALL_TRY(AddressAt(record, family, address, kRouteLookup));
  endpoint.port = PROCWALL_TRY(FieldAt<std::uint16_t>(record, port, kRouteLookup));
  return endpoint;
}

}  // namespace

bool IsFor(const RouteLookup& lookup, const Connection& connection) {
  const Endpoint& source = lookup.source;
  const bool tells_ports =
      lookup.protocol == IpProtocol::kTcp || lookup.protocol == IpProtocol::kUdp;
  return lookup.protocol == connection.protocol &&
         lookup.destination.address == connection.remote.address &&
         (!tells_ports || (lookup.destination.port == connection.remote.port &&
                           source.port == connection.local.port)) &&
         (source.address.IsUnspecified() || source.address == connection.local.address);
}

Result<RouteLookupLayout> LayoutOf(const TracepointFormat& format, IpFamily family) {
  const std::size_t address_size = family == IpFamily::kV4 ? 4 : 16;
  const auto protocol = format.OffsetOf("proto", sizeof(std::uint8_t));
  const auto source = format.OffsetOf("src", address_size);
  const auto destination = format.OffsetOf("dst", address_size);
  const auto source_port = format.OffsetOf("sport", sizeof(std::uint16_t));
  const auto destination_port = format.OffsetOf("dport", sizeof(std::uint16_t));
  if (!protocol || !source || !destination || !source_port || !destination_port) {
    return Error{Errc::kUnsupported, 0, kRouteLookup};
  }
  return RouteLookupLayout{.id = format.id,
                           .family = family,
                           .protocol = *protocol,
                           .source = *source,
                           .destination = *destination,
                           .source_port = *source_port,
                           .destination_port = *destination_port};
}

Result<std::optional<RouteLookup>> ParseRouteLookup(Bytes record, const RouteLookupLayout& layout) {
  if (PROCWALL_TRY(TracepointOf(record, kRouteLookup)) != layout.id) {
    return std::optional<RouteLookup>{};
  }
  RouteLookup lookup;
  lookup.protocol = static_cast<IpProtocol>(
      PROCWALL_TRY(FieldAt<std::uint8_t>(record, layout.protocol, kRouteLookup)));
  lookup.source =
      PROCWALL_TRY(EndpointAt(record, layout.family, layout.source, layout.source_port));
  lookup.destination =
      PROCWALL_TRY(EndpointAt(record, layout.family, layout.destination, layout.destination_port));
  return std::optional(lookup);
}

}  // namespace procwall
