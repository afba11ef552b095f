// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <map>
#include <unordered_map>
#include <vector>

#include "attribution/socket_diag.h"
#include "base/result.h"
#include "net/connection.h"

namespace procwall {

// The sockets of local ports, read for a batch of questions: a few questions are answered by a dump
// for each port, many by one dump of the whole protocol. Lives as long as the batch: sockets
// change. Thread rule: one thread only. `diag` must outlive it.
class PortSockets {
 public:
  static constexpr std::size_t kMaxPortDumps = 3;

  explicit PortSockets(SocketDiag& diag) : diag_(diag) {}

  // Announce all connections first, then ask for each.
  void Expect(const Connection& connection) { ++expected_[connection.protocol]; }
  // Sockets of the connection's protocol and local port, both families.
  Result<std::vector<SocketEntry>> Of(const Connection& connection);

 private:
  using ByPort = std::unordered_map<Port, std::vector<SocketEntry>>;

  Result<ByPort> DumpAll(IpProtocol protocol);

  SocketDiag& diag_;
  std::map<IpProtocol, std::size_t> expected_;
  std::map<IpProtocol, Result<ByPort>> dumped_;  // a failure is not tried again
};

}  // namespace procwall
