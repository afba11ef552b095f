// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "diagnosis/diagnosis.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "diagnosis/troubles.h"
#include "record/json_text.h"

namespace procwall {
namespace {

bool Runs(const Diagnosis& diagnosis, std::string_view tier) {
  return std::ranges::any_of(diagnosis.tiers, [tier](const Tier& one) {
    return one.name == tier && one.state == Tier::State::kRuns;
  });
}

bool LosesMore(const Diagnosis& diagnosis) {
  return std::ranges::any_of(OpenNeeds(diagnosis), [](const TierNeed* need) {
    return need->loss == TierNeed::Loss::kUnguarded;
  });
}

Json HoldersJson(const PacketSocketWithOwners& entry) {
  Json holders = Json::array();
  for (const ProcessPtr& owner : entry.owners) {
    holders.push_back({{"pid", owner->id.pid}, {"path", JsonText(Printable(RulePath(*owner)))}});
  }
  return holders;
}

Json TierJson(const Tier& tier, const std::vector<const TierNeed*>& open) {
  const TierNeed* const need = FindTierNeed(tier.name);
  const bool is_open = std::ranges::find(open, need) != open.end() && need != nullptr;
  return {{"name", JsonText(tier.name)},
          {"purpose", JsonText(tier.purpose)},
          {"state", TierStateName(tier.state)},
          {"why_not", JsonText(tier.why_not)},
          {"cases", is_open ? Json(need->cases) : Json(nullptr)},
          {"advice", is_open ? Json(need->advice) : Json(nullptr)}};
}

Json PacketSocketsJson(const Diagnosis& diagnosis) {
  if (!diagnosis.packet_sockets) return nullptr;
  Json sockets = Json::array();
  for (const PacketSocketWithOwners& entry : *diagnosis.packet_sockets) {
    const PacketSocket& socket = entry.socket;
    sockets.push_back({{"inode", socket.inode},
                       {"protocol", socket.protocol},
                       {"interface", socket.ifindex},
                       {"uid", socket.uid ? Json(*socket.uid) : Json(nullptr)},
                       {"holders", HoldersJson(entry)},
                       {"all_holders_known", entry.all_owners_known}});
  }
  return sockets;
}

const char* VerdictName(Health verdict) {
  switch (verdict) {
    case Health::kWell:
      return "well";
    case Health::kUncertain:
      return "uncertain";
    case Health::kWrong:
      return "wrong";
  }
  return "wrong";
}

}  // namespace

std::vector<const TierNeed*> OpenNeeds(const Diagnosis& diagnosis) {
  std::vector<const TierNeed*> open;
  for (const Tier& tier : diagnosis.tiers) {
    if (tier.state != Tier::State::kMissing) continue;
    const TierNeed* const need = FindTierNeed(tier.name);
    if (need == nullptr || Runs(diagnosis, need->covered_by)) continue;
    open.push_back(need);
  }
  std::ranges::stable_sort(open, std::ranges::greater(), &TierNeed::loss);
  return open;
}

std::vector<std::string> Wrongs(const Diagnosis& diagnosis) {
  std::vector<std::string> wrongs;
  if (!diagnosis.daemon && !diagnosis.daemon_is_hidden) {
    wrongs.emplace_back("procwalld does not run: nothing is guarded");
  }
  for (const RivalFirewall& rival : diagnosis.rivals) {
    wrongs.push_back(fmt::format("{} (pid {}) runs: two firewalls decide about the same packets",
                                 rival.name, rival.pid));
  }
  if (!diagnosis.daemon) return wrongs;
  for (std::string& trouble : Troubles(*diagnosis.daemon)) wrongs.push_back(std::move(trouble));
  return wrongs;
}

Health VerdictOn(const Diagnosis& diagnosis) {
  if (!Wrongs(diagnosis).empty() || LosesMore(diagnosis)) return Health::kWrong;
  const bool well = diagnosis.daemon && OpenNeeds(diagnosis).empty();
  return well ? Health::kWell : Health::kUncertain;
}

std::string VerdictSentence(const Diagnosis& diagnosis) {
  const std::size_t open = OpenNeeds(diagnosis).size();
  if (diagnosis.daemon_is_hidden)
    return "Whether this host is guarded cannot be seen: ask as root.";
  if (!diagnosis.daemon) return "Not guarded: procwalld does not run.";
  switch (VerdictOn(diagnosis)) {
    case Health::kWell:
      return "All is well: every tier that is needed runs, and no packet was lost.";
    case Health::kUncertain:
      return fmt::format(
          "Guarded, but not everything is certain: {} missing, see above.",
          open == 1 ? std::string("one tier is") : fmt::format("{} tiers are", open));
    case Health::kWrong:
      break;
  }
  return LosesMore(diagnosis) ? "Not guarded as it should be: see above."
                              : "Guarded, but something is wrong: see above.";
}

std::vector<Tier> TiersOfWitness(const v1::Witness& witness) {
  std::vector<Tier> tiers;
  if (!witness.runs()) {
    return {{"witness", "sees in the kernel who makes and uses sockets", Tier::State::kMissing,
             witness.why_not()}};
  }
  for (const v1::WitnessPart& part : witness.parts()) {
    tiers.push_back({"witness " + part.name(), part.purpose(),
                     part.runs() ? Tier::State::kRuns : Tier::State::kMissing, part.why_not()});
  }
  return tiers;
}

std::string DiagnosisJson(const Diagnosis& diagnosis) {
  const std::vector<const TierNeed*> open = OpenNeeds(diagnosis);
  Json json;
  json["verdict"] = VerdictName(VerdictOn(diagnosis));
  json["sentence"] = JsonText(VerdictSentence(diagnosis));
  json["daemon_pid"] = diagnosis.daemon ? Json(diagnosis.daemon->pid()) : Json(nullptr);
  json["why_no_daemon"] = JsonText(diagnosis.why_no_daemon);
  json["tiers"] = Json::array();
  for (const Tier& tier : diagnosis.tiers) json["tiers"].push_back(TierJson(tier, open));
  json["wrong"] = Json::array();
  for (const std::string& wrong : Wrongs(diagnosis)) json["wrong"].push_back(JsonText(wrong));
  json["packet_sockets"] = PacketSocketsJson(diagnosis);
  json["rivals"] = Json::array();
  for (const RivalFirewall& rival : diagnosis.rivals) {
    json["rivals"].push_back({{"pid", rival.pid}, {"name", JsonText(rival.name)}});
  }
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace procwall
