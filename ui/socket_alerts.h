// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "attribution/socket_table.h"
#include "ui/seen_programs.h"
#include "ui/socket_tracker.h"

namespace procwall {

// Why somebody should look at a socket.
struct SocketAlert {
  std::string kind;  // for programs: "temporary-listener", "deleted-program", ...
  std::string text;  // for people

  friend bool operator==(const SocketAlert&, const SocketAlert&) = default;
};

// Looks at sockets, and says of each process what is suspicious about it, once; of a listener that
// was never seen, once of its program. Pure.
//
// temporary-listener   waits for others on all addresses, from /tmp, /var/tmp, /dev/shm or memory
// memory-program       a program that was never a file (memfd) has a socket
// deleted-program      a program whose file was deleted has a socket
// replaced-program     likewise, but another file took its place: an old version still runs
// new-listener         waits for others, and is not in the list of those that were seen to
class SocketAlerts {
 public:
  static constexpr std::size_t kMaxTold = 65536;

  SocketAlerts(SeenPrograms seen, PortRange ephemeral)
      : seen_(std::move(seen)), ephemeral_(ephemeral) {}

  std::vector<SocketAlert> Of(const SocketWithOwners& socket);

  // From now on its owners are seen, if it waits for others.
  void Learn(const SocketWithOwners& socket);
  const SeenPrograms& Seen() const { return seen_; }

 private:
  void Tell(const std::string& who, const char* kind, std::string text,
            std::vector<SocketAlert>& alerts);

  SeenPrograms seen_;
  PortRange ephemeral_;
  std::set<std::string> told_;  // kind and process, or program
};

}  // namespace procwall
