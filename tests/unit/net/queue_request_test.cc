// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "net/queue_request.h"

#include <netinet/in.h>

#include <linux/netfilter.h>
#include <linux/netfilter/nfnetlink_conntrack.h>

#include <cstring>

#include <gtest/gtest.h>

#include "tests/support/queue_message.h"

namespace procwall {
namespace {

constexpr int kConfigMessage = (NFNL_SUBSYS_QUEUE << 8) | NFQNL_MSG_CONFIG;
constexpr int kVerdictMessage = (NFNL_SUBSYS_QUEUE << 8) | NFQNL_MSG_VERDICT;

nfgenmsg ForQueue(std::uint16_t number) { return {AF_UNSPEC, NFNETLINK_V0, htons(number)}; }

template <typename T>
Bytes ObjectBytes(const T& value) {
  return std::as_bytes(std::span(&value, 1));
}

TEST(EncodeQueueProbe, AsksForAnAckOfANoOp) {
  const nfqnl_msg_config_cmd command{NFQNL_CFG_CMD_PF_BIND, 0, htons(AF_INET)};
  EXPECT_EQ(EncodeQueueProbe(), NetlinkBuilder(kConfigMessage)
                                    .Flags(NLM_F_REQUEST | NLM_F_ACK)
                                    .Body(ForQueue(0))
                                    .Attribute(NFQA_CFG_CMD, ObjectBytes(command))
                                    .Build());
}

TEST(EncodeQueueBind, SetsLengthAndFlagsAndClearsFailOpen) {
  const nfqnl_msg_config_cmd command{NFQNL_CFG_CMD_BIND, 0, htons(AF_UNSPEC)};
  const std::uint32_t flags = NFQA_CFG_F_GSO | NFQA_CFG_F_UID_GID;
  EXPECT_EQ(EncodeQueueBind({.number = 3, .max_length = 77}),
            NetlinkBuilder(kConfigMessage)
                .Flags(NLM_F_REQUEST | NLM_F_ACK)
                .Body(ForQueue(3))
                .Attribute(NFQA_CFG_CMD, ObjectBytes(command))
                .Attribute(NFQA_CFG_QUEUE_MAXLEN, BigEndian32(77))
                .Attribute(NFQA_CFG_FLAGS, BigEndian32(flags))
                .Attribute(NFQA_CFG_MASK, BigEndian32(flags | NFQA_CFG_F_FAIL_OPEN))
                .Build());
}

TEST(EncodeCopyMode, SetsTheCopyRangeWithoutAnAck) {
  nfqnl_msg_config_params params{};
  params.copy_range = htonl(512);
  params.copy_mode = NFQNL_COPY_PACKET;
  EXPECT_EQ(EncodeCopyMode({.number = 3, .copy_range = 512}),
            NetlinkBuilder(kConfigMessage)
                .Flags(NLM_F_REQUEST)
                .Body(ForQueue(3))
                .Attribute(NFQA_CFG_PARAMS, ObjectBytes(params))
                .Build());
}

ByteVector VerdictMessage(std::uint16_t queue, std::uint32_t id, std::uint32_t verdict) {
  const nfqnl_msg_verdict_hdr header{htonl(verdict), htonl(id)};
  return NetlinkBuilder(kVerdictMessage)
      .Flags(NLM_F_REQUEST)
      .Body(ForQueue(queue))
      .Attribute(NFQA_VERDICT_HDR, ObjectBytes(header))
      .Build();
}

TEST(EncodeVerdict, BuildsAMessageThatCarriesNoMarkAndWantsNoAck) {
  const ByteVector message = EncodeVerdict({.number = 3}, 0x80000001, Verdict::kAccept);
  EXPECT_EQ(message, VerdictMessage(3, 0x80000001, NF_ACCEPT));
  EXPECT_EQ(message.size(), kVerdictBytes);
  EXPECT_EQ(EncodeVerdict({.number = 3}, 2, Verdict::kDrop), VerdictMessage(3, 2, NF_DROP));
}

// One attribute as it lies in a message.
ByteVector MarkAttribute(std::uint16_t type, std::uint32_t big_endian) {
  const nlattr header{sizeof(nlattr) + sizeof(big_endian), type};
  ByteVector bytes(sizeof(header) + sizeof(big_endian));
  std::memcpy(bytes.data(), &header, sizeof(header));
  std::memcpy(bytes.data() + sizeof(header), &big_endian, sizeof(big_endian));
  return bytes;
}

TEST(EncodeVerdict, ChangesOurBitOfTheFlowsMarkAlone) {
  const QueueOptions queue{.number = 3, .flow_mark = 0x20000000};
  const auto message = [](std::uint32_t mark) {
    const nfqnl_msg_verdict_hdr header{htonl(NF_ACCEPT), htonl(7)};
    const ByteVector flow = Join(
        {MarkAttribute(CTA_MARK, htonl(mark)), MarkAttribute(CTA_MARK_MASK, htonl(0x20000000U))});
    return NetlinkBuilder(kVerdictMessage)
        .Flags(NLM_F_REQUEST)
        .Body(ForQueue(3))
        .Attribute(NFQA_VERDICT_HDR, ObjectBytes(header))
        .Attribute(NFQA_CT | NLA_F_NESTED, flow)
        .Build();
  };
  const ByteVector marking = EncodeVerdict(queue, 7, Verdict::kAcceptAndMark);
  EXPECT_EQ(marking, message(0x20000000));
  EXPECT_EQ(marking.size(), kMarkingVerdictBytes);
  EXPECT_EQ(EncodeVerdict(queue, 7, Verdict::kAcceptAndUnmark), message(0));
}

TEST(EncodeVerdict, WithoutAMarkOfOursAcceptsPlainly) {
  EXPECT_EQ(EncodeVerdict({.number = 3}, 7, Verdict::kAcceptAndMark),
            VerdictMessage(3, 7, NF_ACCEPT));
}

}  // namespace
}  // namespace procwall
