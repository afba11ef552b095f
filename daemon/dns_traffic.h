// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <string>

#include "net/packet.h"
#include "net/packet_queue.h"

namespace procwall {

// A packet that comes in from a DNS server (UDP, source port 53): it is looked at and let through.
// Only on the way in: what leaves this host from port 53 is a connection like any other.
bool IsDnsAnswer(const QueuedPacket& queued, const Packet& packet);

// The name that a packet to port 53 asks for; empty if it asks nothing we can read.
std::string AskedName(const Packet& packet);

}  // namespace procwall
