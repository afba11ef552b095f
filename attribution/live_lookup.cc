// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/live_lookup.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "attribution/witnessed_sender.h"

namespace procwall {

Findings LiveLookup::FindSockets(const Connection& connection) {
  Findings findings;
  findings.protocol = connection.protocol;
  findings.packet_uid = connection.uid;
  if (connection.direction == Direction::kForwarded) return findings;  // not of this host's sockets
  if (connection.protocol == IpProtocol::kTcp) {
    const auto exact = diag_.FindExact(connection);
    if (exact && *exact && (*exact)->IsConnected()) {
      findings.source = SocketSource::kExact;
      findings.candidates.push_back({{**exact, SocketRank::kSameFlow}, {}, {}});
      return findings;
    }
  }
  // An exact answer does not tell of others that share a datagram's port.
  const auto sockets = diag_.DumpByLocalPort(connection.protocol, connection.local.port);
  if (!sockets) {
    findings.lookup_error = sockets.error();
    return findings;
  }
  findings.source = SocketSource::kDump;
  for (const RankedSocket& ranked : RankCandidates(connection, *sockets)) {
    findings.candidates.push_back({ranked, {}, {}});
  }
  return findings;
}

Findings LiveLookup::FindHolders(const Connection& connection) {
  Findings findings = FindSockets(connection);
  const std::vector<OwnerSearch::Wanted> wanted = SocketsToSearch(findings);
  if (wanted.empty()) return findings;
  auto found = owner_search_.Find(wanted, OwnerSearch::Thoroughness::kAllHolders,
                                  clock_.Now() + kWalkBudget);
  for (OwnerSearch::Found& one : found) {
    for (Candidate& candidate : findings.candidates) {
      if (candidate.ranked.socket.inode == one.inode) candidate.found = one;
    }
  }
  return findings;
}

Attribution ConcludeNow(const Findings& findings, const Connection& connection,
                        const SocketWitness& witness, ProgramSource& programs, BootTime now) {
  if (auto sender = FindWitnessedSender(witness, programs, connection)) {
    Describe(*sender, programs);
    return Conclude(*sender, connection, now);
  }
  Attribution found = Conclude(findings);
  if (found.unknown_reason != UnknownReason::kNoSocket) return found;
  if (connection.direction == Direction::kForwarded) {
    found.unknown_reason = UnknownReason::kOtherNamespace;
  }
  auto ghost = FindGhost(witness, programs, connection);
  if (!ghost) return found;
  Describe(*ghost, programs);
  return Conclude(*ghost, connection, now);
}

}  // namespace procwall
