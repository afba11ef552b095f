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
  if (dumped == dumped_.end()) dumped = dumped_.emplace(protocol, DumpAll(protocol)).first;
  const Result<ByPort>& by_port = dumped->second;
  if (!by_port) return by_port.error();
  const auto sockets = by_port->find(connection.local.port);
  return sockets == by_port->end() ? std::vector<SocketEntry>{} : sockets->second;
}

Result<PortSockets::ByPort> PortSockets::DumpAll(IpProtocol protocol) {
  ByPort by_port;
  for (const SocketEntry& socket : PROCWALL_TRY(diag_.DumpAll(protocol)))
    by_port[socket.local.port].push_back(socket);
  return by_port;
}

}  // namespace procwall
