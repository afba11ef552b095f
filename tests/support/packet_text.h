// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <string>

#include <fmt/format.h>

#include "net/packet.h"

namespace procwall {

inline std::string TextOf(Bytes bytes) {
  std::string text;
  for (const std::byte byte : bytes) text += static_cast<char>(byte);
  return text;
}

// A whole packet on one line: "tcp 10.0.0.1:4000 > 10.0.0.2:443 flags=2 payload=x". What is zero is
// left out.
inline std::string TextOf(const Packet& packet) {
  std::string text = fmt::format("{} {} > {}", ProtocolName(packet.protocol, packet.family),
                                 packet.source, packet.destination);
  if (packet.tcp_flags != 0) text += fmt::format(" flags={}", packet.tcp_flags);
  if (packet.icmp_type != 0) text += fmt::format(" type={}", packet.icmp_type);
  if (packet.icmp_code != 0) text += fmt::format(" code={}", packet.icmp_code);
  if (packet.is_fragment) text += " fragment";
  if (!packet.payload.empty()) text += " payload=" + TextOf(packet.payload);
  return text;
}

// The packet's line, or the error's.
inline std::string TextOf(const Result<Packet>& packet) {
  return packet ? TextOf(*packet) : packet.error().ToString();
}

}  // namespace procwall
