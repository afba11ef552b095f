// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "net/quic_initial.h"

#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/quic_initial_builder.h"

namespace procwall {
namespace {

std::string AskedName(const Result<std::string>& name) {
  return name ? "asks for \"" + *name + "\"" : name.error().ToString();
}

std::vector<std::byte> Golden(const std::string& name) {
  std::ifstream file(PROCWALL_GOLDEN_QUIC "/" + name);
  std::vector<std::byte> bytes;
  std::string line;
  while (file >> line) {
    for (std::size_t at = 0; at + 1 < line.size(); at += 2) {
      bytes.push_back(static_cast<std::byte>(std::stoi(line.substr(at, 2), nullptr, 16)));
    }
  }
  return bytes;
}

std::vector<std::byte> Joined(std::initializer_list<std::vector<std::byte>> parts) {
  std::vector<std::byte> joined;
  for (const auto& part : parts) joined.insert(joined.end(), part.begin(), part.end());
  return joined;
}

std::vector<std::byte> Padding(std::size_t size) { return std::vector<std::byte>(size); }

TEST(ParseQuicInitial, ReadsThePacketOfRfc9001A2) {
  const auto packet = Golden("rfc9001-a2.hex");
  ASSERT_EQ(packet.size(), 1200U);
  EXPECT_TRUE(LooksLikeQuicInitial(packet));
  EXPECT_EQ(AskedName(ParseQuicInitial(packet)), "asks for \"example.com\"");
}

TEST(ParseQuicInitial, ReadsThePacketOfRfc9369A2) {
  const auto packet = Golden("rfc9369-a2.hex");
  ASSERT_EQ(packet.size(), 1200U);
  EXPECT_TRUE(LooksLikeQuicInitial(packet));
  EXPECT_EQ(AskedName(ParseQuicInitial(packet)), "asks for \"example.com\"");
}

TEST(ParseQuicInitial, ReadsFramesInAnyOrder) {
  const auto hello = TlsHello("example.org");
  const Bytes all(hello);
  const auto frames = Joined({CryptoFrame(60, all.subspan(60)),
                              Padding(3),
                              CryptoFrame(0, all.first(10)),
                              {std::byte{1}},
                              CryptoFrame(5, all.subspan(5, 60)),
                              Padding(30)});
  EXPECT_EQ(AskedName(ParseQuicInitial(QuicInitial(frames))), "asks for \"example.org\"");
}

TEST(ParseQuicInitial, ReadsWhatIsBehindThePacketNever) {
  auto datagram = QuicInitial(CryptoFrame(0, TlsHello("example.org")));
  datagram.resize(datagram.size() + 100, std::byte{0x5a});
  EXPECT_EQ(AskedName(ParseQuicInitial(datagram)), "asks for \"example.org\"");
}

TEST(ParseQuicInitial, SaysThatTheHelloGoesOnElsewhere) {
  const auto hello = TlsHello("example.org");
  const auto first = CryptoFrame(0, Bytes(hello).first(55));
  EXPECT_EQ(ParseQuicInitial(QuicInitial(first)).error().code, Errc::kTruncated);
  const auto second = CryptoFrame(55, Bytes(hello).subspan(55));
  EXPECT_EQ(ParseQuicInitial(QuicInitial(second)).error().code, Errc::kTruncated);
  EXPECT_EQ(AskedName(ParseQuicInitial(QuicInitial(Padding(40)))),
            "find quic crypto frames: truncated");
}

TEST(ParseQuicInitial, RefusesOtherPackets) {
  auto packet = QuicInitial(CryptoFrame(0, TlsHello("example.org")));
  auto other = packet;
  other[0] = std::byte{0x40};  // a short header
  EXPECT_FALSE(LooksLikeQuicInitial(other));
  EXPECT_EQ(ParseQuicInitial(other).error().code, Errc::kUnsupported);
  other = packet;
  other[0] ^= std::byte{0x20};  // a handshake packet
  EXPECT_FALSE(LooksLikeQuicInitial(other));
  other = packet;
  other[4] = std::byte{3};  // a version of the future
  EXPECT_EQ(ParseQuicInitial(other).error().code, Errc::kUnsupported);
  EXPECT_FALSE(LooksLikeQuicInitial(Bytes(packet).first(4)));
}

TEST(ParseQuicInitial, RefusesFramesThatHaveNoPlaceInIt) {
  const auto stream_frame = ByteWriter().Put(std::uint8_t{8}).Zeros(4).Take();
  EXPECT_EQ(AskedName(ParseQuicInitial(QuicInitial(stream_frame))),
            "check quic frame type: malformed");
}

TEST(ParseQuicInitial, RefusesMoreFramesThanItsLimit) {
  std::vector<std::byte> frames;
  for (int i = 0; i < 200; ++i) frames = Joined({frames, CryptoFrame(0, {})});
  EXPECT_EQ(AskedName(ParseQuicInitialFrames(frames)), "count quic frames: too large");
}

TEST(ParseQuicInitial, GivesNothingForEveryCut) {
  const auto packet = QuicInitial(CryptoFrame(0, TlsHello("example.org")));
  for (std::size_t size = 0; size < packet.size(); ++size) {
    const auto name = ParseQuicInitial(Bytes(packet).first(size));
    ASSERT_FALSE(name) << size;
    ASSERT_EQ(name.error().code, Errc::kTruncated) << size;
  }
}

TEST(ParseQuicInitial, BelievesNoPacketWithAFlippedBit) {
  const auto packet = QuicInitial(CryptoFrame(0, TlsHello("example.org")));
  for (std::size_t bit = 0; bit < packet.size() * 8; ++bit) {
    auto damaged = packet;
    damaged[bit / 8] ^= std::byte{1} << (bit % 8);
    ASSERT_FALSE(ParseQuicInitial(damaged)) << bit;
  }
}

}  // namespace
}  // namespace procwall
