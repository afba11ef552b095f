// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/doctor.h"

#include <unistd.h>

#include <linux/netlink.h>

#include <utility>

#include "attribution/procfs.h"
#include "attribution/tier_probe.h"
#include "base/clock.h"
#include "net/netlink.h"
#include "ui/diagnosis.h"

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

Diagnosis Examine(DaemonClient& client) {
  Diagnosis diagnosis;
  auto status = client.Status();
  if (status) {
    diagnosis.daemon = *std::move(status);
  } else {
    diagnosis.why_no_daemon = status.error().what;
    diagnosis.daemon_is_hidden = status.error().forbidden;
  }
  diagnosis.tiers = ProbeTiers(diagnosis.daemon ? diagnosis.daemon->pid() : 0);
  if (!diagnosis.daemon) {
    diagnosis.tiers.push_back({"witness", "sees in the kernel who makes and uses sockets",
                               Tier::State::kUnknown, "only procwalld, which loads it, can tell"});
  } else {
    MarkWhatTheDaemonHas(diagnosis.tiers);
    for (Tier& tier : TiersOfWitness(diagnosis.daemon->witness())) {
      diagnosis.tiers.push_back(std::move(tier));
    }
  }
  const auto procfs = Procfs::Open();
  if (!procfs) {
    diagnosis.packet_sockets = procfs.error();
    return diagnosis;
  }
  diagnosis.packet_sockets = FindPacketSockets(*procfs);
  if (auto rivals = FindRivalFirewalls(*procfs)) diagnosis.rivals = *std::move(rivals);
  return diagnosis;
}

}  // namespace

ExitCode RunDoctor(OutputForm form, DaemonClient& client, const Console& console) {
  const Diagnosis diagnosis = Examine(client);
  UserNames users;
  console.out << (form == OutputForm::kJson ? DiagnosisJson(diagnosis) + "\n"
                                            : DiagnosisText(diagnosis, console.terminal, users));
  if (::geteuid() != 0) {
    console.out << std::flush;
    console.err << "Not root: some of this cannot be seen.\n";
  }
  return VerdictOn(diagnosis) == Verdict::kWell ? kSuccess : kFailed;
}

}  // namespace procwall
