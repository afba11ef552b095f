// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "base/bytes.h"
#include "base/result.h"
#include "base/unique_fd.h"

struct perf_event_mmap_page;

namespace procwall {

// The ring of a perf event, mapped: a page that tells positions (<linux/perf_event.h>), then the
// records. Thread rule: one thread at a time, besides the kernel.
class PerfMapping {
 public:
  enum class Access : std::uint8_t {
    kReadWrite,  // the kernel waits until what is in it was read: set data_tail
    kReadOnly,   // the kernel overwrites what is oldest
  };

  // `bytes` is a power of two, in whole pages. kSystem.
  static Result<PerfMapping> Map(UniqueFd event, std::size_t bytes, Access access);
  PerfMapping(PerfMapping&& other) noexcept;
  PerfMapping& operator=(PerfMapping&&) = delete;
  ~PerfMapping();

  int UnsafeFd() const { return event_.UnsafeFd(); }
  perf_event_mmap_page& Positions() const;
  std::uint64_t Head() const;  // up to there the kernel has written
  Bytes Records() const;       // as they are; what the kernel writes changes them

 private:
  PerfMapping(UniqueFd event, void* pages, std::size_t bytes);

  UniqueFd event_;
  void* pages_;
  std::size_t bytes_;  // of the records
};

// Copies what may be in two parts: at the end of a ring, whose size is a power of two, and at its
// begin. It has at least as many bytes as `to`.
inline void CopyOutOfRing(Bytes ring, std::uint64_t position, std::span<std::byte> to) {
  const Bytes at = ring.subspan(static_cast<std::size_t>(position) & (ring.size() - 1));
  const std::size_t first = at.size() < to.size() ? at.size() : to.size();
  std::memcpy(to.data(), at.data(), first);
  std::memcpy(to.data() + first, ring.data(), to.size() - first);
}

}  // namespace procwall
