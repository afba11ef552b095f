// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/sockets_report.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <nlohmann/json.hpp>

#include "attribution/describe.h"
#include "attribution/procfs.h"
#include "attribution/socket_diag.h"

namespace procwall {
namespace {

using Json = nlohmann::ordered_json;

int FamilyOf(const SocketEntry& socket) {
  return socket.family == IpFamily::kV4 ? AF_INET : AF_INET6;
}

bool IsWanted(const SocketEntry& socket, const SocketsWanted& wanted) {
  return (wanted.state == 0 || wanted.state == static_cast<int>(socket.state)) &&
         (wanted.protocol == 0 || wanted.protocol == static_cast<int>(socket.protocol)) &&
         (wanted.family == 0 || wanted.family == FamilyOf(socket));
}

Json SocketFields(const SocketEntry& socket) {
  constexpr std::uint64_t kLowerHalf = 0xffffffff;
  return {{"ID",
           {{"SourcePort", socket.local.port},
            {"DestinationPort", socket.remote.port},
            {"Source", socket.local.address.ToString()},
            {"Destination", socket.remote.address.ToString()},
            {"Interface", socket.ifindex},
            {"Cookie", {socket.cookie & kLowerHalf, socket.cookie >> 32U}}}},
          {"Expires", 0},  // neither this nor Timer and Retrans are asked of the kernel
          {"RQueue", socket.receive_queue},
          {"WQueue", socket.send_queue},
          {"UID", socket.uid},
          {"INode", socket.inode},
          {"Family", FamilyOf(socket)},
          {"State", static_cast<int>(socket.state)},
          {"Timer", 0},
          {"Retrans", 0}};
}

std::string Written(const Json& json) {
  return json.dump(-1, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace);
}

// A row with the longest numbers and addresses.
constexpr std::size_t kRowBytes = 512;

Json ProcessFields(const Process& process) {
  return {{"ID", process.id.pid},
          {"PPID", process.ancestors.empty() ? 0 : process.ancestors.front().pid},
          {"UID", process.uid},
          {"Comm", process.comm},
          {"Path", RulePath(process)},
          {"Args", process.args},
          {"CWD", process.working_directory}};
}

}  // namespace

std::string SocketsReport(std::span<const SocketWithOwners> table, const SocketsWanted& wanted) {
  Json rows = Json::array();
  Json processes = Json::object();
  std::size_t bytes = 0;
  for (const SocketWithOwners& row : table) {
    if (!IsWanted(row.socket, wanted)) continue;
    const bool is_owned = !row.owners.empty();
    const Pid pid = is_owned ? row.owners.front()->id.pid : 0;
    bytes += kRowBytes;
    if (is_owned && !processes.contains(std::to_string(pid))) {  // which chose its own arguments
      Json fields = ProcessFields(*row.owners.front());
      bytes += Written(fields).size();
      if (bytes <= kMostSocketsReportBytes) processes[std::to_string(pid)] = std::move(fields);
    }
    if (bytes > kMostSocketsReportBytes) break;
    rows.push_back({{"Socket", SocketFields(row.socket)},
                    {"Iface", ""},
                    {"PID", pid},
                    {"Mark", 0},
                    {"Proto", static_cast<int>(row.socket.protocol)}});
  }
  return Written({{"Table", std::move(rows)}, {"Processes", std::move(processes)}});
}

tl::expected<std::string, std::string> ReadSocketsReport(const SocketsWanted& wanted) {
  const auto procfs = Procfs::Open();
  if (!procfs) return tl::unexpected("/proc: " + procfs.error().ToString());
  auto diag = SocketDiag::Open();
  if (!diag) return tl::unexpected("the kernel's sockets: " + diag.error().ToString());
  const auto table = ReadSocketTable(*diag, *procfs);
  if (!table) return tl::unexpected("the kernel's sockets: " + table.error().ToString());
  return SocketsReport(*table, wanted);
}

}  // namespace procwall
