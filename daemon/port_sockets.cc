// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/port_sockets.h"

namespace procwall {

Result<std::vector<SocketEntry>> PortSockets::Of(const Connection& connection) {
  const IpProtocol protocol = connection.protocol;
  if (expected_[protocol] <= kMaxPortDumps) {
    return diag_.DumpByLocalPort(protocol, connection.local.port);
  }
  auto dumped = dumped_.find(protocol);
  if (dumped == dumped_.end()) {
    const std::vector<SocketEntry> all = PROCWALL_TRY(diag_.DumpAll(protocol));
    dumped = dumped_.emplace(protocol, ByPort{}).first;
    for (const SocketEntry& socket : all) dumped->second[socket.local.port].push_back(socket);
  }
  const auto sockets = dumped->second.find(connection.local.port);
  return sockets == dumped->second.end() ? std::vector<SocketEntry>{} : sockets->second;
}

}  // namespace procwall
