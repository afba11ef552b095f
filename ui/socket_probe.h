// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <string>

namespace procwall {

// What stands at the path of a unix socket, for a message: gRPC only says "unavailable".
enum class SocketProbe : unsigned char {
  kListening,
  kMissing,       // there is no such file
  kNotListening,  // the socket is there, its owner is gone
  kNoPermission,
  kNotASocket,
  kBadPath,  // longer than a socket's path may be, or empty
  kOther,
};

// Tries to connect, without waiting, and closes at once.
SocketProbe ProbeSocket(const std::string& path);

}  // namespace procwall
