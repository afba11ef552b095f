// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/packet_socket_message.h"

#include <sys/socket.h>

#include <linux/netlink.h>
#include <linux/packet_diag.h>
#include <linux/sock_diag.h>

#include <bit>

#include "net/netlink_message.h"

namespace procwall {
namespace {

struct PacketSocketDump {
  nlmsghdr header;
  packet_diag_req body;
};
static_assert(sizeof(PacketSocketDump) == sizeof(PacketSocketRequest));

}  // namespace

PacketSocketRequest EncodePacketSocketDump() {
  PacketSocketDump request{};
  request.header.nlmsg_len = sizeof(request);
  request.header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
  request.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  request.body.sdiag_family = AF_PACKET;
  request.body.pdiag_show = PACKET_SHOW_INFO;
  return std::bit_cast<PacketSocketRequest>(request);
}

Result<PacketSocket> DecodePacketSocket(Bytes netlink_message) {
  ByteReader datagram(netlink_message);
  const NetlinkMessage message = PROCWALL_TRY(ReadNetlinkMessage(datagram));
  if (message.type != SOCK_DIAG_BY_FAMILY) {
    return Error{Errc::kUnsupported, 0, "decode packet socket"};
  }
  ByteReader reader(message.body);
  const auto body = PROCWALL_TRY(reader.Read<packet_diag_msg>("decode packet socket"));
  if (body.pdiag_family != AF_PACKET) {
    return Error{Errc::kUnsupported, 0, "decode packet socket"};
  }
  PacketSocket socket;
  socket.inode = body.pdiag_ino;
  socket.protocol = body.pdiag_num;
  while (reader.Remaining() > 0) {
    const NetlinkAttribute attribute = PROCWALL_TRY(ReadNetlinkAttribute(reader));
    ByteReader payload(attribute.payload);
    if (attribute.type == PACKET_DIAG_INFO) {
      socket.ifindex = static_cast<std::uint32_t>(
          PROCWALL_TRY(payload.Read<packet_diag_info>("decode info")).pdi_index);
    } else if (attribute.type == PACKET_DIAG_UID) {
      socket.uid = PROCWALL_TRY(payload.Read<std::uint32_t>("decode uid"));
    }
  }
  return socket;
}

}  // namespace procwall
