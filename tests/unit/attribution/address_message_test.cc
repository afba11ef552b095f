// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/address_message.h"

#include <gtest/gtest.h>

#include "tests/support/address_reply.h"
#include "tests/support/errc_of.h"

namespace procwall {
namespace {

InterfaceAddress AnAddress(const char* text) { return {*IpAddress::Parse(text), 7}; }

TEST(DecodeAddress, ReadsWhatTheKernelTells) {
  for (const char* text : {"10.91.0.2", "fd91::2"}) {
    EXPECT_EQ(DecodeAddress(AddressReply(AnAddress(text)).Build()).value(), AnAddress(text));
  }
}

TEST(DecodeAddress, PrefersOurEndOfALine) {
  const InterfaceAddress theirs = AnAddress("10.0.0.1");
  const InterfaceAddress ours = AnAddress("10.0.0.2");
  EXPECT_EQ(
      DecodeAddress(AddressReply(ours).Attribute(IFA_ADDRESS, BytesOf(theirs.address)).Build())
          .value(),
      ours);
  EXPECT_EQ(DecodeAddress(AddressReply(theirs, IFA_ADDRESS).Build()).value(), theirs);
}

TEST(DecodeAddress, RefusesOtherThings) {
  ifaddrmsg body{};
  body.ifa_family = AF_UNIX;
  EXPECT_EQ(ErrcOf(DecodeAddress(NetlinkBuilder(RTM_NEWADDR).Body(body).Build())),
            Errc::kUnsupported);
  body.ifa_family = AF_INET;
  EXPECT_EQ(ErrcOf(DecodeAddress(NetlinkBuilder(RTM_NEWLINK).Body(body).Build())),
            Errc::kUnsupported);
  EXPECT_EQ(ErrcOf(DecodeAddress(NetlinkBuilder(RTM_NEWADDR).Body(body).Build())),
            Errc::kMalformed);
  EXPECT_EQ(
      ErrcOf(DecodeAddress(
          NetlinkBuilder(RTM_NEWADDR).Body(body).Attribute(IFA_LOCAL, std::uint8_t{1}).Build())),
      Errc::kTruncated);
}

TEST(DecodeAddress, SurvivesACutAtEveryByte) {
  const ByteVector whole = AddressReply(AnAddress("fd91::2")).Build();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(DecodeAddress(Bytes(whole).first(size))) << size;
  }
}

TEST(DecodeAddress, SurvivesEveryFlippedByte) {
  const ByteVector whole = AddressReply(AnAddress("fd91::2")).Build();
  for (std::size_t i = 0; i < whole.size(); ++i) {
    ByteVector damaged = whole;
    damaged[i] ^= std::byte{0xff};
    (void)DecodeAddress(damaged);
  }
}

}  // namespace
}  // namespace procwall
