// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>
#include <string_view>

#include "attribution/environment.h"

// The input is an environment as /proc shows it; its first byte says whether it is whole.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes as characters
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::set<std::string> names = {"", "A", "HOME", "LD_PRELOAD"};
  const procwall::Environment environment =
      procwall::PickVariables(text, names, (data[0] & 1) != 0);
  if (environment.variables.size() > names.size()) std::abort();
  std::set<std::string> found;
  for (const std::string& variable : environment.variables) {
    const std::string name = variable.substr(0, variable.find('='));
    if (!names.contains(name) || !found.insert(name).second) std::abort();
    if (text.find(variable) == std::string_view::npos) std::abort();
  }
  return 0;
}
