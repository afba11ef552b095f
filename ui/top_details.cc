// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/top_details.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "ui/amount_text.h"
#include "ui/condition_text.h"
#include "ui/event_cells.h"
#include "ui/evidence_text.h"
#include "ui/explain.h"
#include "ui/paragraph.h"
#include "ui/time_text.h"

namespace procwall {
namespace {

using Lines = std::vector<StyledText>;

constexpr std::size_t kMostFlows = 20;

void AddText(Lines& lines, std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

void AddParagraph(Lines& lines, std::string_view label, std::string_view text, std::size_t width) {
  AddText(lines, RenderParagraph(label, text, Style::kPlain, {true, width, Colours::kOff}));
}

std::string End(const std::string& ip, std::uint32_t port) {
  return ip.find(':') == std::string::npos ? fmt::format("{}:{}", ip, port)
                                           : fmt::format("[{}]:{}", ip, port);
}

std::string FlowText(const v1::Flow& flow) {
  const v1::FlowEnds& ends = flow.original();
  std::string text =
      fmt::format("{} {} to {}, {}", flow.protocol(), End(ends.src_ip(), ends.src_port()),
                  End(ends.dst_ip(), ends.dst_port()), flow.state());
  if (flow.has_sent_bytes() && flow.has_received_bytes()) {
    text +=
        fmt::format(", sent {}B, received {}B", AmountText(static_cast<double>(flow.sent_bytes())),
                    AmountText(static_cast<double>(flow.received_bytes())));
  }
  if (flow.has_age()) {
    text += ", since " +
            AgeText(std::chrono::duration_cast<std::chrono::seconds>(Nanoseconds(flow.age())));
  }
  if (!flow.nat().empty()) text += ", NAT of " + flow.nat();
  return text;
}

struct Found {
  const TopProgram* program = nullptr;
  const TopPlace* place = nullptr;
};

Found Find(const TopDialogue& dialogue) {
  const std::string& key = dialogue.ShownDetails().row;
  for (const TopProgram& program : dialogue.Programs()) {
    if (program.key == key) return {&program, nullptr};
    for (const TopPlace& place : program.places) {
      if (TopRow{&program, &place}.Key() == key) return {&program, &place};
    }
  }
  return {};
}

void AddFlows(Lines& lines, const Found& found, std::size_t width) {
  std::vector<const v1::Flow*> flows;
  for (const TopPlace& place : found.program->places) {
    if (found.place != nullptr && found.place != &place) continue;
    for (const v1::Flow& flow : place.flows) flows.push_back(&flow);
  }
  const char* label = "Live";
  for (std::size_t i = 0; i < std::min(flows.size(), kMostFlows); ++i) {
    AddParagraph(lines, std::exchange(label, ""), FlowText(*flows[i]), width);
  }
  if (flows.size() > kMostFlows) {
    AddParagraph(lines, "", fmt::format("and {} more", flows.size() - kMostFlows), width);
  }
}

// Without the daemon's explanation: what its event told.
void AddEvidence(Lines& lines, const v1::Event& event, std::size_t width, UserNames& users) {
  const char* label = "How";
  for (const std::string& step : EvidenceSteps(event, users)) {
    AddParagraph(lines, std::exchange(label, ""), step, width);
  }
  label = "Command";
  for (const std::string& command : CommandTexts(event)) {
    AddParagraph(lines, std::exchange(label, ""), command, width);
  }
}

std::string Pids(const std::set<std::int32_t>& pids) {
  return fmt::format("{}", fmt::join(pids, " "));
}

}  // namespace

std::vector<StyledText> DetailLines(const TopDialogue& dialogue, std::size_t width,
                                    std::chrono::seconds utc_offset, UserNames& users) {
  const TopDialogue::Details& details = dialogue.ShownDetails();
  const Found found = Find(dialogue);
  Lines lines;
  if (found.program == nullptr) {
    lines.emplace_back("It is not there any more.", Style::kWarning);
  } else {
    AddParagraph(lines, "Program", found.program->key, width);
    if (!found.program->pids.empty()) {
      AddParagraph(lines, "Processes", Pids(found.program->pids), width);
    }
    AddFlows(lines, found, width);
    lines.emplace_back();
  }
  if (details.is_explained) {
    AddText(lines,
            ExplainText(details.explanation, {true, width, Colours::kOff}, utc_offset, users));
  } else if (details.why_not.empty()) {
    lines.emplace_back("Asking the daemon for the evidence ...", Style::kDim);
  } else {
    AddParagraph(lines, "Evidence", "the daemon does not explain it: " + details.why_not, width);
    const TopPlace* place = found.place;
    if (place != nullptr && place->is_decided) AddEvidence(lines, place->event, width, users);
  }
  return lines;
}

std::vector<StyledText> RuleLines(const TopDialogue& dialogue, std::size_t width) {
  const TopDialogue::Draft& draft = dialogue.RuleDraft();
  const Rule rule = dialogue.DraftedRule();
  const bool allows = draft.action == RuleAction::kAllow;
  Lines lines;
  const auto add = [&lines](std::string_view label, const StyledText& text) {
    StyledText line(fmt::format("{:<{}}", label, kLabelWidth), Style::kDim);
    lines.push_back(line.Join(text));
  };
  add("Program", ProgramCell(draft.event));
  add("to", DestinationCell(draft.event));
  lines.emplace_back();
  add("Action a d", {RuleActionName(draft.action), allows ? Style::kGood : Style::kBad});
  const char* label = "Reach    s";
  for (std::size_t i = 0; i < draft.proposals.size(); ++i) {
    const bool is_chosen = i == draft.proposal;
    StyledText choice(is_chosen ? "> " : "  ", Style::kAccent);
    choice.Append(draft.proposals[i].label, is_chosen ? Style::kBold : Style::kDim);
    add(std::exchange(label, ""), choice);
  }
  StyledText times;
  for (std::size_t i = 0; i < RuleTimes().size(); ++i) {
    const bool is_chosen = i == draft.time;
    times.Append(is_chosen ? "> " : "  ", Style::kAccent)
        .Append(RuleTimes()[i].label, is_chosen ? Style::kBold : Style::kDim)
        .Append("   ");
  }
  add("Time     t", times);
  lines.emplace_back();
  AddParagraph(lines, "Rule",
               fmt::format("{} {} \"{}\" if {}", RuleActionName(rule.action), rule.duration,
                           rule.name, ConditionText(rule.op)),
               width);
  lines.emplace_back();
  add("", {"Enter saves it and puts it in force, Esc does not", Style::kWarning});
  return lines;
}

std::vector<StyledText> CutLines(const TopDialogue& dialogue) {
  Lines lines;
  lines.emplace_back("Cut " + dialogue.CutText() + "?", Style::kBold);
  lines.emplace_back();
  lines.emplace_back("Both sides are told that the connection has ended. No rule is made: the");
  lines.emplace_back("program may connect again.");
  lines.emplace_back();
  lines.emplace_back("Enter cuts, Esc does not", Style::kWarning);
  return lines;
}

std::vector<StyledText> TopHelpLines() {
  constexpr std::array kLines = {
      "Keys",
      "  up, down, k, j     another row; also PgUp, PgDn, Home, End",
      "  right, left, Tab   open or shut a program: + shut, - open; e all of them",
      "  Enter              details: live connections, the decision, the evidence",
      "  /                  filter: words in program, other side, state or rule",
      "  Esc                no filter",
      "  s                  sort by the next of these; or at once by",
      "  R C D N T          rate, count, denied, name, time",
      "  Space              pause: what is shown stays",
      "  d, a               deny or allow it: the rule is shown before it is saved",
      "  c                  cut its live connections",
      "  q, Ctrl-C          end",
      "",
      "Columns",
      "  STATE    of the connections; \"ended\": none lives; \"2 live\": all of it",
      "  RULE     what decided last",
      "  ALLOW, DENY, /s    decisions so far, and a second (of the last ten)",
      "  IN, OUT            bytes of the connections that live, and a second",
      "  ~ ?      the program is likely, or ambiguous or unknown; no mark: certain",
      "",
      "Any key goes back."};
  Lines lines;
  for (const char* line : kLines) lines.emplace_back(line);
  return lines;
}

}  // namespace procwall
