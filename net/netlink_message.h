// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "base/result.h"

namespace procwall {

// One netlink message (RFC 3549 §2.2, <linux/netlink.h> nlmsghdr). Borrows from the bytes it was
// read from.
struct NetlinkMessage {
  std::uint16_t type = 0;   // NLMSG_* or the bus's own
  std::uint16_t flags = 0;  // NLM_F_*
  std::uint32_t sequence = 0;
  Bytes whole;  // header included, padding excluded
  Bytes body;   // what follows the header
};

// Takes the next message, and the padding behind it, off a datagram. kTruncated when the datagram
// ends inside it, kMalformed when it claims to be shorter than its header.
Result<NetlinkMessage> ReadNetlinkMessage(ByteReader& datagram);

// One attribute (<linux/netlink.h> nlattr). `type` comes without the NLA_F_* bits.
struct NetlinkAttribute {
  std::uint16_t type = 0;
  Bytes payload;
};

// Takes the next attribute, and the padding behind it, off a message's rest. Errors as above.
Result<NetlinkAttribute> ReadNetlinkAttribute(ByteReader& attributes);

}  // namespace procwall
