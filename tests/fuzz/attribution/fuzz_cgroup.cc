// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "attribution/cgroup.h"

// What is found is of the text, and no path: it is put before paths.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes as characters
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const procwall::CgroupFacts facts = procwall::ParseCgroup(text);
  if (facts.container.size() > size || facts.unit.size() > size) std::abort();
  if (!facts.unit.empty() && facts.unit.front() == '/') std::abort();
  return 0;
}
