// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "net/ip_protocol.h"

namespace procwall {
namespace {

// nullptr: a protocol without a name of its own in this family.
const char* BaseName(IpProtocol protocol, IpFamily family) {
  const bool v4 = family == IpFamily::kV4;
  switch (protocol) {
    case IpProtocol::kTcp:
      return "tcp";
    case IpProtocol::kUdp:
      return "udp";
    case IpProtocol::kUdpLite:
      return "udplite";
    case IpProtocol::kSctp:
      return "sctp";
    case IpProtocol::kDccp:
      return "dccp";
    case IpProtocol::kIcmp:
      return v4 ? "icmp" : nullptr;
    case IpProtocol::kIcmpV6:
      return v4 ? nullptr : "icmp";
    case IpProtocol::kIgmp:
      return v4 ? "igmp" : nullptr;
  }
  return nullptr;
}

}  // namespace

std::string ProtocolName(IpProtocol protocol, IpFamily family) {
  const char* suffix = family == IpFamily::kV4 ? "" : "6";
  if (const char* name = BaseName(protocol, family)) return fmt::format("{}{}", name, suffix);
  return fmt::format("ip{}-{}", suffix, static_cast<unsigned>(protocol));
}

}  // namespace procwall
