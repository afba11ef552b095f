// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/namespace_list.h"

#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "attribution/decimal.h"
#include "base/file.h"

namespace procwall {

std::uint64_t ParseNamespaceLink(std::string_view target) {
  constexpr std::string_view kPrefix = "net:[";
  if (!target.starts_with(kPrefix) || !target.ends_with(']')) return 0;
  target.remove_prefix(kPrefix.size());
  target.remove_suffix(1);
  return ParseDecimal<std::uint64_t>(target).value_or(0);
}

Result<std::vector<NetworkNamespace>> ListNetworkNamespaces(const Procfs& procfs, std::size_t most,
                                                            const Clock& clock, BootTime deadline) {
  constexpr std::size_t kProcessesPerClock = 64;
  std::unordered_map<std::uint64_t, NetworkNamespace> found;
  std::size_t processes = 0;
  for (const Pid pid : PROCWALL_TRY(procfs.Pids())) {
    if (++processes % kProcessesPerClock == 0 && clock.Now() >= deadline) {
      return Error{Errc::kTimedOut, 0, "list network namespaces"};
    }
    const auto link = ReadLinkAt(procfs.UnsafeFd(), fmt::format("{}/ns/net", pid).c_str());
    const std::uint64_t inode = link ? ParseNamespaceLink(*link) : 0;
    if (inode == 0) continue;  // gone, or a zombie
    NetworkNamespace& one = found[inode];
    one.inode = inode;
    if (one.pids.size() < NetworkNamespace::kMaxWitnesses) one.pids.push_back(pid);
    if (found.size() > most) return Error{Errc::kTooLarge, 0, "list network namespaces"};
  }
  std::vector<NetworkNamespace> list;
  list.reserve(found.size());
  for (auto& [inode, one] : found) list.push_back(std::move(one));
  return list;
}

}  // namespace procwall
