// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace procwall {

enum class QuicVersion : std::uint8_t { k1, k2 };

// The keys of a client's Initial packets (RFC 9001 §5.2; of version 2: RFC 9369 §3.3): they follow
// from the connection id that the client chose for the server.
struct QuicKeys {
  std::array<std::uint8_t, 16> key{};
  std::array<std::uint8_t, 12> iv{};
  std::array<std::uint8_t, 16> header{};  // protects the packet number
};
// kSystem: libcrypto failed. Through OpenSSL's libcrypto.
Result<QuicKeys> ClientInitialKeys(QuicVersion version, Bytes connection_id);

// The frames of an Initial packet. `packet` begins with its header, whose packet number stands at
// `header_size`, and ends with the authentication tag. Total: any bytes give frames that are
// authentic, or kTruncated (no room for number, sample and tag), kMalformed (it was not sealed with
// these keys) or kSystem. REQUIRES: header_size <= packet.size().
Result<std::vector<std::byte>> UnprotectQuicInitial(QuicVersion version, Bytes connection_id,
                                                    Bytes packet, std::size_t header_size);

}  // namespace procwall
