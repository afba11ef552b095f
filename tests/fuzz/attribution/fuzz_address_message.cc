// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "attribution/address_message.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto address = procwall::DecodeAddress(std::as_bytes(std::span(data, size)));
  if (address && size < 32) std::abort();  // both headers and an address have been there
  return 0;
}
