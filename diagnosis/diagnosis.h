// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "attribution/packet_sockets.h"
#include "attribution/rival_firewalls.h"
#include "attribution/tier.h"
#include "base/result.h"
#include "procwall/v1/procwall.pb.h"

namespace procwall {

// What was found out about this host and its daemon, and what it means.
struct Diagnosis {
  std::optional<v1::StatusResponse> daemon;
  std::string why_no_daemon;      // empty if there is one
  bool daemon_is_hidden = false;  // there may be one that we may not ask
  std::vector<Tier> tiers;        // the witness's parts included
  Result<std::vector<PacketSocketWithOwners>> packet_sockets{std::vector<PacketSocketWithOwners>{}};
  std::vector<RivalFirewall> rivals;
};

enum class Health : std::uint8_t {
  kWell,
  kUncertain,  // some programs are not named, or not for certain; or something is to be known
  kWrong,      // packets pass undecided, or were lost
};

// What a missing tier costs here: those that others make up for are left out.
std::vector<const TierNeed*> OpenNeeds(const Diagnosis& diagnosis);
// What is wrong or was lost, a sentence each, the worst first.
std::vector<std::string> Wrongs(const Diagnosis& diagnosis);
Health VerdictOn(const Diagnosis& diagnosis);
// "Not guarded: procwalld is not running."
std::string VerdictSentence(const Diagnosis& diagnosis);

// The witness as tiers: one for each part, or one for all of it that says why it does not run.
std::vector<Tier> TiersOfWitness(const v1::Witness& witness);

// As `procwall doctor --json` and the API's Diagnose tell it; without a newline.
std::string DiagnosisJson(const Diagnosis& diagnosis);

}  // namespace procwall
