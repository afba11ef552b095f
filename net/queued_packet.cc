// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "net/queued_packet.h"

#include <netinet/in.h>

#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_queue.h>
#include <linux/netlink.h>

#include "net/netlink_message.h"

namespace procwall {
namespace {

constexpr std::uint16_t kPacketMessage = (NFNL_SUBSYS_QUEUE << 8) | NFQNL_MSG_PACKET;

Result<std::uint32_t> ReadNumber(const NetlinkAttribute& attribute) {
  const auto number = PROCWALL_TRY(
      ByteReader(attribute.payload).Read<BigEndian32>("read number of a queued packet"));
  return number.host();
}

Status TakePacketHeader(Bytes payload, QueuedPacket& packet) {
  ByteReader reader(payload);
  packet.id = PROCWALL_TRY(reader.Read<BigEndian32>("read packet id")).host();
  PROCWALL_TRY_STATUS(reader.Skip(sizeof(nfqnl_msg_packet_hdr::hw_protocol), "skip ethertype"));
  packet.hook = PROCWALL_TRY(reader.Read<std::uint8_t>("read hook of a queued packet"));
  return {};
}

Status TakeAttribute(const NetlinkAttribute& attribute, QueuedPacket& packet) {
  switch (attribute.type) {
    case NFQA_PACKET_HDR:
      return TakePacketHeader(attribute.payload, packet);
    case NFQA_MARK:
      packet.mark = PROCWALL_TRY(ReadNumber(attribute));
      break;
    case NFQA_IFINDEX_INDEV:
      packet.in_ifindex = PROCWALL_TRY(ReadNumber(attribute));
      break;
    case NFQA_IFINDEX_OUTDEV:
      packet.out_ifindex = PROCWALL_TRY(ReadNumber(attribute));
      break;
    case NFQA_UID:
      packet.uid = PROCWALL_TRY(ReadNumber(attribute));
      break;
    case NFQA_SKB_INFO:
      packet.checksum_not_ready =
          (PROCWALL_TRY(ReadNumber(attribute)) & NFQA_SKB_CSUMNOTREADY) != 0;
      break;
    case NFQA_CAP_LEN:
      packet.original_size = PROCWALL_TRY(ReadNumber(attribute));
      break;
    case NFQA_PAYLOAD:
      packet.payload = attribute.payload;
      break;
    default:
      break;
  }
  return {};
}

}  // namespace

Result<QueuedPacket> DecodeQueuedPacket(Bytes netlink_message) {
  ByteReader datagram(netlink_message);
  const NetlinkMessage message = PROCWALL_TRY(ReadNetlinkMessage(datagram));
  if (message.type != kPacketMessage) {
    return Error{Errc::kUnsupported, 0, "decode queued packet"};
  }
  ByteReader attributes(message.body);
  PROCWALL_TRY_STATUS(attributes.Skip(sizeof(nfgenmsg), "skip nfnetlink header"));

  QueuedPacket packet;
  bool has_id = false;
  while (attributes.Remaining() > 0) {
    const NetlinkAttribute attribute = PROCWALL_TRY(ReadNetlinkAttribute(attributes));
    PROCWALL_TRY_STATUS(TakeAttribute(attribute, packet));
    if (attribute.type == NFQA_PACKET_HDR) has_id = true;
  }
  if (!has_id) return Error{Errc::kMalformed, 0, "find id of a queued packet"};
  if (packet.original_size == 0) packet.original_size = packet.payload.size();
  return packet;
}

std::optional<std::uint32_t> FindPacketId(Bytes netlink_message) {
  // The message's own length is not believed: the id comes first, and what follows may be cut.
  ByteReader reader(netlink_message);
  const Result<nlmsghdr> header = reader.Read<nlmsghdr>("read netlink header");
  if (!header || header->nlmsg_type != kPacketMessage) return std::nullopt;
  if (!reader.Skip(sizeof(nfgenmsg), "skip nfnetlink header")) return std::nullopt;
  for (Result<NetlinkAttribute> attribute = ReadNetlinkAttribute(reader); attribute;
       attribute = ReadNetlinkAttribute(reader)) {
    QueuedPacket packet;
    if (attribute->type == NFQA_PACKET_HDR && TakePacketHeader(attribute->payload, packet)) {
      return packet.id;
    }
  }
  return std::nullopt;
}

}  // namespace procwall
