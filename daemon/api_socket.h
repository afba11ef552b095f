// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <sys/types.h>

#include <atomic>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include <tl/expected.hpp>

#include "base/guarded.h"
#include "base/unique_fd.h"
#include "base/wakeup.h"
#include "daemon/api_role.h"

namespace procwall {

// Who a client is, and what it may do.
struct ApiPeer {
  uid_t uid = static_cast<uid_t>(-1);
  pid_t pid = 0;
  Role role = Role::kNone;
};

// The API's listening unix socket. gRPC does not say who calls; the kernel does, so connections are
// accepted here, on a thread of their own ("api-accept"), and handed over with who is there. Who
// has no role is sent away. The file is root's; one group has access if only one has a role, else
// everybody may knock. So many connections at once and no more: kMaxConnections, of which the last
// kReservedForRoot are root's, and kMaxPerUser of any other user; further ones are closed at once.
// Its folder is made where it is missing, and refused where others could replace the socket.
// Removes the file when it dies. Thread rule: construct, Stop() and destroy on one thread; PeerOf()
// from any.
class ApiSocket {
 public:
  static constexpr std::size_t kMaxConnections = 512;
  static constexpr std::size_t kReservedForRoot = 64;
  static constexpr std::size_t kMaxPerUser = 128;

  // Takes over the connected descriptor.
  using OnClient = std::function<void(UniqueFd client)>;

  // The error names the path and the reason, for people.
  static tl::expected<std::unique_ptr<ApiSocket>, std::string> Listen(const std::string& path,
                                                                      const RoleGroups& groups);
  ~ApiSocket();
  ApiSocket(const ApiSocket&) = delete;
  ApiSocket& operator=(const ApiSocket&) = delete;

  void Start(OnClient on_client);
  void Stop();

  // Whom gRPC means by this name of a peer ("fd:7"), while that is connected. gRPC closes a
  // descriptor when the last call of its connection has ended, so that no call can be taken for one
  // of a later connection with the same number.
  ApiPeer PeerOf(const std::string& grpc_peer) const;

 private:
  ApiSocket(std::string path, const RoleGroups& groups, UniqueFd listener, Wakeup stop);
  void LimitAccess() const;
  void Run();
  void Accept();
  // Forgets connections that gRPC has closed.
  void ForgetGone();
  bool HasRoomFor(uid_t uid) const;

  const std::string path_;
  const RoleGroups groups_;
  UniqueFd listener_;
  const Wakeup stop_;
  OnClient on_client_;
  struct Connected {
    ApiPeer peer{};
    ino_t inode = 0;  // of the socket: another one means that the descriptor is another's
  };
  mutable Guarded<std::map<int, Connected>> connected_;  // by descriptor: the latest that had it
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

}  // namespace procwall
