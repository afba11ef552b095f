// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "net/flow_message.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <libmnl/libmnl.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>

#include <array>
#include <chrono>
#include <span>

#include "net/netlink_message.h"

namespace procwall {
namespace {

constexpr const char* kRead = "read conntrack message";

template <typename Each>
Status ForEachAttribute(Bytes attributes, const Each& each) {
  ByteReader reader(attributes);
  while (reader.Remaining() > 0) {
    PROCWALL_TRY_STATUS(each(PROCWALL_TRY(ReadNetlinkAttribute(reader))));
  }
  return {};
}

template <typename T>
Result<T> Number(const NetlinkAttribute& attribute) {
  return PROCWALL_TRY(ByteReader(attribute.payload).Read<BigEndian<T>>(kRead)).host();
}

template <typename Wire>
Result<Wire> Raw(const NetlinkAttribute& attribute) {
  return ByteReader(attribute.payload).Read<Wire>(kRead);
}

Status ReadAddress(const NetlinkAttribute& attribute, FlowEnds& ends) {
  switch (attribute.type) {
    case CTA_IP_V4_SRC:
      ends.source.address =
          IpAddress::V4(PROCWALL_TRY((Raw<std::array<std::uint8_t, 4>>(attribute))));
      return {};
    case CTA_IP_V4_DST:
      ends.destination.address =
          IpAddress::V4(PROCWALL_TRY((Raw<std::array<std::uint8_t, 4>>(attribute))));
      return {};
    case CTA_IP_V6_SRC:
      ends.source.address =
          IpAddress::V6(PROCWALL_TRY((Raw<std::array<std::uint8_t, 16>>(attribute))));
      return {};
    case CTA_IP_V6_DST:
      ends.destination.address =
          IpAddress::V6(PROCWALL_TRY((Raw<std::array<std::uint8_t, 16>>(attribute))));
      return {};
    default:
      return {};
  }
}

void SetIcmpByte(Port& type_and_code, std::uint8_t value, unsigned shift) {
  const auto others = static_cast<Port>(type_and_code & ~(0xffU << shift));
  type_and_code = static_cast<Port>(others | (static_cast<unsigned>(value) << shift));
}

Status ReadProtocol(const NetlinkAttribute& attribute, FlowEnds& ends, IpProtocol& protocol) {
  switch (attribute.type) {
    case CTA_PROTO_NUM:
      protocol = static_cast<IpProtocol>(PROCWALL_TRY(Raw<std::uint8_t>(attribute)));
      return {};
    case CTA_PROTO_SRC_PORT:
    case CTA_PROTO_ICMP_ID:
    case CTA_PROTO_ICMPV6_ID:
      ends.source.port = PROCWALL_TRY(Number<std::uint16_t>(attribute));
      return {};
    case CTA_PROTO_DST_PORT:
      ends.destination.port = PROCWALL_TRY(Number<std::uint16_t>(attribute));
      return {};
    case CTA_PROTO_ICMP_TYPE:
    case CTA_PROTO_ICMPV6_TYPE:
      SetIcmpByte(ends.destination.port, PROCWALL_TRY(Raw<std::uint8_t>(attribute)), 8);
      return {};
    case CTA_PROTO_ICMP_CODE:
    case CTA_PROTO_ICMPV6_CODE:
      SetIcmpByte(ends.destination.port, PROCWALL_TRY(Raw<std::uint8_t>(attribute)), 0);
      return {};
    default:
      return {};
  }
}

Status ReadTuple(const NetlinkAttribute& tuple, FlowEnds& ends, IpProtocol& protocol) {
  return ForEachAttribute(tuple.payload, [&](const NetlinkAttribute& part) -> Status {
    if (part.type == CTA_TUPLE_IP) {
      return ForEachAttribute(part.payload, [&](const NetlinkAttribute& address) {
        return ReadAddress(address, ends);
      });
    }
    if (part.type != CTA_TUPLE_PROTO) return {};
    return ForEachAttribute(part.payload, [&](const NetlinkAttribute& field) {
      return ReadProtocol(field, ends, protocol);
    });
  });
}

Status ReadCount(const NetlinkAttribute& counters, std::optional<FlowCount>& count) {
  FlowCount read;
  PROCWALL_TRY_STATUS(
      ForEachAttribute(counters.payload, [&](const NetlinkAttribute& part) -> Status {
        if (part.type == CTA_COUNTERS_PACKETS) {
          read.packets = PROCWALL_TRY(Number<std::uint64_t>(part));
        } else if (part.type == CTA_COUNTERS_BYTES) {
          read.bytes = PROCWALL_TRY(Number<std::uint64_t>(part));
        }
        return {};
      }));
  count = read;
  return {};
}

Status ReadStart(const NetlinkAttribute& times, std::optional<WallTime>& started) {
  return ForEachAttribute(times.payload, [&](const NetlinkAttribute& part) -> Status {
    if (part.type != CTA_TIMESTAMP_START) return {};
    const auto nanoseconds = PROCWALL_TRY(Number<std::uint64_t>(part));
    // Past the year 2262 it would not fit: then nobody knows.
    if (nanoseconds > static_cast<std::uint64_t>(std::chrono::nanoseconds::max().count()))
      return {};
    started = WallTime(std::chrono::nanoseconds(static_cast<std::int64_t>(nanoseconds)));
    return {};
  });
}

// The state is the first attribute of each of the three.
static_assert(CTA_PROTOINFO_TCP_STATE == 1 && CTA_PROTOINFO_DCCP_STATE == 1 &&
              CTA_PROTOINFO_SCTP_STATE == 1);
Status ReadState(const NetlinkAttribute& info, std::optional<std::uint8_t>& state) {
  return ForEachAttribute(info.payload, [&](const NetlinkAttribute& protocol) -> Status {
    if (protocol.type < CTA_PROTOINFO_TCP || protocol.type > CTA_PROTOINFO_SCTP) return {};
    return ForEachAttribute(protocol.payload, [&](const NetlinkAttribute& part) -> Status {
      if (part.type == CTA_PROTOINFO_TCP_STATE) {
        state = PROCWALL_TRY(Raw<std::uint8_t>(part));
      }
      return {};
    });
  });
}

Status ReadFlowAttribute(const NetlinkAttribute& attribute, TrackedFlow& flow) {
  switch (attribute.type) {
    case CTA_STATUS:
      flow.status = PROCWALL_TRY(Number<std::uint32_t>(attribute));
      return {};
    case CTA_PROTOINFO:
      return ReadState(attribute, flow.state);
    case CTA_TIMEOUT:
      flow.timeout_seconds = PROCWALL_TRY(Number<std::uint32_t>(attribute));
      return {};
    case CTA_MARK:
      flow.mark = PROCWALL_TRY(Number<std::uint32_t>(attribute));
      return {};
    case CTA_COUNTERS_ORIG:
      return ReadCount(attribute, flow.sent);
    case CTA_COUNTERS_REPLY:
      return ReadCount(attribute, flow.received);
    case CTA_ID:
      flow.id = PROCWALL_TRY(Number<std::uint32_t>(attribute));
      return {};
    case CTA_ZONE:
      flow.zone = PROCWALL_TRY(Number<std::uint16_t>(attribute));
      return {};
    case CTA_TIMESTAMP:
      return ReadStart(attribute, flow.started);
    default:
      return {};
  }
}

FlowNews::What WhatOf(const NetlinkMessage& message) {
  if ((message.type & 0xff) == IPCTNL_MSG_CT_DELETE) return FlowNews::What::kEnded;
  return (message.flags & NLM_F_CREATE) != 0 ? FlowNews::What::kBegan : FlowNews::What::kChanged;
}

bool IsAboutFlows(std::uint16_t type) {
  constexpr int kNew = (NFNL_SUBSYS_CTNETLINK << 8) | IPCTNL_MSG_CT_NEW;
  constexpr int kDelete = (NFNL_SUBSYS_CTNETLINK << 8) | IPCTNL_MSG_CT_DELETE;
  return type == kNew || type == kDelete;
}

struct Request {
  alignas(nlmsghdr) std::array<char, 512> buffer{};
  nlmsghdr* header = nullptr;

  Request(int message, int flags, std::uint8_t family) {
    header = mnl_nlmsg_put_header(buffer.data());
    header->nlmsg_type = static_cast<std::uint16_t>((NFNL_SUBSYS_CTNETLINK << 8) | message);
    header->nlmsg_flags = static_cast<std::uint16_t>(NLM_F_REQUEST | flags);
    auto* const body = static_cast<nfgenmsg*>(mnl_nlmsg_put_extra_header(header, sizeof(nfgenmsg)));
    body->nfgen_family = family;
    body->version = NFNETLINK_V0;
  }
  std::vector<std::byte> Finished() const {
    const auto bytes = std::as_bytes(std::span(buffer)).first(header->nlmsg_len);
    return {bytes.begin(), bytes.end()};
  }
};

void PutIcmp(nlmsghdr* header, const TrackedFlow& flow) {
  const bool is_v4 = flow.protocol == IpProtocol::kIcmp;
  const Port type_and_code = flow.original.destination.port;
  mnl_attr_put_u16(header, is_v4 ? CTA_PROTO_ICMP_ID : CTA_PROTO_ICMPV6_ID,
                   htons(flow.original.source.port));
  mnl_attr_put_u8(header, is_v4 ? CTA_PROTO_ICMP_TYPE : CTA_PROTO_ICMPV6_TYPE,
                  static_cast<std::uint8_t>(type_and_code >> 8));
  mnl_attr_put_u8(header, is_v4 ? CTA_PROTO_ICMP_CODE : CTA_PROTO_ICMPV6_CODE,
                  static_cast<std::uint8_t>(type_and_code & 0xff));
}

void PutOriginal(nlmsghdr* header, const TrackedFlow& flow) {
  const FlowEnds& ends = flow.original;
  const bool is_v4 = ends.source.address.IsV4();
  const IpAddress& source = ends.source.address;
  const IpAddress& destination = ends.destination.address;
  nlattr* const tuple = mnl_attr_nest_start(header, CTA_TUPLE_ORIG);
  nlattr* const addresses = mnl_attr_nest_start(header, CTA_TUPLE_IP);
  mnl_attr_put(header, is_v4 ? CTA_IP_V4_SRC : CTA_IP_V6_SRC, source.Size(), source.Data());
  mnl_attr_put(header, is_v4 ? CTA_IP_V4_DST : CTA_IP_V6_DST, destination.Size(),
               destination.Data());
  mnl_attr_nest_end(header, addresses);
  nlattr* const protocol = mnl_attr_nest_start(header, CTA_TUPLE_PROTO);
  mnl_attr_put_u8(header, CTA_PROTO_NUM, static_cast<std::uint8_t>(flow.protocol));
  if (flow.protocol == IpProtocol::kIcmp || flow.protocol == IpProtocol::kIcmpV6) {
    PutIcmp(header, flow);
  } else if (HasPorts(flow.protocol) || ends.source.port != 0 || ends.destination.port != 0) {
    mnl_attr_put_u16(header, CTA_PROTO_SRC_PORT, htons(ends.source.port));
    mnl_attr_put_u16(header, CTA_PROTO_DST_PORT, htons(ends.destination.port));
  }
  mnl_attr_nest_end(header, protocol);
  mnl_attr_nest_end(header, tuple);
}

}  // namespace

Result<FlowNews> DecodeFlowNews(Bytes netlink_message) {
  ByteReader datagram(netlink_message);
  const NetlinkMessage message = PROCWALL_TRY(ReadNetlinkMessage(datagram));
  if (!IsAboutFlows(message.type)) return Error{Errc::kUnsupported, 0, kRead};
  ByteReader reader(message.body);
  const auto family = PROCWALL_TRY(reader.Read<nfgenmsg>(kRead)).nfgen_family;
  if (family != AF_INET && family != AF_INET6) return Error{Errc::kUnsupported, 0, kRead};
  FlowNews news;
  news.what = WhatOf(message);
  bool has_original = false;
  bool has_reply = false;
  IpProtocol of_reply{};
  PROCWALL_TRY_STATUS(ForEachAttribute(reader.Rest(), [&](const NetlinkAttribute& part) -> Status {
    if (part.type == CTA_TUPLE_ORIG) {
      has_original = true;
      return ReadTuple(part, news.flow.original, news.flow.protocol);
    }
    if (part.type == CTA_TUPLE_REPLY) {
      has_reply = true;
      return ReadTuple(part, news.flow.reply, of_reply);
    }
    return ReadFlowAttribute(part, news.flow);
  }));
  if (!has_original || !has_reply) return Error{Errc::kMalformed, 0, kRead};
  return news;
}

std::vector<std::byte> EncodeFlowDump() {
  return Request(IPCTNL_MSG_CT_GET, NLM_F_DUMP, AF_UNSPEC).Finished();
}

std::vector<std::byte> EncodeRemoveFlow(const TrackedFlow& flow) {
  const bool is_v4 = flow.original.source.address.IsV4();
  Request request(IPCTNL_MSG_CT_DELETE, NLM_F_ACK, is_v4 ? AF_INET : AF_INET6);
  PutOriginal(request.header, flow);
  if (flow.zone != 0) mnl_attr_put_u16(request.header, CTA_ZONE, htons(flow.zone));
  mnl_attr_put_u32(request.header, CTA_ID, htonl(flow.id));
  return request.Finished();
}

}  // namespace procwall
