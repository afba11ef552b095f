// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/keyed_hash.h"
#include "net/endpoint.h"
#include "net/ip_protocol.h"

namespace procwall {

// One direction of a flow. Of ICMP, source.port is the identifier and destination.port is
// 256 * type + code; protocols without ports have 0.
struct FlowEnds {
  Endpoint source;
  Endpoint destination;

  friend bool operator==(const FlowEnds&, const FlowEnds&) = default;
};

struct FlowCount {
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;  // of the IP packets, their headers included

  friend bool operator==(const FlowCount&, const FlowCount&) = default;
};

enum class FlowNat : std::uint8_t { kNone, kSource, kDestination, kBoth };
const char* FlowNatName(FlowNat nat);  // "", "source", "destination", "both"

// A flow as conntrack knows it (<linux/netfilter/nfnetlink_conntrack.h>). What is absent was not
// told: news of a change tell what has changed, and only what is counted has counts.
struct TrackedFlow {
  std::uint32_t id = 0;  // used again after the flow has ended
  IpProtocol protocol = IpProtocol::kTcp;
  FlowEnds original;                  // as its first packet was sent
  FlowEnds reply;                     // as answers arrive: behind NAT, not the mirror image
  std::uint16_t zone = 0;             // conntrack's: the same addresses may be used in several
  std::uint32_t status = 0;           // IPS_* bits
  std::optional<std::uint8_t> state;  // of TCP, SCTP and DCCP: *_CONNTRACK_*
  std::optional<std::uint32_t> mark;  // connmark, host order
  std::optional<std::uint32_t> timeout_seconds;  // until it is forgotten, if nothing comes
  std::optional<FlowCount> sent;                 // by the side that began
  std::optional<FlowCount> received;             // by it
  std::optional<WallTime> started;  // where the kernel notes times (nf_conntrack_timestamp)

  bool HasReply() const;
  FlowNat Nat() const;

  friend bool operator==(const TrackedFlow&, const TrackedFlow&) = default;
};

// "ESTABLISHED", ... of TCP, SCTP and DCCP where it is known; else "REPLIED" or "UNREPLIED".
std::string FlowStateName(const TrackedFlow& flow);
// TCP that is over, or about to be: nothing new goes through it.
bool IsClosing(const TrackedFlow& flow);
// Of the status bits those that tell something: "assured", "expected", "offload", ...
std::vector<const char*> FlowStatusNames(const TrackedFlow& flow);

// Takes over what `told` tells of the same flow; what it leaves out stays.
void Update(TrackedFlow& known, const TrackedFlow& told);

// What a flow is known by while it lives.
struct FlowName {
  IpProtocol protocol = IpProtocol::kTcp;
  FlowEnds original;
  std::uint16_t zone = 0;

  friend bool operator==(const FlowName&, const FlowName&) = default;
};
inline FlowName NameOf(const TrackedFlow& flow) {
  return {flow.protocol, flow.original, flow.zone};
}

}  // namespace procwall

template <>
struct std::hash<procwall::FlowName> {
  // Both ways have one hash: whoever looks for the one and then for the other finds what he needs
  // in the processor's cache. Not noexcept, though nothing throws: libstdc++ then keeps the hash
  // with each element, and a walk through a bucket compares numbers instead of hashing neighbours.
  std::size_t operator()(const procwall::FlowName& name) const {
    const std::hash<procwall::Endpoint> endpoint;
    const auto [lower, upper] =
        std::minmax({endpoint(name.original.source), endpoint(name.original.destination)});
    return procwall::KeyedHash(lower + static_cast<std::size_t>(name.protocol),
                               upper + (static_cast<std::size_t>(name.zone) << 32));
  }
};
