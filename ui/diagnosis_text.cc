// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/diagnosis_text.h"

#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "base/printable.h"
#include "ui/evidence_text.h"
#include "ui/paragraph.h"
#include "ui/styled_text.h"
#include "ui/table.h"

namespace procwall {
namespace {

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

}  // namespace

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
  const Health verdict = VerdictOn(diagnosis);
  text += RenderParagraph("Verdict", VerdictSentence(diagnosis),
                          verdict == Health::kWell        ? Style::kGood
                          : verdict == Health::kUncertain ? Style::kWarning
                                                          : Style::kBad,
                          terminal);
  return text;
}

}  // namespace procwall
