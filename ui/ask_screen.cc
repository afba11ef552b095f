// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/ask_screen.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "net/connection.h"
#include "record/event_words.h"
#include "ui/condition_text.h"
#include "ui/event_cells.h"
#include "ui/evidence_text.h"
#include "ui/file_text.h"

namespace procwall {
namespace {

using Lines = std::vector<StyledText>;
using AskTime = std::chrono::system_clock::time_point;

constexpr std::size_t kLabelColumns = 11;
constexpr std::size_t kMostListed = 8;

std::int64_t SecondsLeft(const v1::Question& question, AskTime now) {
  const auto deadline =
      std::chrono::system_clock::time_point(std::chrono::seconds(question.deadline().seconds()));
  const auto left = std::chrono::ceil<std::chrono::seconds>(deadline - now);
  return std::max<std::int64_t>(left.count(), 0);
}

StyledText Labelled(std::string_view label, const StyledText& text) {
  StyledText line(fmt::format("{:<{}}", label, kLabelColumns), Style::kDim);
  return line.Join(text);
}

// A text beside a label, in as many lines as it needs; at most `most`.
void AddText(Lines& lines, std::string_view label, std::string_view text, std::size_t width,
             std::size_t most, Style style = Style::kPlain) {
  const std::size_t room = width > kLabelColumns + 8 ? width - kLabelColumns : 8;
  std::string line;
  std::size_t added = 0;
  const auto flush = [&] {
    if (line.empty() || added == most) return;
    lines.push_back(Labelled(added == 0 ? label : "", StyledText(line, style)));
    ++added;
    line.clear();
  };
  while (!text.empty() && added < most) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string word(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::size_t glue = line.empty() ? 0 : 1;
    if (!line.empty() && DisplayWidth(line) + glue + DisplayWidth(word) > room) flush();
    line += line.empty() ? word : " " + word;
  }
  flush();
}

std::string Count(std::uint64_t count, const char* one) {
  return fmt::format("{} {}{}", count, one, count == 1 ? "" : "s");
}

StyledText Head(const AskDialogue& dialogue) {
  StyledText head("procwall ask", Style::kBold);
  const std::size_t count = dialogue.Items().size();
  head.Append(count == 0 ? ": nothing to answer" : fmt::format(": {}", Count(count, "question")));
  if (!dialogue.Name().empty()) head.Append(", you are " + dialogue.Name(), Style::kDim);
  return head;
}

StyledText ListLine(const AskDialogue::Item& item, bool is_selected, AskTime now) {
  StyledText line(is_selected ? "> " : "  ", Style::kAccent);
  line.Append(fmt::format("{:>3} s  ", SecondsLeft(item.question, now)),
              SecondsLeft(item.question, now) <= 5 ? Style::kWarning : Style::kDim);
  line.Join(ProgramCell(item.question.event())).Append("  ");
  line.Join(DestinationCell(item.question.event()));
  if (item.question.flows() > 1) {
    line.Append(fmt::format("  x{}", item.question.flows()), Style::kDim);
  }
  if (item.is_answered) line.Append("  answered", Style::kDim);
  if (!item.claimed_by.empty()) line.Append("  " + item.claimed_by + " looks at it", Style::kDim);
  return line;
}

// The list around the question that is looked at.
Lines QuestionList(const AskDialogue& dialogue, std::size_t most, AskTime now) {
  const auto& items = dialogue.Items();
  const std::size_t selected = dialogue.Selected() ? dialogue.SelectedIndex() : 0;
  const std::size_t shown = std::min(most, items.size());
  const std::size_t half = shown / 2;
  const std::size_t first = std::min(selected > half ? selected - half : 0, items.size() - shown);
  Lines lines;
  for (std::size_t i = first; i < first + shown; ++i) {
    lines.push_back(ListLine(items[i], dialogue.Selected() == &items[i], now));
  }
  return lines;
}

std::string StartedBy(const v1::Process& process) {
  std::string text;
  for (const v1::Ancestor& ancestor : process.ancestors()) {
    text += fmt::format("{}{} ({})", text.empty() ? "" : ", ", ancestor.path(), ancestor.pid());
  }
  return text;
}

std::string Where(const v1::Process& process) {
  std::string where = process.container().empty() ? "" : "container " + process.container();
  if (!process.unit().empty()) where += (where.empty() ? "unit " : ", unit ") + process.unit();
  return where;
}

bool IsIncoming(const v1::Event& event) {
  return event.direction() == DirectionName(Direction::kIncoming);
}

// Who calls, or where it goes: the other end, and the port that is asked for.
std::string Place(const v1::Event& event) {
  if (IsIncoming(event)) {
    const std::string port =
        event.dst_port() == 0 ? "" : fmt::format(" to port {}", event.dst_port());
    return fmt::format("{}{}, {}", event.src_ip(), port, event.protocol());
  }
  std::string place = event.dst_host().empty()
                          ? event.dst_ip()
                          : fmt::format("{} ({})", event.dst_host(), event.dst_ip());
  if (event.dst_port() != 0) place += fmt::format(" port {}", event.dst_port());
  return fmt::format("{}, {}", place, event.protocol());
}

// Who wants to go where, or who calls whom, and how we know.
Lines About(const AskDialogue& dialogue, std::size_t width, AskTime now, UserNames& users) {
  const v1::Question& question = dialogue.Selected()->question;
  const v1::Event& event = question.event();
  const v1::Process& process = event.process();
  Lines lines;
  const bool is_known = event.has_process();
  lines.push_back(Labelled(
      "Program", StyledText(is_known ? ProcessText(process) : "unknown: " + event.unknown_reason(),
                            is_known ? Style::kBold : Style::kWarning)));
  if (const std::string file = FileText(process); !file.empty()) {
    AddText(lines, "File", file, width, 2, Style::kWarning);
  }
  for (const v1::Process& other : event.alternatives()) {
    lines.push_back(Labelled("or", StyledText(ProcessText(other), Style::kWarning)));
  }
  AddText(lines, IsIncoming(event) ? "from" : "to", Place(event), width, 2, Style::kBold);
  if (!process.args().empty())
    AddText(lines, "Command", fmt::format("{}", fmt::join(process.args(), " ")), width, 2);
  AddText(lines, "Started by", StartedBy(process), width, 2);
  if (is_known || event.has_uid()) {
    AddText(lines, "User", UserText(is_known ? process.uid() : event.uid(), users), width, 1);
  }
  AddText(lines, "In", Where(process), width, 1);
  AddText(lines, "Sure", ConfidenceSentence(event), width, 2);
  if (dialogue.ShowsEvidence()) {
    for (const std::string& step : EvidenceSteps(event, users)) AddText(lines, "-", step, width, 3);
  }
  if (question.seen() > 0) {
    AddText(lines, "Seen", fmt::format("{} about this program", Count(question.seen(), "decision")),
            width, 1);
  }
  AddText(lines, "Waiting",
          fmt::format("{}, {}; without an answer in {} s: {}",
                      Count(question.flows(), "connection"), Count(question.packets(), "packet"),
                      SecondsLeft(question, now), ActionWord(question.default_action())),
          width, 2);
  return lines;
}

StyledText KeyRow(const char* title, RuleAction action, Style style) {
  StyledText row = Labelled(title, {});
  for (const AnswerKey& answer : AnswerKeys()) {
    if (answer.action != action) continue;
    row.Append(std::string(1, answer.key), style).Append(fmt::format(" {}   ", answer.label));
  }
  return row;
}

// How far the answer reaches, what rule that makes, and the keys.
Lines Choices(const AskDialogue& dialogue, std::size_t width) {
  const AskDialogue::Item& item = *dialogue.Selected();
  Lines lines;
  const char* label = "Reach   s";
  for (std::size_t i = 0; i < item.proposals.size(); ++i) {
    const bool is_chosen = i == item.proposal;
    StyledText choice(is_chosen ? "> " : "  ", Style::kAccent);
    choice.Append(item.proposals[i].label, is_chosen ? Style::kBold : Style::kDim);
    lines.push_back(Labelled(std::exchange(label, ""), choice));
  }
  AddText(lines, "Rule", "if " + ConditionText(item.proposals[item.proposal].op), width, 3);
  if (const auto& rule = dialogue.Unconfirmed()) {
    lines.push_back(
        Labelled("", StyledText(fmt::format("{} always, saved as \"{}\": Enter saves, Esc does not",
                                            RuleActionName(rule->action), rule->name),
                                Style::kWarning)));
  } else {
    lines.push_back(KeyRow("Allow", RuleAction::kAllow, Style::kGood));
    lines.push_back(KeyRow("Deny", RuleAction::kDeny, Style::kBad));
  }
  return lines;
}

void Append(Lines& lines, Lines more, std::size_t limit) {
  for (StyledText& line : more) {
    if (lines.size() < limit) lines.push_back(std::move(line));
  }
}

Lines WithoutQuestions(const AskDialogue& dialogue) {
  Lines lines;
  lines.push_back({});
  lines.push_back(StyledText("Programs that no rule decides about will be asked about here."));
  for (const std::string& news : dialogue.News()) {
    lines.push_back(StyledText("  " + news, Style::kDim));
  }
  return lines;
}

}  // namespace

std::vector<StyledText> AskScreen(const AskDialogue& dialogue, ScreenSize size, AskTime now,
                                  UserNames& users) {
  if (size.height == 0) return {};
  if (size.height == 1) return {Head(dialogue).KeepingFront(size.width)};
  const StyledText foot("up/down question   s reach   e evidence   x default   q quit",
                        Style::kDim);
  const std::size_t limit = size.height - 1;  // above the foot
  Lines lines{Head(dialogue)};
  if (dialogue.Selected() == nullptr) {
    Append(lines, QuestionList(dialogue, kMostListed, now), limit);
    Append(lines, WithoutQuestions(dialogue), limit);
  } else {
    Lines choices = Choices(dialogue, size.width);
    Lines about = About(dialogue, size.width, now, users);
    // The list gets what the rest leaves, the answers come before the evidence.
    const std::size_t needed = 1 + choices.size() + about.size() + 2;
    const std::size_t room = limit > needed ? limit - needed : 0;
    const std::size_t listed = std::clamp<std::size_t>(room, 1, kMostListed);
    Append(lines, QuestionList(dialogue, listed, now), limit);
    const std::size_t used = lines.size() + choices.size();
    const std::size_t left = limit > used ? limit - used : 0;
    const std::size_t gaps = left > about.size() + 1 ? 1 : 0;
    if (gaps == 1) lines.emplace_back();
    about.resize(std::min(about.size(), left - std::min(left, gaps)));
    Append(lines, std::move(about), limit);
    if (lines.size() + choices.size() < limit) lines.emplace_back();
    Append(lines, std::move(choices), limit);
    if (!dialogue.News().empty() && lines.size() + 1 < limit) {
      lines.emplace_back();
      lines.push_back(StyledText(dialogue.News().back(), Style::kDim));
    }
  }
  lines.push_back(foot);
  for (StyledText& line : lines) line = line.KeepingFront(size.width);
  return lines;
}

}  // namespace procwall
