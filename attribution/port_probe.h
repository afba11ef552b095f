// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <optional>

#include "attribution/socket_entry.h"
#include "base/unique_fd.h"

namespace procwall {

// Tells in about a microsecond whether a UDP socket has its port for itself, where a dump of the
// kernel's table takes tens. It tries to bind a socket of its own beside it: to an address that
// nobody uses, with every leave to share (SO_REUSEADDR, SO_REUSEPORT, the same uid). The kernel
// refuses that exactly if a socket bound to all addresses does not share its port; and then no
// second one could have been bound. One loophole is left: two programs that agree to it can share a
// port and forbid it afterwards, as they could send for each other. Where others may share the
// port, the bind succeeds, and the socket is closed at once; nothing can arrive at that address
// meanwhile. Waits for nothing but the kernel's own locks. Thread rule: one thread only.
class PortProbe {
 public:
  // True: `socket`, bound to all addresses and connected to none, is the only one on this host that
  // sends packets of `family` from its port. False: another may, or it could not be found out.
  bool IsAlone(const SocketEntry& socket, IpFamily family);

 private:
  // A socket that is not bound; a refused bind leaves it so, for the next time.
  struct Prober {
    UniqueFd socket;
    std::optional<Uid> uid;
  };
  Prober v4_;
  Prober v6_;
};

}  // namespace procwall
