// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <optional>
#include <vector>

#include "attribution/attribution.h"
#include "attribution/owner_index.h"
#include "attribution/owner_search.h"
#include "attribution/socket_rank.h"
#include "base/result.h"

namespace procwall {

// A socket that may have sent the packet, and what was found out about who holds it. Of who was
// recalled only the relatives were looked for besides.
struct Candidate {
  RankedSocket ranked;
  std::optional<OwnerIndex::Recalled> recalled;
  std::optional<OwnerSearch::Found> found;
  bool executed_since = false;  // a holder did, about when the packet was sent
  bool kin_ended = false;       // likewise, a relative of a holder, which ran another program
  bool kin_unasked = false;     // there was no time to look whether relatives hold it, too
};

// Everything that was found out about one packet.
struct Findings {
  IpProtocol protocol = IpProtocol::kTcp;
  std::optional<Uid> packet_uid;      // NFQUEUE's
  std::optional<Error> lookup_error;  // the kernel's answer, if it was one
  SocketSource source = SocketSource::kNone;
  std::vector<Candidate> candidates;  // as RankCandidates sorts them
  bool overloaded = false;            // the search for holders was refused for want of room
  bool packet_is_held = false;        // an outgoing one waited for its verdict while the sockets
                                      // were looked up, see MayHaveSent()
};

// False: this socket has not sent the packet of `protocol` that waits for its verdict. A datagram
// counts against the send queue of its socket until it has left this host, so that a socket whose
// queue is empty sent something else, or nothing.
bool MayHaveSent(IpProtocol protocol, const SocketEntry& socket);

// Decides what the findings are worth; the only place that does.
// - A socket of another uid than the packet's did not send it; the one exception is the socket of
//   exactly this flow, whose file may have been given to another user (fchown): it is believed
//   less.
// - While a datagram is held, its socket has it in the send queue: others that could have sent it
//   by their port did not. The sender may be gone, and its port another's.
// - A TCP segment is only ever sent by the socket of its own flow; a datagram by any socket of its
//   port. Of those, the best rank is believed, and the sockets that share it are all suspects.
// - Certain: one suspect, connected to the packet's peer, no other socket could have sent the
//   packet, all of its holders are known and run one program (the same path). A datagram's exact
//   lookup names one socket and does not tell of others on the port (SO_REUSEADDR, SO_REUSEPORT):
//   only a dump can make it certain. A socket that is not connected is never certain: it may have
//   got its port after the packet's sender had closed it.
// - Likely: one program, but not all of that. Ambiguous: several programs.
// - A suspect whose holder is not known makes the packet unknown: it may be anybody's. So does one
//   whose holder executed another program about when the packet was sent, and one that a relative
//   of its holder may have used that ran another program and is gone.
Attribution Conclude(const Findings& findings);

// The suspects whose holders are not known yet: what is left to be asked of OwnerSearch. Empty when
// there is nothing to find.
std::vector<OwnerSearch::Wanted> SocketsToSearch(const Findings& findings);

}  // namespace procwall
