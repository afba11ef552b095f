// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/packet_socket_message.h"

#include <gtest/gtest.h>

#include "tests/support/errc_of.h"
#include "tests/support/packet_socket_reply.h"

namespace procwall {
namespace {

PacketSocket ASocket() { return {.inode = 4711, .protocol = 3, .ifindex = 2, .uid = 1000}; }

TEST(DecodePacketSocket, ReadsWhatTheKernelTells) {
  EXPECT_EQ(DecodePacketSocket(PacketSocketReply(ASocket()).Build()).value(), ASocket());
}

TEST(DecodePacketSocket, DoesWithoutAttributes) {
  packet_diag_msg body{};
  body.pdiag_family = AF_PACKET;
  body.pdiag_ino = 9;
  EXPECT_EQ(DecodePacketSocket(NetlinkBuilder(SOCK_DIAG_BY_FAMILY).Body(body).Build()).value(),
            (PacketSocket{.inode = 9, .protocol = 0, .ifindex = 0, .uid = {}}));
}

TEST(DecodePacketSocket, RefusesAnotherFamily) {
  packet_diag_msg body{};
  body.pdiag_family = AF_INET;
  EXPECT_EQ(ErrcOf(DecodePacketSocket(NetlinkBuilder(SOCK_DIAG_BY_FAMILY).Body(body).Build())),
            Errc::kUnsupported);
  EXPECT_EQ(ErrcOf(DecodePacketSocket(NetlinkBuilder(NLMSG_MIN_TYPE).Body(body).Build())),
            Errc::kUnsupported);
}

TEST(DecodePacketSocket, SurvivesACutAtEveryByte) {
  const ByteVector whole = PacketSocketReply(ASocket()).Build();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(DecodePacketSocket(Bytes(whole).first(size))) << size;
  }
}

TEST(DecodePacketSocket, SurvivesEveryFlippedByte) {
  const ByteVector whole = PacketSocketReply(ASocket()).Build();
  for (std::size_t i = 0; i < whole.size(); ++i) {
    ByteVector damaged = whole;
    damaged[i] ^= std::byte{0xff};
    (void)DecodePacketSocket(damaged);
  }
}

TEST(DecodePacketSocket, RefusesAttributesThatAreTooShort) {
  packet_diag_msg body{};
  body.pdiag_family = AF_PACKET;
  for (const int type : {PACKET_DIAG_INFO, PACKET_DIAG_UID}) {
    EXPECT_EQ(ErrcOf(DecodePacketSocket(NetlinkBuilder(SOCK_DIAG_BY_FAMILY)
                                            .Body(body)
                                            .Attribute(type, std::uint8_t{1})
                                            .Build())),
              Errc::kTruncated);
  }
}

}  // namespace
}  // namespace procwall
