// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "net/quic_keys.h"

#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/support/quic_initial_builder.h"

namespace procwall {
namespace {

template <typename Key>
std::string Hex(const Key& key) {
  std::string text;
  for (const std::uint8_t byte : key) text += fmt::format("{:02x}", byte);
  return text;
}

std::vector<std::byte> ConnectionId() { return ByteWriter().Put(0x8394c8f03e515708U).Take(); }

TEST(ClientInitialKeys, OfVersion1AreThoseOfRfc9001A1) {
  const QuicKeys keys = ClientInitialKeys(QuicVersion::k1, ConnectionId()).value();
  EXPECT_EQ(Hex(keys.key), "1f369613dd76d5467730efcbe3b1a22d");
  EXPECT_EQ(Hex(keys.iv), "fa044b2f42a3fd3b46fb255c");
  EXPECT_EQ(Hex(keys.header), "9f50449e04a0e810283a1e9933adedd2");
}

TEST(ClientInitialKeys, OfVersion2AreThoseOfRfc9369A1) {
  const QuicKeys keys = ClientInitialKeys(QuicVersion::k2, ConnectionId()).value();
  EXPECT_EQ(Hex(keys.key), "8b1a0bc121284290a29e0971b5cd045d");
  EXPECT_EQ(Hex(keys.iv), "91f73e2351d8fa91660e909f");
  EXPECT_EQ(Hex(keys.header), "45b95e15235d6f45a6b19cbcb0294ba9");
}

TEST(UnprotectQuicInitial, GivesTheFramesBack) {
  const auto frames = ByteWriter().Put("these are the frames").Take();
  const auto packet = QuicInitial(frames);
  const std::size_t header_size = packet.size() - 16 - frames.size() - 1;
  const auto opened = UnprotectQuicInitial(QuicVersion::k1, ConnectionId(), packet, header_size);
  ASSERT_TRUE(opened.has_value());
  EXPECT_EQ(*opened, frames);
  EXPECT_FALSE(UnprotectQuicInitial(QuicVersion::k2, ConnectionId(), packet, header_size));
}

TEST(UnprotectQuicInitial, WantsRoomForASample) {
  const auto packet = ByteWriter().Zeros(30).Take();
  const auto opened = UnprotectQuicInitial(QuicVersion::k1, ConnectionId(), packet, 11);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Errc::kTruncated);
  EXPECT_EQ(UnprotectQuicInitial(QuicVersion::k1, ConnectionId(), packet, 10).error().code,
            Errc::kMalformed);
}

}  // namespace
}  // namespace procwall
