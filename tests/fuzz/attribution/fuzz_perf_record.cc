// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>

#include "attribution/perf_record.h"

// The first two words are the positions, the rest is the ring.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace procwall;
  std::array<std::uint64_t, 2> positions{};
  if (size < sizeof(positions)) return 0;
  std::memcpy(positions.data(), data, sizeof(positions));
  std::array<std::byte, 256> ring{};
  std::memcpy(ring.data(), data + sizeof(positions),
              std::min(size - sizeof(positions), ring.size()));
  std::size_t bytes = 0;
  VisitPerfRecords(ring, positions[0], positions[1], [&](Bytes record) {
    bytes += record.size();
    (void)ParsePerfRecord(record);
    (void)ParsePerfMapping(record);
  });
  if (bytes > ring.size()) std::abort();
  return 0;
}
