// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "net/quic_keys.h"

#include <algorithm>
#include <memory>
#include <span>
#include <string_view>

#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace procwall {
namespace {

using Secret = std::array<std::uint8_t, 32>;  // of SHA-256
using Salt = std::array<std::uint8_t, 20>;

constexpr std::size_t kTagSize = 16;
constexpr std::size_t kSampleSize = 16;
constexpr std::size_t kSampleOffset = 4;  // RFC 9001 §5.4.2: as if the packet number were so long

// What differs between the versions.
struct Recipe {
  Salt salt;
  std::string_view key;
  std::string_view iv;
  std::string_view header;
};
constexpr Recipe kVersion1 = {  // RFC 9001 §5.2
    .salt = {0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17,
             0x9a, 0xe6, 0xa4, 0xc8, 0x0c, 0xad, 0xcc, 0xbb, 0x7f, 0x0a},
    .key = "quic key",
    .iv = "quic iv",
    .header = "quic hp"};
constexpr Recipe kVersion2 = {  // RFC 9369 §3.3
    .salt = {0x0d, 0xed, 0xe3, 0xde, 0xf7, 0x00, 0xa6, 0xdb, 0x81, 0x93,
             0x81, 0xbe, 0x6e, 0x26, 0x9d, 0xcb, 0xf9, 0xbd, 0x2e, 0xd9},
    .key = "quicv2 key",
    .iv = "quicv2 iv",
    .header = "quicv2 hp"};

constexpr Error kCryptoFailed = {Errc::kSystem, 0, "use libcrypto"};

const unsigned char* Octets(Bytes bytes) {
  return static_cast<const unsigned char*>(static_cast<const void*>(bytes.data()));
}
unsigned char* Octets(std::span<std::byte> bytes) {
  return static_cast<unsigned char*>(static_cast<void*>(bytes.data()));
}

Result<Secret> Hmac(Bytes key, Bytes text) {
  Secret digest{};
  unsigned size = 0;
  const unsigned char* const done = HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
                                         Octets(text), text.size(), digest.data(), &size);
  if (done == nullptr || size != digest.size()) return kCryptoFailed;
  return digest;
}

// HKDF-Expand-Label (RFC 8446 §7.1) without context, of at most one block (RFC 5869 §2.3).
template <std::size_t kSize>
Result<std::array<std::uint8_t, kSize>> Expand(const Secret& secret, std::string_view label) {
  static_assert(kSize <= sizeof(Secret));
  constexpr std::string_view kPrefix = "tls13 ";
  std::vector<std::byte> info = {std::byte{0}, static_cast<std::byte>(kSize),
                                 static_cast<std::byte>(kPrefix.size() + label.size())};
  for (const char c : kPrefix) info.push_back(static_cast<std::byte>(c));
  for (const char c : label) info.push_back(static_cast<std::byte>(c));
  info.push_back(std::byte{0});  // no context
  info.push_back(std::byte{1});  // the first block
  const Secret block = PROCWALL_TRY(Hmac(std::as_bytes(std::span(secret)), info));
  std::array<std::uint8_t, kSize> key{};
  std::copy_n(block.begin(), kSize, key.begin());
  return key;
}

struct FreeContext {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

using Block = std::array<std::uint8_t, 16>;

// RFC 9001 §5.4.3.
Result<Block> HeaderMask(const QuicKeys& keys, Bytes sample) {
  const Context context(EVP_CIPHER_CTX_new());
  Block mask{};
  int size = 0;
  const bool done = context &&
                    EVP_EncryptInit_ex(context.get(), EVP_aes_128_ecb(), nullptr,
                                       keys.header.data(), nullptr) == 1 &&
                    EVP_EncryptUpdate(context.get(), mask.data(), &size, Octets(sample),
                                      static_cast<int>(kSampleSize)) == 1;
  if (!done || size != static_cast<int>(mask.size())) return kCryptoFailed;
  return mask;
}

// §5.3: AES-128-GCM; `sealed` ends with the tag.
Result<std::vector<std::byte>> Open(const QuicKeys& keys, std::uint64_t number, Bytes header,
                                    Bytes sealed) {
  std::array<std::uint8_t, 12> nonce = keys.iv;
  for (std::size_t i = 0; i < sizeof(number); ++i) {
    nonce[nonce.size() - 1 - i] ^= static_cast<std::uint8_t>(number >> (8 * i));
  }
  const Context context(EVP_CIPHER_CTX_new());
  std::array<std::uint8_t, kTagSize> tag{};
  const Bytes tag_bytes = sealed.last(kTagSize);
  std::transform(tag_bytes.begin(), tag_bytes.end(), tag.begin(),
                 [](std::byte byte) { return std::to_integer<std::uint8_t>(byte); });
  const Bytes text = sealed.first(sealed.size() - kTagSize);
  std::vector<std::byte> opened(text.size());
  int size = 0;
  const bool done =
      context &&
      EVP_DecryptInit_ex(context.get(), EVP_aes_128_gcm(), nullptr, keys.key.data(),
                         nonce.data()) == 1 &&
      EVP_DecryptUpdate(context.get(), nullptr, &size, Octets(header),
                        static_cast<int>(header.size())) == 1 &&
      EVP_DecryptUpdate(context.get(), Octets(std::span(opened)), &size, Octets(text),
                        static_cast<int>(text.size())) == 1 &&
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, kTagSize, tag.data()) == 1;
  if (!done) return kCryptoFailed;
  unsigned char none = 0;
  if (EVP_DecryptFinal_ex(context.get(), &none, &size) != 1) {
    return Error{Errc::kMalformed, 0, "authenticate quic packet"};
  }
  return opened;
}

}  // namespace

Result<QuicKeys> ClientInitialKeys(QuicVersion version, Bytes connection_id) {
  const Recipe& recipe = version == QuicVersion::k1 ? kVersion1 : kVersion2;
  const Secret initial = PROCWALL_TRY(Hmac(std::as_bytes(std::span(recipe.salt)), connection_id));
  const Secret client = PROCWALL_TRY(Expand<sizeof(Secret)>(initial, "client in"));
  QuicKeys keys;
  keys.key = PROCWALL_TRY(Expand<16>(client, recipe.key));
  keys.iv = PROCWALL_TRY(Expand<12>(client, recipe.iv));
  keys.header = PROCWALL_TRY(Expand<16>(client, recipe.header));
  return keys;
}

Result<std::vector<std::byte>> UnprotectQuicInitial(QuicVersion version, Bytes connection_id,
                                                    Bytes packet, std::size_t header_size) {
  const Bytes body = packet.subspan(header_size);
  if (body.size() < kSampleOffset + kSampleSize) {
    return Error{Errc::kTruncated, 0, "read quic sample"};
  }
  const QuicKeys keys = PROCWALL_TRY(ClientInitialKeys(version, connection_id));
  const Block mask = PROCWALL_TRY(HeaderMask(keys, body.subspan(kSampleOffset, kSampleSize)));
  // The number is 1 to 4 bytes; the header is authenticated as it was without protection.
  std::vector<std::byte> header(packet.begin(),
                                packet.begin() + static_cast<std::ptrdiff_t>(header_size));
  header.front() ^= static_cast<std::byte>(mask[0] & 0x0fU);  // of a long header
  const std::size_t number_size = (std::to_integer<std::size_t>(header.front()) & 3U) + 1;
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < number_size; ++i) {
    header.push_back(body[i] ^ static_cast<std::byte>(mask[1 + i]));
    number = number << 8 | std::to_integer<std::uint64_t>(header.back());
  }
  return Open(keys, number, header, body.subspan(number_size));
}

}  // namespace procwall
