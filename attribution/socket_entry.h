// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <string>

#include "net/connection.h"

namespace procwall {

// The number behind "socket:[N]" in /proc. 0: the socket has no file (not yet accepted, TIME_WAIT,
// kernel).
using Inode = std::uint64_t;

// TCP states as the kernel numbers them, <net/tcp_states.h>. UDP sockets use kEstablished
// (connected) and kClose.
enum class SocketState : std::uint8_t {
  kUnknown = 0,
  kEstablished = 1,
  kSynSent = 2,
  kSynRecv = 3,
  kFinWait1 = 4,
  kFinWait2 = 5,
  kTimeWait = 6,
  kClose = 7,
  kCloseWait = 8,
  kLastAck = 9,
  kListen = 10,
  kClosing = 11,
  kNewSynRecv = 12,
};
const char* SocketStateName(SocketState state);  // "ESTAB", "LISTEN", ... as ss(8) prints them

// One socket as inet_diag describes it (<linux/inet_diag.h>, inet_diag_msg).
struct SocketEntry {
  IpProtocol protocol = IpProtocol::kTcp;
  IpFamily family = IpFamily::kV4;  // of the socket: a v6 socket may talk to a v4 peer
  Endpoint local;                   // v4-mapped addresses are normalised; unspecified: bound to all
  Endpoint remote;                  // unspecified: not connected
  SocketState state = SocketState::kUnknown;
  std::uint32_t ifindex = 0;  // SO_BINDTODEVICE, 0: any
  bool v6_only = false;       // IPV6_V6ONLY; told for listeners and unconnected sockets only
  Uid uid = 0;
  Inode inode = 0;
  std::uint64_t cookie = 0;         // SO_COOKIE: unique per boot, across namespaces
  std::uint32_t receive_queue = 0;  // idiag_rqueue, bytes (a listener: waiting connections)
  std::uint32_t send_queue = 0;     // idiag_wqueue, bytes (a listener: backlog). UDP: of packets
                                    // under way, those that wait for their verdict included

  bool IsConnected() const { return remote.port != 0 || !remote.address.IsUnspecified(); }

  friend bool operator==(const SocketEntry&, const SocketEntry&) = default;
};

}  // namespace procwall
