// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "base/free_memory.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>

#include <malloc.h>

#include "base/file.h"

namespace procwall {

std::uint64_t ResidentBytes() {
  const Result<std::string> statm = ReadFileAt(AT_FDCWD, "/proc/self/statm", 256);
  if (!statm) return 0;
  const std::size_t blank = statm->find(' ');
  if (blank == std::string::npos) return 0;
  std::uint64_t pages = 0;
  std::from_chars(statm->data() + blank + 1, statm->data() + statm->size(), pages);
  return pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

FreeMemory::FreeMemory() : FreeMemory(&ResidentBytes, [] { (void)::malloc_trim(0); }) {}

FreeMemory::FreeMemory(std::function<std::uint64_t()> resident, std::function<void()> give_back)
    : resident_(std::move(resident)),
      give_back_(std::move(give_back)),
      least_(resident_()),
      last_(least_) {}

bool FreeMemory::Look(BootTime now) {
  const std::uint64_t resident = resident_();
  least_ = std::min(least_, resident);
  if (resident < least_ + kWorthBytes) return false;
  if (resident >= last_ + kWorthBytes) wait_ = std::min(wait_, kInterval);
  if (now < gone_through_ + wait_) return false;
  give_back_();
  last_ = resident_();
  gone_through_ = now;
  wait_ = last_ + kWorthBytes <= resident ? kInterval : std::clamp(2 * wait_, kInterval, kLongest);
  return true;
}

}  // namespace procwall
