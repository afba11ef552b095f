// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/dns_traffic.h"

#include <linux/netfilter.h>

#include "net/dns_message.h"

namespace procwall {
namespace {

constexpr Port kDnsPort = 53;

}  // namespace

bool IsDnsAnswer(const QueuedPacket& queued, const Packet& packet) {
  return queued.hook == NF_INET_LOCAL_IN && packet.protocol == IpProtocol::kUdp &&
         packet.source.port == kDnsPort;
}

std::string AskedName(const Packet& packet) {
  if (packet.protocol != IpProtocol::kUdp || packet.destination.port != kDnsPort) return {};
  const Result<DnsMessage> query = ParseDnsMessage(packet.payload);
  if (!query || query->is_response || query->questions.empty()) return {};
  return query->questions.front();
}

}  // namespace procwall
