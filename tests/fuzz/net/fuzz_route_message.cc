// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "net/route_message.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  const auto way = procwall::DecodeWay(bytes);
  const auto neighbour = procwall::DecodeNeighbour(bytes);
  if ((way && way->ifindex == 0) || (way && neighbour)) std::abort();
  return 0;
}
