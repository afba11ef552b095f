// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <string>

#include "base/bytes.h"
#include "base/result.h"

namespace procwall {

// Which server a TLS client says that it wants: the host_name of the server_name extension (RFC
// 6066 §3) of its ClientHello (RFC 8446 §4.1.2), in lower case, without a last dot; bytes outside
// [a-z0-9_.-] are escaped as \DDD. Empty: it does not say. With Encrypted ClientHello it is the
// provider's public name. A client may say what it likes.
//
// Total: any bytes give a name, or
//   kUnsupported  not a ClientHello
//   kTruncated    the hello ends before the name
//   kMalformed    lengths or names contradict themselves
//   kTooLarge     a name of more than kMaxServerNameSize bytes
inline constexpr std::size_t kMaxServerNameSize = 255;

// `handshake` begins with the handshake message and may be cut anywhere: QUIC's CRYPTO frames.
Result<std::string> ParseTlsHello(Bytes handshake);

// `records` begins with a TLS record (RFC 8446 §5.1) and may be cut anywhere: what a TCP connection
// begins with. The hello may be spread over several records.
Result<std::string> ParseTlsRecords(Bytes records);

}  // namespace procwall
