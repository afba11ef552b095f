// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include <linux/netlink.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "net/netlink_reply.h"

// Walks one datagram as the reply to each kind of request, and each message's body as attributes.
// Every message handed out lies inside the datagram.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using procwall::Bytes;
  const Bytes datagram = std::as_bytes(std::span(data, size));
  const auto require = [](bool holds) {
    if (!holds) std::abort();
  };
  const auto walk = [&](Bytes message) -> procwall::Status {
    require(message.data() >= datagram.data());
    require(message.data() + message.size() <= datagram.data() + datagram.size());
    procwall::ByteReader attributes(message.subspan(sizeof(nlmsghdr)));
    while (attributes.Remaining() > 0) {
      const std::size_t before = attributes.Remaining();
      if (!procwall::ReadNetlinkAttribute(attributes)) break;
      require(attributes.Remaining() < before);
    }
    return {};
  };
  constexpr std::uint32_t kSequence = 1;
  for (const int flags : {0, NLM_F_ACK, NLM_F_DUMP}) {
    procwall::NetlinkReply reply(kSequence, static_cast<std::uint16_t>(flags));
    reply.Take(datagram, walk);
    const procwall::Status outcome = reply.Outcome();
    require(outcome || outcome.error().what != nullptr);
  }
  return 0;
}
