// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/address_message.h"

#include <sys/socket.h>

#include <linux/if_addr.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include <bit>
#include <optional>

#include "net/netlink_message.h"

namespace procwall {
namespace {

struct AddressDump {
  nlmsghdr header;
  ifaddrmsg body;
};
static_assert(sizeof(AddressDump) == sizeof(AddressRequest));

Result<IpAddress> ReadAddress(std::uint8_t family, Bytes payload) {
  ByteReader reader(payload);
  if (family == AF_INET) {
    return IpAddress::V4(
        PROCWALL_TRY((reader.Read<std::array<std::uint8_t, 4>>("decode address"))));
  }
  return IpAddress::V6(PROCWALL_TRY((reader.Read<std::array<std::uint8_t, 16>>("decode address"))));
}

}  // namespace

AddressRequest EncodeAddressDump() {
  AddressDump request{};
  request.header.nlmsg_len = sizeof(request);
  request.header.nlmsg_type = RTM_GETADDR;
  request.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  request.body.ifa_family = AF_UNSPEC;
  return std::bit_cast<AddressRequest>(request);
}

Result<InterfaceAddress> DecodeAddress(Bytes netlink_message) {
  ByteReader datagram(netlink_message);
  const NetlinkMessage message = PROCWALL_TRY(ReadNetlinkMessage(datagram));
  if (message.type != RTM_NEWADDR) return Error{Errc::kUnsupported, 0, "decode address"};
  ByteReader reader(message.body);
  const auto body = PROCWALL_TRY(reader.Read<ifaddrmsg>("decode address"));
  if (body.ifa_family != AF_INET && body.ifa_family != AF_INET6) {
    return Error{Errc::kUnsupported, 0, "decode address"};
  }
  // Between two ends, IFA_ADDRESS is the other one's, and IFA_LOCAL ours; else they are the same.
  std::optional<IpAddress> local;
  std::optional<IpAddress> address;
  while (reader.Remaining() > 0) {
    const NetlinkAttribute attribute = PROCWALL_TRY(ReadNetlinkAttribute(reader));
    if (attribute.type == IFA_LOCAL) {
      local = PROCWALL_TRY(ReadAddress(body.ifa_family, attribute.payload));
    } else if (attribute.type == IFA_ADDRESS) {
      address = PROCWALL_TRY(ReadAddress(body.ifa_family, attribute.payload));
    }
  }
  if (!local) local = address;
  if (!local) return Error{Errc::kMalformed, 0, "decode address"};
  return InterfaceAddress{*local, body.ifa_index};
}

}  // namespace procwall
