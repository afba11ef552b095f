// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
// Tested by tests/lab/kernel_events_test.cc.
#include "attribution/perf_mapping.h"

#include <sys/mman.h>
#include <unistd.h>

#include <linux/perf_event.h>

#include <cerrno>
#include <utility>

namespace procwall {
namespace {

std::size_t PageBytes() { return static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)); }

}  // namespace

Result<PerfMapping> PerfMapping::Map(UniqueFd event, std::size_t bytes, Access access) {
  const int protection = access == Access::kReadWrite ? PROT_READ | PROT_WRITE : PROT_READ;
  void* const pages =
      ::mmap(nullptr, PageBytes() + bytes, protection, MAP_SHARED, event.UnsafeFd(), 0);
  if (pages == MAP_FAILED) return SystemError(errno, "map perf event");
  return PerfMapping(std::move(event), pages, bytes);
}

PerfMapping::PerfMapping(UniqueFd event, void* pages, std::size_t bytes)
    : event_(std::move(event)), pages_(pages), bytes_(bytes) {}

PerfMapping::PerfMapping(PerfMapping&& other) noexcept
    : event_(std::move(other.event_)),
      pages_(std::exchange(other.pages_, nullptr)),
      bytes_(other.bytes_) {}

PerfMapping::~PerfMapping() {
  if (pages_ != nullptr) ::munmap(pages_, PageBytes() + bytes_);
}

perf_event_mmap_page& PerfMapping::Positions() const {
  return *static_cast<perf_event_mmap_page*>(pages_);
}

std::uint64_t PerfMapping::Head() const {
  return __atomic_load_n(&Positions().data_head, __ATOMIC_ACQUIRE);
}

Bytes PerfMapping::Records() const {
  return {static_cast<const std::byte*>(pages_) + PageBytes(), bytes_};
}

}  // namespace procwall
