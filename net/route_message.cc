// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "net/route_message.h"

#include <sys/socket.h>

#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include <span>

#include "net/netlink_message.h"

namespace procwall {
namespace {

constexpr auto kWorldV4 = IpAddress::V4({192, 0, 2, 1});
constexpr auto kWorldV6 =
    IpAddress::V6({0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});

std::uint8_t NumberOf(IpFamily family) { return family == IpFamily::kV4 ? AF_INET : AF_INET6; }

template <typename T>
void Append(std::vector<std::byte>& message, const T& value) {
  const auto bytes = std::as_bytes(std::span(&value, 1));
  message.insert(message.end(), bytes.begin(), bytes.end());
}

// One question: a header, a body, and an address as its only attribute.
template <typename T>
std::vector<std::byte> Question(int type, const T& body, int attribute, const IpAddress& address) {
  static_assert(sizeof(T) % NLMSG_ALIGNTO == 0);
  nlmsghdr header{};
  header.nlmsg_len =
      static_cast<std::uint32_t>(sizeof(header) + sizeof(body) + sizeof(nlattr) + address.Size());
  header.nlmsg_type = static_cast<std::uint16_t>(type);
  header.nlmsg_flags = NLM_F_REQUEST;
  const nlattr head{static_cast<std::uint16_t>(sizeof(nlattr) + address.Size()),
                    static_cast<std::uint16_t>(attribute)};
  std::vector<std::byte> message;
  Append(message, header);
  Append(message, body);
  Append(message, head);
  const auto bytes = std::as_bytes(std::span(address.Data(), address.Size()));
  message.insert(message.end(), bytes.begin(), bytes.end());
  return message;
}

Result<IpAddress> AddressOf(std::uint16_t family, Bytes payload) {
  ByteReader reader(payload);
  if (family == AF_INET) {
    return IpAddress::V4(PROCWALL_TRY((reader.Read<std::array<std::uint8_t, 4>>("decode route"))));
  }
  return IpAddress::V6(PROCWALL_TRY((reader.Read<std::array<std::uint8_t, 16>>("decode route"))));
}

// A gateway of the other family: its family, then its address.
Result<IpAddress> ViaOf(Bytes payload) {
  ByteReader reader(payload);
  const auto family = PROCWALL_TRY(reader.Read<std::uint16_t>("decode route"));
  return AddressOf(family, payload.subspan(sizeof(family)));
}

}  // namespace

std::vector<std::byte> EncodeWayQuestion(IpFamily family) {
  const IpAddress& world = family == IpFamily::kV4 ? kWorldV4 : kWorldV6;
  rtmsg body{};
  body.rtm_family = NumberOf(family);
  body.rtm_dst_len = static_cast<std::uint8_t>(world.Size() * 8);
  return Question(RTM_GETROUTE, body, RTA_DST, world);
}

Result<DefaultWay> DecodeWay(Bytes netlink_message) {
  ByteReader datagram(netlink_message);
  const NetlinkMessage message = PROCWALL_TRY(ReadNetlinkMessage(datagram));
  if (message.type != RTM_NEWROUTE) return Error{Errc::kUnsupported, 0, "decode route"};
  ByteReader reader(message.body);
  const auto body = PROCWALL_TRY(reader.Read<rtmsg>("decode route"));
  DefaultWay way;
  while (reader.Remaining() > 0) {
    const NetlinkAttribute attribute = PROCWALL_TRY(ReadNetlinkAttribute(reader));
    if (attribute.type == RTA_OIF) {
      ByteReader payload(attribute.payload);
      way.ifindex = PROCWALL_TRY(payload.Read<std::uint32_t>("decode route"));
    } else if (attribute.type == RTA_GATEWAY) {
      way.gateway = PROCWALL_TRY(AddressOf(body.rtm_family, attribute.payload));
    } else if (attribute.type == RTA_VIA) {
      way.gateway = PROCWALL_TRY(ViaOf(attribute.payload));
    }
  }
  if (way.ifindex == 0) return Error{Errc::kMalformed, 0, "decode route"};
  return way;
}

std::vector<std::byte> EncodeNeighbourQuestion(std::uint32_t ifindex, const IpAddress& address) {
  ndmsg body{};
  body.ndm_family = NumberOf(address.Family());
  body.ndm_ifindex = static_cast<std::int32_t>(ifindex);
  return Question(RTM_GETNEIGH, body, NDA_DST, address);
}

Result<MacAddress> DecodeNeighbour(Bytes netlink_message) {
  ByteReader datagram(netlink_message);
  const NetlinkMessage message = PROCWALL_TRY(ReadNetlinkMessage(datagram));
  if (message.type != RTM_NEWNEIGH) return Error{Errc::kUnsupported, 0, "decode neighbour"};
  ByteReader reader(message.body);
  PROCWALL_TRY(reader.Read<ndmsg>("decode neighbour"));
  while (reader.Remaining() > 0) {
    const NetlinkAttribute attribute = PROCWALL_TRY(ReadNetlinkAttribute(reader));
    if (attribute.type != NDA_LLADDR || attribute.payload.size() != sizeof(MacAddress)) continue;
    ByteReader payload(attribute.payload);
    return PROCWALL_TRY(payload.Read<MacAddress>("decode neighbour"));
  }
  return Error{Errc::kNotFound, 0, "decode neighbour"};
}

}  // namespace procwall
