// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/bytes.h"
#include "base/result.h"
#include "net/ip_address.h"

namespace procwall {

// An address that a network namespace has on an interface of its own (<linux/if_addr.h>).
struct InterfaceAddress {
  IpAddress address;
  std::uint32_t ifindex = 0;

  friend bool operator==(const InterfaceAddress&, const InterfaceAddress&) = default;
};

// A netlink header and an ifaddrmsg: every address of both families.
using AddressRequest = std::array<std::byte, 24>;
AddressRequest EncodeAddressDump();

// One reply. kUnsupported: another kind of message, or a family that is not IP's. kMalformed: it
// tells no address. Pure, total.
Result<InterfaceAddress> DecodeAddress(Bytes netlink_message);

}  // namespace procwall
