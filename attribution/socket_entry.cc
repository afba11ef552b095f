// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/socket_entry.h"

namespace procwall {

const char* SocketStateName(SocketState state) {
  switch (state) {
    case SocketState::kUnknown:
      return "UNKNOWN";
    case SocketState::kEstablished:
      return "ESTAB";
    case SocketState::kSynSent:
      return "SYN-SENT";
    case SocketState::kSynRecv:
      return "SYN-RECV";
    case SocketState::kFinWait1:
      return "FIN-WAIT-1";
    case SocketState::kFinWait2:
      return "FIN-WAIT-2";
    case SocketState::kTimeWait:
      return "TIME-WAIT";
    case SocketState::kClose:
      return "UNCONN";
    case SocketState::kCloseWait:
      return "CLOSE-WAIT";
    case SocketState::kLastAck:
      return "LAST-ACK";
    case SocketState::kListen:
      return "LISTEN";
    case SocketState::kClosing:
      return "CLOSING";
    case SocketState::kNewSynRecv:
      return "NEW-SYN-RECV";
  }
  return "UNKNOWN";
}

}  // namespace procwall
