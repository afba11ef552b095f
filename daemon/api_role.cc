// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/api_role.h"

#include <grp.h>
#include <sys/socket.h>

#include <algorithm>

namespace procwall {
namespace {

constexpr std::size_t kMostGroups = 65536;  // NGROUPS_MAX

std::optional<gid_t> FindGroup(const std::string& name, std::vector<std::string>* unknown) {
  if (name.empty()) return std::nullopt;
  // NOLINTNEXTLINE(concurrency-mt-unsafe): before any thread asks
  if (const struct group* const found = ::getgrnam(name.c_str())) return found->gr_gid;
  if (unknown != nullptr) unknown->push_back(name);
  return std::nullopt;
}

}  // namespace

const char* RoleName(Role role) {
  switch (role) {
    case Role::kNone:
      return "none";
    case Role::kView:
      return "view";
    case Role::kAnswer:
      return "answer";
    case Role::kAdminister:
      return "administer";
  }
  return "unknown";
}

std::optional<PeerCredentials> CredentialsOf(int socket_fd) {
  ucred credentials{};
  socklen_t size = sizeof(credentials);
  if (::getsockopt(socket_fd, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) {
    return std::nullopt;
  }
  PeerCredentials peer{credentials.uid, credentials.pid, {}};
  std::vector<gid_t> groups(kMostGroups);
  size = static_cast<socklen_t>(groups.size() * sizeof(gid_t));
  if (::getsockopt(socket_fd, SOL_SOCKET, SO_PEERGROUPS, groups.data(), &size) == 0) {
    groups.resize(size / sizeof(gid_t));
    peer.groups = std::move(groups);
  }
  peer.groups.push_back(credentials.gid);
  return peer;
}

Role RoleOf(const PeerCredentials& peer, const RoleGroups& groups, uid_t daemon_uid) {
  const auto is_in = [&](const std::optional<gid_t>& group) {
    return group && std::ranges::find(peer.groups, *group) != peer.groups.end();
  };
  if (peer.uid == 0 || peer.uid == daemon_uid) return Role::kAdminister;
  if (is_in(groups.administer)) return Role::kAdminister;
  if (is_in(groups.answer)) return Role::kAnswer;
  return is_in(groups.view) ? Role::kView : Role::kNone;
}

RoleGroups FindGroups(const RoleGroupNames& names, std::vector<std::string>* unknown) {
  return {FindGroup(names.view, unknown), FindGroup(names.answer, unknown),
          FindGroup(names.administer, unknown)};
}

}  // namespace procwall
