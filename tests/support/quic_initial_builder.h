// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>
#include <openssl/evp.h>

#include "net/quic_keys.h"
#include "tests/support/byte_writer.h"

namespace procwall {

// A TLS ClientHello that asks for `server`; without, it has no such extension.
inline std::vector<std::byte> TlsHello(std::string_view server) {
  const auto size16 = [](std::size_t size) { return static_cast<std::uint16_t>(size); };
  ByteWriter extensions;
  extensions.Put(std::uint16_t{43})
      .Put(std::uint16_t{3})
      .Put(std::uint8_t{2})
      .Put(std::uint16_t{0x0304});
  if (!server.empty()) {
    extensions.Put(std::uint16_t{0}).Put(size16(server.size() + 5));
    extensions.Put(size16(server.size() + 3)).Put(std::uint8_t{0}).Put(size16(server.size()));
    extensions.Put(server);
  }
  const auto extension_bytes = extensions.Take();
  ByteWriter hello;
  hello.Put(std::uint16_t{0x0303}).Zeros(32).Put(std::uint8_t{0});  // no session
  hello.Put(std::uint16_t{2}).Put(std::uint16_t{0x1301});           // one cipher suite
  hello.Put(std::uint8_t{1}).Put(std::uint8_t{0});                  // no compression
  hello.Put(size16(extension_bytes.size())).Put(Bytes(extension_bytes));
  const auto body = hello.Take();
  return ByteWriter()
      .Put(static_cast<std::uint32_t>(0x01000000U | body.size()))
      .Put(Bytes(body))
      .Take();
}

// It in TLS records of at most `most` bytes each, as TCP carries it.
inline std::vector<std::byte> TlsRecords(Bytes handshake, std::size_t most = 16384) {
  ByteWriter records;
  for (std::size_t at = 0; at < handshake.size(); at += most) {
    const Bytes part = handshake.subspan(at, std::min(most, handshake.size() - at));
    records.Put(std::uint8_t{22}).Put(std::uint16_t{0x0301});
    records.Put(static_cast<std::uint16_t>(part.size())).Put(part);
  }
  return records.Take();
}

// A CRYPTO frame.
inline std::vector<std::byte> CryptoFrame(std::size_t offset, Bytes data) {
  return ByteWriter()
      .Put(std::uint8_t{6})
      .Put(static_cast<std::uint16_t>(0x4000U | offset))
      .Put(static_cast<std::uint16_t>(0x4000U | data.size()))
      .Put(data)
      .Take();
}

// A client's Initial packet with these frames, sealed as RFC 9001 §5 says.
inline std::vector<std::byte> QuicInitial(Bytes frames, QuicVersion version = QuicVersion::k1) {
  const auto connection_id = ByteWriter().Put(0x8394c8f03e515708U).Take();
  const QuicKeys keys = ClientInitialKeys(version, connection_id).value();
  const std::uint8_t first = version == QuicVersion::k1 ? 0xc0 : 0xd0;  // a number of one byte: 7
  ByteWriter head;
  head.Put(first).Put(version == QuicVersion::k1 ? 1U : 0x6b3343cfU);
  head.Put(std::uint8_t{8}).Put(Bytes(connection_id)).Zeros(2);
  head.Put(static_cast<std::uint16_t>(0x4000U | (1 + frames.size() + 16))).Put(std::uint8_t{7});
  std::vector<std::byte> packet = head.Take();

  const auto octets = [](auto* bytes) {
    return static_cast<unsigned char*>(static_cast<void*>(bytes));
  };
  std::vector<std::byte> header = packet;
  std::vector<std::byte> text(frames.begin(), frames.end());
  std::vector<std::byte> sealed(text.size() + 16);
  auto nonce = keys.iv;
  nonce.back() ^= 7;
  int size = 0;
  EVP_CIPHER_CTX* const seal = EVP_CIPHER_CTX_new();
  EXPECT_EQ(EVP_EncryptInit_ex(seal, EVP_aes_128_gcm(), nullptr, keys.key.data(), nonce.data()), 1);
  EXPECT_EQ(EVP_EncryptUpdate(seal, nullptr, &size, octets(header.data()),
                              static_cast<int>(header.size())),
            1);
  EXPECT_EQ(EVP_EncryptUpdate(seal, octets(sealed.data()), &size, octets(text.data()),
                              static_cast<int>(text.size())),
            1);
  EXPECT_EQ(EVP_EncryptFinal_ex(seal, octets(sealed.data()), &size), 1);
  EXPECT_EQ(
      EVP_CIPHER_CTX_ctrl(seal, EVP_CTRL_GCM_GET_TAG, 16, octets(sealed.data() + text.size())), 1);
  EVP_CIPHER_CTX_free(seal);

  std::array<unsigned char, 16> mask{};
  EVP_CIPHER_CTX* const hide = EVP_CIPHER_CTX_new();
  EXPECT_EQ(EVP_EncryptInit_ex(hide, EVP_aes_128_ecb(), nullptr, keys.header.data(), nullptr), 1);
  EXPECT_EQ(EVP_EncryptUpdate(hide, mask.data(), &size, octets(sealed.data() + 3), 16), 1);
  EVP_CIPHER_CTX_free(hide);
  packet.front() ^= static_cast<std::byte>(mask[0] & 0x0fU);
  packet.back() ^= static_cast<std::byte>(mask[1]);
  packet.insert(packet.end(), sealed.begin(), sealed.end());
  return packet;
}

}  // namespace procwall
