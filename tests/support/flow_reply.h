// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <netinet/in.h>

#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>

#include <cstdint>
#include <span>

#include "net/flow_message.h"
#include "tests/support/netlink_builder.h"

namespace procwall {

// What conntrack says of a flow, as the kernel lays it out.
class FlowReply {
 public:
  explicit FlowReply(const TrackedFlow& flow, FlowNews::What what = FlowNews::What::kBegan)
      : flow_(flow), what_(what) {}

  FlowReply& Sequence(std::uint32_t sequence) {
    sequence_ = sequence;
    return *this;
  }
  FlowReply& OfDump() {
    flags_ = NLM_F_MULTI;
    return *this;
  }

  ByteVector Build() const {
    constexpr int kNewMessage = (NFNL_SUBSYS_CTNETLINK << 8) | IPCTNL_MSG_CT_NEW;
    constexpr int kDeleteMessage = (NFNL_SUBSYS_CTNETLINK << 8) | IPCTNL_MSG_CT_DELETE;
    const bool is_v4 = flow_.original.source.address.IsV4();
    NetlinkBuilder builder(what_ == FlowNews::What::kEnded ? kDeleteMessage : kNewMessage);
    const int began = what_ == FlowNews::What::kBegan ? NLM_F_CREATE | NLM_F_EXCL : 0;
    builder.Flags(flags_ != 0 ? flags_ : began).Sequence(sequence_);
    builder.Body(nfgenmsg{static_cast<std::uint8_t>(is_v4 ? AF_INET : AF_INET6), NFNETLINK_V0, 0});
    builder.Attribute(CTA_TUPLE_ORIG | NLA_F_NESTED, Tuple(flow_.original));
    builder.Attribute(CTA_TUPLE_REPLY | NLA_F_NESTED, Tuple(flow_.reply));
    builder.Attribute(CTA_STATUS, BigEndian32(flow_.status));
    if (flow_.timeout_seconds) builder.Attribute(CTA_TIMEOUT, BigEndian32(*flow_.timeout_seconds));
    if (flow_.mark) builder.Attribute(CTA_MARK, BigEndian32(*flow_.mark));
    if (flow_.sent) builder.Attribute(CTA_COUNTERS_ORIG | NLA_F_NESTED, Count(*flow_.sent));
    if (flow_.received) {
      builder.Attribute(CTA_COUNTERS_REPLY | NLA_F_NESTED, Count(*flow_.received));
    }
    if (flow_.started) {
      const auto since = static_cast<std::uint64_t>(flow_.started->time_since_epoch().count());
      builder.Attribute(CTA_TIMESTAMP | NLA_F_NESTED,
                        Nested(NetlinkBuilder(0).Attribute(CTA_TIMESTAMP_START, Big(since))));
    }
    builder.Attribute(CTA_ID, BigEndian32(flow_.id));
    if (flow_.zone != 0) builder.Attribute(CTA_ZONE, Big(flow_.zone));
    if (flow_.state) builder.Attribute(CTA_PROTOINFO | NLA_F_NESTED, State());
    return builder.Build();
  }

  // The tuple's attributes alone.
  ByteVector Tuple(const FlowEnds& ends) const {
    const bool is_v4 = ends.source.address.IsV4();
    const auto bytes = [](const IpAddress& address) {
      return std::as_bytes(std::span(address.Data(), address.Size()));
    };
    NetlinkBuilder addresses(0);
    addresses.Attribute(is_v4 ? CTA_IP_V4_SRC : CTA_IP_V6_SRC, bytes(ends.source.address));
    addresses.Attribute(is_v4 ? CTA_IP_V4_DST : CTA_IP_V6_DST, bytes(ends.destination.address));
    return Nested(NetlinkBuilder(0)
                      .Attribute(CTA_TUPLE_IP | NLA_F_NESTED, Nested(addresses))
                      .Attribute(CTA_TUPLE_PROTO | NLA_F_NESTED, Protocol(ends)));
  }

 private:
  static ByteVector Nested(const NetlinkBuilder& builder) {
    const ByteVector message = builder.Build();
    return {message.begin() + sizeof(nlmsghdr), message.end()};
  }
  template <typename T>
  static ByteVector Big(T value) {
    const BigEndian<T> big(value);
    const auto bytes = std::as_bytes(std::span(&big, 1));
    return {bytes.begin(), bytes.end()};
  }
  static ByteVector Count(const FlowCount& count) {
    return Nested(NetlinkBuilder(0)
                      .Attribute(CTA_COUNTERS_PACKETS, Big(count.packets))
                      .Attribute(CTA_COUNTERS_BYTES, Big(count.bytes)));
  }
  ByteVector State() const {
    const int protocol = flow_.protocol == IpProtocol::kSctp   ? CTA_PROTOINFO_SCTP
                         : flow_.protocol == IpProtocol::kDccp ? CTA_PROTOINFO_DCCP
                                                               : CTA_PROTOINFO_TCP;
    const ByteVector state =
        Nested(NetlinkBuilder(0).Attribute(CTA_PROTOINFO_TCP_STATE, *flow_.state));
    return Nested(NetlinkBuilder(0).Attribute(protocol | NLA_F_NESTED, state));
  }
  ByteVector Protocol(const FlowEnds& ends) const {
    NetlinkBuilder protocol(0);
    protocol.Attribute(CTA_PROTO_NUM, static_cast<std::uint8_t>(flow_.protocol));
    const bool is_icmp = flow_.protocol == IpProtocol::kIcmp;
    if (is_icmp || flow_.protocol == IpProtocol::kIcmpV6) {
      const Port type_and_code = ends.destination.port;
      protocol.Attribute(is_icmp ? CTA_PROTO_ICMP_ID : CTA_PROTO_ICMPV6_ID, Big(ends.source.port));
      protocol.Attribute(is_icmp ? CTA_PROTO_ICMP_TYPE : CTA_PROTO_ICMPV6_TYPE,
                         static_cast<std::uint8_t>(type_and_code >> 8));
      protocol.Attribute(is_icmp ? CTA_PROTO_ICMP_CODE : CTA_PROTO_ICMPV6_CODE,
                         static_cast<std::uint8_t>(type_and_code & 0xff));
    } else {
      protocol.Attribute(CTA_PROTO_SRC_PORT, Big(ends.source.port));
      protocol.Attribute(CTA_PROTO_DST_PORT, Big(ends.destination.port));
    }
    return Nested(protocol);
  }

  TrackedFlow flow_;
  FlowNews::What what_;
  int flags_ = 0;
  std::uint32_t sequence_ = 0;
};

// 10.0.0.1:PORT -> 192.0.2.1:443, established, nothing translated.
inline TrackedFlow SampleFlow(Port port = 40000, std::uint32_t id = 7) {
  TrackedFlow flow;
  flow.id = id;
  flow.original = {{IpAddress::V4({10, 0, 0, 1}), port}, {IpAddress::V4({192, 0, 2, 1}), 443}};
  flow.reply = {flow.original.destination, flow.original.source};
  flow.status = 0xe;  // seen reply, assured, confirmed
  flow.state = std::uint8_t{3};
  flow.timeout_seconds = 432000;
  flow.mark = 0;
  return flow;
}

}  // namespace procwall
