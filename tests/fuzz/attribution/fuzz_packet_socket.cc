// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "attribution/packet_socket_message.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto socket = procwall::DecodePacketSocket(std::as_bytes(std::span(data, size)));
  if (socket && size < 32) std::abort();  // both headers have been there
  return 0;
}
