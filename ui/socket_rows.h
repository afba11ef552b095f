// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "record/json_text.h"
#include "ui/styled_text.h"
#include "ui/terminal.h"

namespace procwall {

// A process that holds a socket. Its texts are Printable().
struct SocketHolder {
  std::int32_t pid = 0;
  std::string path;
  std::vector<std::string> args;

  friend bool operator==(const SocketHolder&, const SocketHolder&) = default;
};

// One socket of this host as `procwall connections` shows it.
struct SocketRow {
  std::string protocol;  // "tcp", "tcp6", "udp", ...
  std::string state;     // "ESTAB", "LISTEN", ...
  std::string local_ip;
  std::uint16_t local_port = 0;
  std::string peer_ip;  // empty: not connected
  std::uint16_t peer_port = 0;
  std::uint32_t uid = 0;
  std::string user;  // empty: the uid has no name
  std::uint64_t inode = 0;
  std::vector<SocketHolder> holders;
  bool all_holders_known = true;

  friend bool operator==(const SocketRow&, const SocketRow&) = default;
};

// The order for people: listeners first, then by protocol, local port and peer.
bool ComesBefore(const SocketRow& a, const SocketRow& b);
void SortForPeople(std::vector<SocketRow>& rows);

std::string SocketsText(const std::vector<SocketRow>& rows, const Terminal& terminal);
// Parts of it: "192.0.2.1:443", "*:22"; "/usr/sbin/nginx 812 813"; the object of --json.
StyledText SocketEndText(const std::string& ip, std::uint16_t port);
StyledText HoldersText(const SocketRow& row);
Json SocketRowJson(const SocketRow& row);
// One object a line.
std::string SocketsJson(const std::vector<SocketRow>& rows);

}  // namespace procwall
