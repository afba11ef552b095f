// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "diagnosis/examination.h"

#include <linux/netlink.h>

#include <utility>

#include "attribution/procfs.h"
#include "attribution/tier_probe.h"
#include "base/clock.h"
#include "net/netlink.h"

namespace procwall {
namespace {

Result<std::vector<PacketSocketWithOwners>> FindPacketSockets(const Procfs& procfs) {
  NetlinkSocket sock_diag = PROCWALL_TRY(NetlinkSocket::Open(NETLINK_SOCK_DIAG));
  return ReadPacketSockets(sock_diag, procfs, SystemClock());
}

// A daemon that answers us has its queue and its firewall rules, whatever can be seen from here.
void MarkWhatTheDaemonHas(std::vector<Tier>& tiers) {
  for (Tier& tier : tiers) {
    if (tier.name != "packet queue" && tier.name != "connection tracking") continue;
    tier.state = Tier::State::kRuns;
    tier.why_not.clear();
  }
}

void LookAtProcesses(Diagnosis& diagnosis) {
  const auto procfs = Procfs::Open();
  if (!procfs) {
    diagnosis.packet_sockets = procfs.error();
    return;
  }
  diagnosis.packet_sockets = FindPacketSockets(*procfs);
  if (auto rivals = FindRivalFirewalls(*procfs)) diagnosis.rivals = *std::move(rivals);
}

}  // namespace

Diagnosis Examine(v1::StatusResponse status) {
  Diagnosis diagnosis;
  diagnosis.tiers = ProbeTiers(status.pid());
  MarkWhatTheDaemonHas(diagnosis.tiers);
  for (Tier& tier : TiersOfWitness(status.witness())) diagnosis.tiers.push_back(std::move(tier));
  diagnosis.daemon = std::move(status);
  LookAtProcesses(diagnosis);
  return diagnosis;
}

Diagnosis Examine(NoDaemon no_daemon) {
  Diagnosis diagnosis;
  diagnosis.why_no_daemon = std::move(no_daemon.why);
  diagnosis.daemon_is_hidden = no_daemon.is_hidden;
  diagnosis.tiers = ProbeTiers(0);
  diagnosis.tiers.push_back({"witness", "sees in the kernel who makes and uses sockets",
                             Tier::State::kUnknown, "only procwalld, which loads it, can tell"});
  LookAtProcesses(diagnosis);
  return diagnosis;
}

}  // namespace procwall
