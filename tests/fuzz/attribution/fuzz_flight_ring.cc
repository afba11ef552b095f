// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include <linux/perf_event.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "attribution/flight_ring.h"
#include "attribution/route_lookup.h"
#include "attribution/tcp_transition.h"
#include "attribution/trace_sample.h"

// The first two words are the positions, then come the offsets of the fields, the rest is the ring.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace procwall;
  std::array<std::uint64_t, 2> positions{};
  std::array<std::uint8_t, 6> layout{};
  if (size < sizeof(positions) + sizeof(layout)) return 0;
  std::memcpy(positions.data(), data, sizeof(positions));
  std::memcpy(layout.data(), data + sizeof(positions), sizeof(layout));
  data += sizeof(positions) + sizeof(layout);
  size -= sizeof(positions) + sizeof(layout);
  std::vector<std::byte> ring(8192);
  std::memcpy(ring.data(), data, std::min(size, ring.size()));
  const RouteLookupLayout fields{.id = 0,
                                 .family = layout[0] % 2 == 0 ? IpFamily::kV4 : IpFamily::kV6,
                                 .protocol = layout[1],
                                 .source = layout[2],
                                 .destination = layout[3],
                                 .source_port = layout[4],
                                 .destination_port = layout[5]};
  const TcpTransitionLayout transition{.id = 0,
                                       .socket = layout[1],
                                       .old_state = layout[2],
                                       .new_state = layout[3],
                                       .local_port = layout[4],
                                       .remote_port = layout[5],
                                       .local_address = layout[2],
                                       .remote_address = layout[3]};
  std::size_t bytes = 0;
  const FlightRing flight{.bytes = ring, .head = positions[0], .head_after = positions[1]};
  (void)flight.Visit([&](Bytes record) {
    bytes += record.size();
    const auto sample = ParseTraceSample(record.subspan(sizeof(perf_event_header)));
    if (sample) {
      (void)ParseRouteLookup(sample->record, fields);
      (void)ParseTcpTransition(sample->record, transition);
    }
    return true;
  });
  if (bytes > ring.size()) std::abort();
  return 0;
}
