// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <map>
#include <vector>

#include "attribution/socket_table.h"

namespace procwall {

// Ports that programs get without asking for one: net.ipv4.ip_local_port_range.
struct PortRange {
  Port first = 32768;
  Port last = 60999;

  bool Contains(Port port) const { return port >= first && port <= last; }
};

// A socket that others can begin a conversation with: a TCP listener, or a UDP socket without a
// peer whose port was chosen (one of `ephemeral` is a client's, most likely).
bool WaitsForOthers(const SocketEntry& socket, const PortRange& ephemeral);

// Compares dumps of all sockets, one after the other: which are new, which are gone. A socket that
// gets another peer, or begins to listen, is another one. What no program
// has any more (TIME-WAIT, FIN-WAIT without a file) or yet (SYN-RECV) is left out. Pure.
class SocketTracker {
 public:
  using Time = std::chrono::steady_clock::time_point;

  struct Gone {
    SocketWithOwners socket;
    std::chrono::seconds lived{0};  // as far as we saw it
  };
  struct Changes {
    std::vector<SocketEntry> begun;
    std::vector<Gone> gone;
  };
  Changes OnDump(const std::vector<SocketEntry>& sockets, Time now);
  // Who holds a socket that began: told again when it is gone.
  void OnOwners(const SocketWithOwners& socket);

  std::size_t Count() const { return known_.size(); }

 private:
  struct Key {
    std::uint64_t cookie = 0;
    Inode inode = 0;
    IpProtocol protocol = IpProtocol::kTcp;
    bool listens = false;
    Endpoint local{};
    Endpoint remote{};

    friend auto operator<=>(const Key&, const Key&) = default;
  };
  struct Known {
    SocketWithOwners socket;
    Time since{};
    std::uint64_t dump = 0;  // the last that had it
  };
  static Key KeyOf(const SocketEntry& socket);

  std::map<Key, Known> known_;
  std::uint64_t dump_ = 0;
};

}  // namespace procwall
