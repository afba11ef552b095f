// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "attribution/mount_table.h"

// Every mount is found by its id, and none is bigger than the text.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes as characters
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto mounts = procwall::ParseMountInfo(text);
  std::size_t total = 0;
  for (const procwall::Mount& mount : mounts) {
    if (procwall::FindMount(mounts, mount.id) == nullptr) std::abort();
    (void)procwall::MayBlock(mounts, mount.point);
    total += mount.point.size() + mount.type.size();
    if (total > size) std::abort();
    if (mounts.size() > 100) break;  // the loop is quadratic
  }
  return 0;
}
