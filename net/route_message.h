// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "net/ip_address.h"

namespace procwall {

// The way that packets to the world take (<linux/rtnetlink.h>).
struct DefaultWay {
  std::uint32_t ifindex = 0;
  std::optional<IpAddress> gateway{};  // none: the world is on the line itself

  friend bool operator==(const DefaultWay&, const DefaultWay&) = default;
};
using MacAddress = std::array<std::uint8_t, 6>;

// Questions and answers of rtnetlink, whole messages. Pure, total.

// Which way would a packet to the world take? One lookup, however many routes there are: the world
// is an address that nobody has (RFC 5737, RFC 3849). The kernel answers ENETUNREACH where there is
// no way.
std::vector<std::byte> EncodeWayQuestion(IpFamily family);
// kUnsupported: another kind of message. kMalformed: no interface is told.
Result<DefaultWay> DecodeWay(Bytes netlink_message);

// Which hardware address has this neighbour (Linux 5.0)? ENOENT: it is no neighbour.
std::vector<std::byte> EncodeNeighbourQuestion(std::uint32_t ifindex, const IpAddress& address);
// kUnsupported: another kind of message. kNotFound: it is not known (yet), or none of six bytes.
Result<MacAddress> DecodeNeighbour(Bytes netlink_message);

}  // namespace procwall
