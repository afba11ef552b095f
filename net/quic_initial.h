// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <string>

#include "base/bytes.h"
#include "base/result.h"

namespace procwall {

// May the datagram begin with a client's Initial packet of QUIC version 1 (RFC 9000 §17.2.2) or 2
// (RFC 9369)? Looks at five bytes.
bool LooksLikeQuicInitial(Bytes datagram);

// Which server a QUIC client says that it wants: takes the protection from the Initial packet that
// the datagram begins with (RFC 9001 §5; its keys follow from what stands in it, so that anybody on
// the way can) and reads the ClientHello in its CRYPTO frames (ParseTlsHello). Frames may come in
// any order; a hello that is spread over several packets is read as far as this one has it without
// a gap from its beginning. Empty: it does not say.
//
// Total: any bytes give a name, or
//   kUnsupported  no Initial of these versions, or of a server
//   kTruncated    the packet ends early, or the hello goes on in another packet before the name
//   kMalformed    lengths, frames or the authentication contradict themselves
//   kTooLarge     connection ids or names beyond their limits, more than 128 CRYPTO frames
//   kSystem       libcrypto failed
// Costs five HMACs, one block of AES and one pass of AES-GCM: the benchmarks of bench_packet.cc.
Result<std::string> ParseQuicInitial(Bytes datagram);

// The same of frames that are unprotected already (RFC 9000 §12.4, §19): all of Initial packets.
Result<std::string> ParseQuicInitialFrames(Bytes frames);

}  // namespace procwall
