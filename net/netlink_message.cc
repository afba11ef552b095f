// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "net/netlink_message.h"

#include <linux/netlink.h>

#include <algorithm>

namespace procwall {
namespace {

// Messages and attributes start at multiples of 4; behind the last one the padding may be missing.
Status SkipPadding(ByteReader& reader, std::size_t length) {
  constexpr std::size_t kAlignment = 4;
  const std::size_t padding = (kAlignment - length % kAlignment) % kAlignment;
  return reader.Skip(std::min(padding, reader.Remaining()), "skip netlink padding");
}

}  // namespace

Result<NetlinkMessage> ReadNetlinkMessage(ByteReader& datagram) {
  const Bytes start = datagram.Rest();
  const auto header = PROCWALL_TRY(datagram.Read<nlmsghdr>("read netlink header"));
  if (header.nlmsg_len < sizeof(nlmsghdr)) {
    return Error{Errc::kMalformed, 0, "read netlink header"};
  }
  const Bytes body =
      PROCWALL_TRY(datagram.Take(header.nlmsg_len - sizeof(nlmsghdr), "read netlink message"));
  PROCWALL_TRY_STATUS(SkipPadding(datagram, header.nlmsg_len));
  return NetlinkMessage{header.nlmsg_type, header.nlmsg_flags, header.nlmsg_seq,
                        start.first(header.nlmsg_len), body};
}

Result<NetlinkAttribute> ReadNetlinkAttribute(ByteReader& attributes) {
  const auto header = PROCWALL_TRY(attributes.Read<nlattr>("read netlink attribute"));
  if (header.nla_len < sizeof(nlattr)) {
    return Error{Errc::kMalformed, 0, "read netlink attribute"};
  }
  const Bytes payload =
      PROCWALL_TRY(attributes.Take(header.nla_len - sizeof(nlattr), "read netlink attribute"));
  PROCWALL_TRY_STATUS(SkipPadding(attributes, header.nla_len));
  const auto type = static_cast<std::uint16_t>(header.nla_type & NLA_TYPE_MASK);
  return NetlinkAttribute{type, payload};
}

}  // namespace procwall
