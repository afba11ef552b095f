// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "ui/connections_options.h"
#include "ui/exit_code.h"
#include "ui/service_names.h"
#include "ui/socket_alerts.h"
#include "ui/socket_change.h"
#include "ui/socket_tracker.h"
#include "ui/terminal.h"
#include "ui/user_names.h"

namespace procwall {

// What a look at all sockets makes known: changes since the look before, with their alerts. The
// first look tells of what is there only what alerts. Pure, but for the names of users and ports.
class ConnectionsWatch {
 public:
  // `seen`: programs that are known to listen. Without a list yet, what listens at the first look
  // is not alerted about.
  enum class Seen : std::uint8_t { kNoList, kList };
  ConnectionsWatch(const ConnectionsOptions& options, SeenPrograms seen, Seen has_list,
                   PortRange ephemeral);

  // Finds the owners of sockets: by a walk over /proc.
  using FindOwnersOf = std::function<std::vector<SocketWithOwners>(std::vector<SocketEntry>)>;
  std::vector<SocketChange> OnLook(const std::vector<SocketEntry>& sockets,
                                   const FindOwnersOf& find_owners,
                                   const google::protobuf::Timestamp& time,
                                   SocketTracker::Time now);

  const SeenPrograms& Learnt() const { return alerts_.Seen(); }
  std::size_t Count() const { return tracker_.Count(); }

 private:
  SocketChange ChangeOf(SocketChange::What what, const SocketWithOwners& socket);
  void OnBegun(const SocketWithOwners& socket, std::vector<SocketChange>& changes);

  const ConnectionsOptions options_;
  const PortRange ephemeral_;
  SocketTracker tracker_;
  SocketAlerts alerts_;
  UserNames users_;
  ServiceNames services_;
  bool is_first_ = true;
  bool has_list_;
};

// `procwall connections --watch`: looks every second, until Ctrl-C.
ExitCode RunConnectionsWatch(const ConnectionsOptions& options, const Console& console,
                             const EnvironmentLookup& environment);

}  // namespace procwall
