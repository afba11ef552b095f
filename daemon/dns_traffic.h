// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "attribution/names.h"
#include "daemon/dns_queries.h"
#include "net/dns_message.h"
#include "net/packet.h"
#include "net/packet_queue.h"

namespace procwall {

inline constexpr Port kDnsPort = 53;

// A packet that comes in from a DNS server (source port 53; of TCP, not one that opens a
// connection): it is looked at and let through. Only on the way in: what leaves this host from port
// 53 is a connection like any other.
bool IsDnsAnswer(const QueuedPacket& queued, const Packet& packet);

// What a datagram to port 53 asks for; the name is empty if it asks nothing we can read.
struct DnsQuestion {
  std::uint16_t id = 0;
  std::string name{};
};
DnsQuestion QuestionOf(const Packet& packet);

// Reads the answers in a packet of IsDnsAnswer(): those that answer what was asked go to `learn`,
// with who asked. What makes no sense is passed over.
using LearnAnswer = std::function<void(const DnsMessage& answer, const NameAsker& asker)>;
void ReadDnsAnswers(const QueuedPacket& queued, const Packet& packet, DnsQueries& queries,
                    const LearnAnswer& learn);

}  // namespace procwall
