// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/diagnosis.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "base/printable.h"
#include "ui/evidence_text.h"
#include "ui/json_text.h"
#include "ui/paragraph.h"
#include "ui/status.h"
#include "ui/styled_text.h"
#include "ui/table.h"

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

Style StyleOf(Tier::State state) {
  switch (state) {
    case Tier::State::kRuns:
      return Style::kGood;
    case Tier::State::kMissing:
      return Style::kBad;
    case Tier::State::kUnknown:
      return Style::kDim;
  }
  return Style::kDim;
}

std::string OwnersText(const PacketSocketWithOwners& entry) {
  std::vector<std::string> owners;
  for (const ProcessPtr& owner : entry.owners) {
    owners.push_back(fmt::format("{} (pid {})", Printable(RulePath(*owner)), owner->id.pid));
  }
  if (owners.empty()) return "A process that cannot be seen from here";
  return fmt::format("{}", fmt::join(owners, ", "));
}

std::string GuiSentence(const v1::OpensnitchGui& gui) {
  if (gui.address().empty()) return "";
  if (gui.connected()) return fmt::format(" OpenSnitch's GUI is connected ({}).", gui.dialect());
  return fmt::format(" OpenSnitch's GUI is not connected: {}.", gui.why_not());
}

std::string Headline(const Diagnosis& diagnosis) {
  if (!diagnosis.daemon) return diagnosis.why_no_daemon + ". What follows is the kernel alone.";
  return fmt::format("procwalld {} runs (pid {}).{}", diagnosis.daemon->version(),
                     diagnosis.daemon->pid(), GuiSentence(diagnosis.daemon->opensnitch_gui()));
}

std::string TierRows(const std::vector<Tier>& tiers, const Terminal& terminal) {
  std::vector<Cells> rows;
  for (const Tier& tier : tiers) {
    std::string text = tier.purpose;
    if (!tier.why_not.empty()) text = fmt::format("{}: {}", tier.purpose, tier.why_not);
    rows.push_back({StyledText(TierStateName(tier.state), StyleOf(tier.state)),
                    StyledText(tier.name), StyledText(text, Style::kDim)});
  }
  return RenderTable({{{.title = "STATE"}, {.title = "TIER"}, {.title = "WHAT FOR"}}, 2}, rows,
                     terminal);
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

const char* VerdictName(Verdict verdict) {
  switch (verdict) {
    case Verdict::kWell:
      return "well";
    case Verdict::kUncertain:
      return "uncertain";
    case Verdict::kWrong:
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

std::vector<std::string> BelowFirewall(const Diagnosis& diagnosis, UserNames& users) {
  std::vector<std::string> texts;
  if (!diagnosis.packet_sockets) return texts;
  for (const PacketSocketWithOwners& entry : *diagnosis.packet_sockets) {
    const PacketSocket& socket = entry.socket;
    std::string text = fmt::format("{} holds AF_PACKET socket {}", OwnersText(entry), socket.inode);
    if (socket.uid) text += fmt::format(" of user {}", UserText(*socket.uid, users));
    text += socket.ifindex == 0 ? ", on every interface"
                                : fmt::format(", on interface {}", socket.ifindex);
    texts.push_back(text + ".");
  }
  return texts;
}

Verdict VerdictOn(const Diagnosis& diagnosis) {
  if (!Wrongs(diagnosis).empty() || LosesMore(diagnosis)) return Verdict::kWrong;
  const bool well = diagnosis.daemon && OpenNeeds(diagnosis).empty();
  return well ? Verdict::kWell : Verdict::kUncertain;
}

std::string VerdictSentence(const Diagnosis& diagnosis) {
  const std::size_t open = OpenNeeds(diagnosis).size();
  if (diagnosis.daemon_is_hidden)
    return "Whether this host is guarded cannot be seen: ask as root.";
  if (!diagnosis.daemon) return "Not guarded: procwalld does not run.";
  switch (VerdictOn(diagnosis)) {
    case Verdict::kWell:
      return "All is well: every tier that is needed runs, and nothing was lost.";
    case Verdict::kUncertain:
      return fmt::format(
          "Guarded, but not everything is certain: {} missing, see above.",
          open == 1 ? std::string("one tier is") : fmt::format("{} tiers are", open));
    case Verdict::kWrong:
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

std::string DiagnosisText(const Diagnosis& diagnosis, const Terminal& terminal, UserNames& users) {
  std::string text = StyledText(Headline(diagnosis)).Render(terminal.colours) + "\n\n";
  text += TierRows(diagnosis.tiers, terminal) + "\n";
  for (const TierNeed* need : OpenNeeds(diagnosis)) {
    const char* const label = need->loss == TierNeed::Loss::kUncertain ? "Uncertain"
                              : need->loss == TierNeed::Loss::kWeaker  ? "Weaker"
                                                                       : "Unguarded";
    text += RenderParagraph(label, need->cases, Style::kWarning, terminal);
    text += RenderParagraph(
        "", fmt::format("Without: {}. What would help: {}.", need->tier, need->advice),
        Style::kPlain, terminal);
  }
  for (const std::string& wrong : Wrongs(diagnosis)) {
    text += RenderParagraph("Wrong", wrong + ".", Style::kBad, terminal);
  }
  const std::vector<std::string> below = BelowFirewall(diagnosis, users);
  for (const std::string& one : below) {
    text += RenderParagraph("Below", one, Style::kWarning, terminal);
  }
  if (!below.empty()) {
    text += RenderParagraph("", "What they send and see passes below every firewall rule of ours.",
                            Style::kPlain, terminal);
  }
  const Verdict verdict = VerdictOn(diagnosis);
  text += RenderParagraph("Verdict", VerdictSentence(diagnosis),
                          verdict == Verdict::kWell        ? Style::kGood
                          : verdict == Verdict::kUncertain ? Style::kWarning
                                                           : Style::kBad,
                          terminal);
  return text;
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
  return OneLine(json);
}

}  // namespace procwall
