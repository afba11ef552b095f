// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "net/queued_packet.h"

// A message that decodes has an id that is found again, and its payload lies inside the message.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const procwall::Bytes message = std::as_bytes(std::span(data, size));
  const auto packet = procwall::DecodeQueuedPacket(message);
  const auto id = procwall::FindPacketId(message);
  if (!packet) return 0;
  const auto require = [](bool holds) {
    if (!holds) std::abort();
  };
  require(id.has_value());
  if (!packet->payload.empty()) {
    require(packet->payload.data() >= message.data());
    require(packet->payload.data() + packet->payload.size() <= message.data() + message.size());
  }
  return 0;
}
