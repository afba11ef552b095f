// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <tl/expected.hpp>

namespace procwall {

// What a client may do. Each role includes those before it.
enum class Role : std::uint8_t {
  kNone,
  kView,        // see decisions, rules, questions' ends
  kAnswer,      // be asked, and answer
  kAdminister,  // change rules
};
const char* RoleName(Role role);  // "view", ...

// The groups whose members have a role; absent: nobody but root.
struct RoleGroups {
  std::optional<gid_t> view{};
  std::optional<gid_t> answer{};
  std::optional<gid_t> administer{};
};

// Who is at the other end of a unix socket, as the kernel says.
struct PeerCredentials {
  uid_t uid = static_cast<uid_t>(-1);
  pid_t pid = 0;
  std::vector<gid_t> groups{};
};
// Those at the moment of the connect(2): SO_PEERCRED, SO_PEERGROUPS (4.13). nullopt: the kernel
// does not tell.
std::optional<PeerCredentials> CredentialsOf(int socket_fd);

// The most that one of its groups gives. Root, and whom the daemon itself runs as, may everything.
Role RoleOf(const PeerCredentials& peer, const RoleGroups& groups, uid_t daemon_uid);

// The groups of those names; an empty name is nobody. `unknown` (may be null) gets the names that
// no group has: their roles are root's alone.
struct RoleGroupNames {
  std::string view{};
  std::string answer{};
  std::string administer{};
};
RoleGroups FindGroups(const RoleGroupNames& names, std::vector<std::string>* unknown);

}  // namespace procwall
