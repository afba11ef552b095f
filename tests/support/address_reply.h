// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <sys/socket.h>

#include <linux/if_addr.h>
#include <linux/rtnetlink.h>

#include <span>

#include "attribution/address_message.h"
#include "tests/support/netlink_builder.h"

namespace procwall {

inline Bytes BytesOf(const IpAddress& address) {
  return std::as_bytes(std::span(address.Data(), address.Size()));
}

// What the kernel answers about an address, as IFA_LOCAL (`attribute`) or otherwise.
inline NetlinkBuilder AddressReply(const InterfaceAddress& one, int attribute = IFA_LOCAL) {
  ifaddrmsg body{};
  body.ifa_family = one.address.IsV4() ? AF_INET : AF_INET6;
  body.ifa_index = one.ifindex;
  NetlinkBuilder builder(RTM_NEWADDR);
  builder.Flags(NLM_F_MULTI).Body(body).Attribute(attribute, BytesOf(one.address));
  return builder;
}

}  // namespace procwall
