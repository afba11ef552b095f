// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/flight_ring.h"

#include <linux/perf_event.h>

#include <algorithm>
#include <array>
#include <span>

#include "attribution/perf_mapping.h"

namespace procwall {
bool FlightRing::IsWhole() const {
  const std::uint64_t written = std::uint64_t{0} - head_after;
  return written + kMargin <= bytes.size();
}

bool FlightRing::Visit(const std::function<bool(Bytes record)>& each) const {
  // Positions may only fall: anything else is no ring of the kernel's.
  const std::uint64_t overwritten = head - head_after + (IsWhole() ? 0 : kMargin);
  if (bytes.empty() || head - head_after > bytes.size() || overwritten > bytes.size()) return false;
  const std::uint64_t written = std::uint64_t{0} - head;
  const std::uint64_t readable = std::min<std::uint64_t>(written, bytes.size() - overwritten);
  std::array<std::byte, 0x10000> record;  // the size of one has 16 bits
  std::uint64_t read = 0;
  while (readable - read >= sizeof(perf_event_header)) {
    perf_event_header header{};
    CopyOutOfRing(bytes, head + read, std::as_writable_bytes(std::span(&header, 1)));
    if (header.size < sizeof(header) || header.size > readable - read) break;
    const auto whole = std::span(record).first(header.size);
    CopyOutOfRing(bytes, head + read, whole);
    if (!each(whole)) return true;
    read += header.size;
  }
  return read == written;
}

}  // namespace procwall
