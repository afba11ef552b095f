// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/connections.h"

#include <unistd.h>

#include "attribution/procfs.h"
#include "attribution/socket_diag.h"
#include "base/printable.h"
#include "net/ip_protocol.h"

namespace procwall {
namespace {

Result<std::vector<SocketWithOwners>> ReadTable() {
  SocketDiag diag = PROCWALL_TRY(SocketDiag::Open());
  const Procfs procfs = PROCWALL_TRY(Procfs::Open());
  return ReadSocketTable(diag, procfs);
}

SocketHolder HolderOf(const Process& process) {
  SocketHolder holder{process.id.pid, Printable(RulePath(process)), {}};
  for (const std::string& arg : process.args) holder.args.push_back(Printable(arg));
  return holder;
}

}  // namespace

bool IsWanted(const ConnectionsOptions& options, const SocketEntry& socket) {
  const bool is_tcp = socket.protocol == IpProtocol::kTcp;
  if (options.protocols == ConnectionsOptions::Protocols::kTcp && !is_tcp) return false;
  if (options.protocols == ConnectionsOptions::Protocols::kUdp && is_tcp) return false;
  if (!options.listening_only) return true;
  return is_tcp ? socket.state == SocketState::kListen : !socket.IsConnected();
}

SocketRow RowOf(const SocketWithOwners& entry, UserNames& users) {
  const SocketEntry& socket = entry.socket;
  SocketRow row;
  row.protocol = ProtocolName(socket.protocol, socket.family);
  row.state = SocketStateName(socket.state);
  row.local_ip = socket.local.address.ToString();
  row.local_port = socket.local.port;
  if (socket.IsConnected()) {
    row.peer_ip = socket.remote.address.ToString();
    row.peer_port = socket.remote.port;
  }
  row.uid = socket.uid;
  row.user = users.NameOf(socket.uid);
  row.inode = socket.inode;
  for (const ProcessPtr& owner : entry.owners) row.holders.push_back(HolderOf(*owner));
  row.all_holders_known = entry.all_owners_known;
  return row;
}

ExitCode RunConnections(const ConnectionsOptions& options, const Console& console) {
  const auto table = ReadTable();
  if (!table) {
    console.err << "procwall: the sockets of this host cannot be read: " << table.error().ToString()
                << "\n";
    return kFailed;
  }
  UserNames users;
  std::vector<SocketRow> rows;
  for (const SocketWithOwners& entry : *table) {
    if (IsWanted(options, entry.socket)) rows.push_back(RowOf(entry, users));
  }
  SortForPeople(rows);
  console.out << (options.form == OutputForm::kJson ? SocketsJson(rows)
                                                    : SocketsText(rows, console.terminal));
  if (::geteuid() != 0) {
    console.out << std::flush;
    console.err << "Not root: the programs of other users' sockets cannot be seen.\n";
  }
  return kSuccess;
}

}  // namespace procwall
