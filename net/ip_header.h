// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>

#include "base/bytes.h"
#include "base/result.h"
#include "net/ip_address.h"
#include "net/ip_protocol.h"

namespace procwall {

// The IP header of a packet together with its IPv6 extension headers.
struct IpHeader {
  IpAddress source;
  IpAddress destination;                   // of the same family
  IpProtocol protocol = IpProtocol::kTcp;  // of what follows; 59: nothing does (RFC 8200 §4.7)
  bool is_fragment = false;                // the first of several
  Bytes payload = {};                      // what follows, as far as it was copied
};

// The errors are those of ParsePacket.
inline constexpr int kMaxExtensionHeaders = 16;
Result<IpHeader> ParseIpHeader(Bytes bytes);

}  // namespace procwall
