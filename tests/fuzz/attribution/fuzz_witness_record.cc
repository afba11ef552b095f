// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include <cstdlib>
#include <variant>

#include "attribution/witness_record.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace procwall;
  const auto event = ParseProcessRecord(std::as_bytes(std::span(data, size)));
  if (!event) return 0;
  if (const auto* const executed = std::get_if<ProcessExecuted>(&event->what)) {
    if (executed->path.size() > size) std::abort();
  }
  return 0;
}
