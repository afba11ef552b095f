// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "net/flow_mark.h"

#include <arpa/inet.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>

#include <libmnl/libmnl.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>

#include <array>
#include <span>

#include "net/netlink_message.h"

namespace procwall {
namespace {

// A tuple has 60 bytes at most; what comes from a dump is not let grow beyond this either.
constexpr std::size_t kMaxTupleBytes = 512;

struct FlowDraft {
  alignas(nlmsghdr) std::array<char, 1024> buffer{};
  nlmsghdr* header = nullptr;

  FlowDraft(int message, int flags, std::uint8_t family) {
    header = mnl_nlmsg_put_header(buffer.data());
    header->nlmsg_type = static_cast<std::uint16_t>((NFNL_SUBSYS_CTNETLINK << 8) | message);
    header->nlmsg_flags = static_cast<std::uint16_t>(NLM_F_REQUEST | flags);
    auto* const family_header =
        static_cast<nfgenmsg*>(mnl_nlmsg_put_extra_header(header, sizeof(nfgenmsg)));
    family_header->nfgen_family = family;
    family_header->version = NFNETLINK_V0;
  }
  std::vector<std::byte> Finished() const {
    const auto bytes = std::as_bytes(std::span(buffer)).first(header->nlmsg_len);
    return {bytes.begin(), bytes.end()};
  }
};

void PutAddresses(nlmsghdr* header, const Connection& connection) {
  const bool is_v4 = connection.Family() == IpFamily::kV4;
  const IpAddress& source = connection.Source().address;
  const IpAddress& destination = connection.Destination().address;
  nlattr* const nest = mnl_attr_nest_start(header, CTA_TUPLE_IP);
  mnl_attr_put(header, is_v4 ? CTA_IP_V4_SRC : CTA_IP_V6_SRC, source.Size(), source.Data());
  mnl_attr_put(header, is_v4 ? CTA_IP_V4_DST : CTA_IP_V6_DST, destination.Size(),
               destination.Data());
  mnl_attr_nest_end(header, nest);
}

bool IsEchoRequest(const Connection& connection) {
  const bool is_icmp =
      connection.protocol == IpProtocol::kIcmp || connection.protocol == IpProtocol::kIcmpV6;
  return is_icmp && connection.local.port != 0 && connection.remote.port == 0;
}

void PutProtocol(nlmsghdr* header, const Connection& connection) {
  nlattr* const nest = mnl_attr_nest_start(header, CTA_TUPLE_PROTO);
  mnl_attr_put_u8(header, CTA_PROTO_NUM, static_cast<std::uint8_t>(connection.protocol));
  if (connection.protocol == IpProtocol::kIcmp) {
    mnl_attr_put_u16(header, CTA_PROTO_ICMP_ID, htons(connection.local.port));
    mnl_attr_put_u8(header, CTA_PROTO_ICMP_TYPE, ICMP_ECHO);
    mnl_attr_put_u8(header, CTA_PROTO_ICMP_CODE, 0);
  } else if (connection.protocol == IpProtocol::kIcmpV6) {
    mnl_attr_put_u16(header, CTA_PROTO_ICMPV6_ID, htons(connection.local.port));
    mnl_attr_put_u8(header, CTA_PROTO_ICMPV6_TYPE, ICMP6_ECHO_REQUEST);
    mnl_attr_put_u8(header, CTA_PROTO_ICMPV6_CODE, 0);
  } else {
    mnl_attr_put_u16(header, CTA_PROTO_SRC_PORT, htons(connection.Source().port));
    mnl_attr_put_u16(header, CTA_PROTO_DST_PORT, htons(connection.Destination().port));
  }
  mnl_attr_nest_end(header, nest);
}

// The kernel sets the mark to (its own and not the mask) xor the value.
void PutMark(nlmsghdr* header, FlowMark value, FlowMark mask) {
  mnl_attr_put_u32(header, CTA_MARK, htonl(value));
  mnl_attr_put_u32(header, CTA_MARK_MASK, htonl(mask));
}

}  // namespace

std::vector<std::byte> EncodeMarkFlow(const Connection& connection, FlowMark mark,
                                      MarkChange change) {
  if (!HasPorts(connection.protocol) && !IsEchoRequest(connection)) return {};
  FlowDraft draft(IPCTNL_MSG_CT_NEW, 0, connection.Family() == IpFamily::kV4 ? AF_INET : AF_INET6);
  nlattr* const tuple = mnl_attr_nest_start(draft.header, CTA_TUPLE_ORIG);
  PutAddresses(draft.header, connection);
  PutProtocol(draft.header, connection);
  mnl_attr_nest_end(draft.header, tuple);
  PutMark(draft.header, change == MarkChange::kSet ? mark : 0, mark);
  return draft.Finished();
}

std::vector<std::byte> EncodeFlowQuestion(const Connection& connection) {
  if (!HasPorts(connection.protocol)) return {};
  FlowDraft draft(IPCTNL_MSG_CT_GET, 0, connection.Family() == IpFamily::kV4 ? AF_INET : AF_INET6);
  nlattr* const tuple = mnl_attr_nest_start(draft.header, CTA_TUPLE_ORIG);
  PutAddresses(draft.header, connection);
  PutProtocol(draft.header, connection);
  mnl_attr_nest_end(draft.header, tuple);
  return draft.Finished();
}

std::vector<std::byte> EncodeMarkedFlowsDump(FlowMark mark) {
  FlowDraft draft(IPCTNL_MSG_CT_GET, NLM_F_DUMP, AF_UNSPEC);
  PutMark(draft.header, mark, mark);
  return draft.Finished();
}

Result<std::vector<std::byte>> EncodeUnmarkFlow(Bytes flow, FlowMark mark) {
  ByteReader datagram(flow);
  const NetlinkMessage message = PROCWALL_TRY(ReadNetlinkMessage(datagram));
  ByteReader reader(message.body);
  const auto header = PROCWALL_TRY(reader.Read<nfgenmsg>("read conntrack message"));
  FlowDraft draft(IPCTNL_MSG_CT_NEW, NLM_F_ACK, header.nfgen_family);
  bool has_tuple = false;
  while (reader.Remaining() > 0) {
    const NetlinkAttribute attribute = PROCWALL_TRY(ReadNetlinkAttribute(reader));
    const bool names_it = attribute.type == CTA_TUPLE_ORIG || attribute.type == CTA_ZONE;
    if (!names_it) continue;
    if (attribute.payload.size() > kMaxTupleBytes ||
        !mnl_attr_put_check(
            draft.header, draft.buffer.size() / 2,
            static_cast<std::uint16_t>(attribute.type |
                                       (attribute.type == CTA_TUPLE_ORIG ? NLA_F_NESTED : 0)),
            attribute.payload.size(), attribute.payload.data())) {
      return Error{Errc::kMalformed, 0, "read conntrack message"};
    }
    has_tuple = has_tuple || attribute.type == CTA_TUPLE_ORIG;
  }
  if (!has_tuple) return Error{Errc::kMalformed, 0, "read conntrack message"};
  PutMark(draft.header, 0, mark);
  return draft.Finished();
}

}  // namespace procwall
