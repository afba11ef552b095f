// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/top_dialogue.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "record/rule_message.h"
#include "ui/event_cells.h"

namespace procwall {
namespace {

constexpr std::size_t kMaxFilter = 100;

v1::ExplainRequest RequestFor(const v1::Event& event) {
  v1::ExplainRequest request;
  if (event.sequence() != 0) {
    request.set_sequence(event.sequence());
    return request;
  }
  const bool is_incoming = event.direction() == "incoming";
  v1::ConnectionEnds& ends = *request.mutable_connection();
  ends.set_protocol(event.protocol());
  ends.set_local_ip(is_incoming ? event.dst_ip() : event.src_ip());
  ends.set_local_port(is_incoming ? event.dst_port() : event.src_port());
  ends.set_remote_ip(is_incoming ? event.src_ip() : event.dst_ip());
  ends.set_remote_port(is_incoming ? event.src_port() : event.dst_port());
  return request;
}

// Exactly this flow: its number alone may be another's by now.
v1::FlowFilter FilterFor(const v1::Flow& flow, const TopPlace& place) {
  const bool is_incoming = place.event.direction() == "incoming";
  const v1::FlowEnds& ends = flow.original();
  v1::FlowFilter filter;
  filter.set_id(flow.id());
  filter.set_protocol(flow.protocol());
  filter.set_address(is_incoming ? ends.src_ip() : ends.dst_ip());
  return filter;
}

bool IsCharacter(Key key, char character) {
  return key.kind == Key::Kind::kCharacter && key.character == character;
}

}  // namespace

const std::vector<RuleTime>& RuleTimes() {
  static const std::vector<RuleTime> times = {
      {"always", "always"}, {"until restart", "until restart"}, {"15m", "15 min"}};
  return times;
}

void TopDialogue::OnPrograms(std::vector<TopProgram> programs) {
  if (is_paused_) return;
  rows_.clear();
  programs_ = std::move(programs);
  Refresh();
}

// The row that is looked at stays that, wherever it goes.
void TopDialogue::Refresh() {
  rows_ = TopRows(programs_, view_);
  const auto same =
      std::ranges::find_if(rows_, [this](const TopRow& row) { return row.Key() == selected_key_; });
  if (same != rows_.end()) selected_ = static_cast<std::size_t>(same - rows_.begin());
  selected_ = rows_.empty() ? 0 : std::min(selected_, rows_.size() - 1);
  selected_key_ = rows_.empty() ? "" : rows_[selected_].Key();
}

const TopRow* TopDialogue::Row() const { return rows_.empty() ? nullptr : &rows_[selected_]; }

void TopDialogue::OnReply(const TopReply& reply) {
  switch (reply.kind) {
    case TopReply::Kind::kExplained:
      if (details_.row != reply.row) return;
      details_.is_explained = true;
      details_.explanation = reply.explanation;
      return;
    case TopReply::Kind::kNotExplained:
      if (details_.row == reply.row) details_.why_not = reply.what;
      return;
    case TopReply::Kind::kDone:
    case TopReply::Kind::kFailed:
      news_ = reply.what;
      return;
  }
}

std::vector<TopRequest> TopDialogue::OnKey(Key key, const Extent& extent) {
  Requests requests;
  if (key.kind == Key::Kind::kInterrupt) {
    is_over_ = true;
    return requests;
  }
  switch (mode_) {
    case Mode::kList:
      OnListKey(key, extent, requests);
      break;
    case Mode::kFilter:
      OnFilterKey(key);
      break;
    case Mode::kDetails:
      OnDetailsKey(key, extent);
      break;
    case Mode::kRule:
      OnRuleKey(key, requests);
      break;
    case Mode::kCut:
      OnCutKey(key, requests);
      break;
    case Mode::kHelp:
      mode_ = Mode::kList;
      break;
  }
  return requests;
}

void TopDialogue::OnListKey(Key key, const Extent& extent, Requests& requests) {
  news_.clear();
  const auto page = static_cast<std::ptrdiff_t>(std::max<std::size_t>(extent.page, 1));
  const auto all = static_cast<std::ptrdiff_t>(rows_.size());
  switch (key.kind) {
    case Key::Kind::kUp:
      return Move(-1);
    case Key::Kind::kDown:
      return Move(1);
    case Key::Kind::kPageUp:
      return Move(-page);
    case Key::Kind::kPageDown:
      return Move(page);
    case Key::Kind::kHome:
      return Move(-all);
    case Key::Kind::kEnd:
      return Move(all);
    case Key::Kind::kLeft:
      return Turn(false);
    case Key::Kind::kRight:
      return Turn(true);
    case Key::Kind::kTab:
      return Turn(std::nullopt);
    case Key::Kind::kEnter:
      return ShowDetails(requests);
    case Key::Kind::kEscape:
      view_.filter.clear();
      return Refresh();
    case Key::Kind::kCharacter:
      return OnListCharacter(key.character);
    default:
      return;
  }
}

void TopDialogue::OnListCharacter(char character) {
  switch (character) {
    case 'q':
      is_over_ = true;
      return;
    case 'k':
      return Move(-1);
    case 'j':
      return Move(1);
    case ' ':
      is_paused_ = !is_paused_;
      return;
    case '/':
      filter_before_ = view_.filter;
      mode_ = Mode::kFilter;
      return;
    case 's':
      return SortBy(NextTopSort(view_.sort));
    case 'R':
      return SortBy(TopSort::kRate);
    case 'C':
      return SortBy(TopSort::kCount);
    case 'D':
      return SortBy(TopSort::kDenied);
    case 'N':
      return SortBy(TopSort::kName);
    case 'T':
      return SortBy(TopSort::kTime);
    case '+':
      return Turn(true);
    case '-':
      return Turn(false);
    case 'e':
      view_.all_open = !view_.all_open;
      view_.turned.clear();
      return Refresh();
    case 'a':
      return BeginRule(RuleAction::kAllow);
    case 'd':
      return BeginRule(RuleAction::kDeny);
    case 'c':
      return BeginCut();
    case '?':
    case 'h':
      mode_ = Mode::kHelp;
      return;
    default:
      return;
  }
}

void TopDialogue::SortBy(TopSort sort) {
  view_.sort = sort;
  Refresh();
}

void TopDialogue::Move(std::ptrdiff_t by) {
  if (rows_.empty()) return;
  const auto last = static_cast<std::ptrdiff_t>(rows_.size()) - 1;
  const auto to = std::clamp<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(selected_) + by, 0, last);
  selected_ = static_cast<std::size_t>(to);
  selected_key_ = rows_[selected_].Key();
}

// Opens or shuts the program of the row; nullopt: what it is not.
void TopDialogue::Turn(std::optional<bool> open) {
  const TopRow* const row = Row();
  if (row == nullptr) return;
  const std::string program = row->program->key;
  if (open == view_.IsOpen(program)) return;
  if (view_.turned.erase(program) == 0) view_.turned.insert(program);
  // A place that is shut away leaves its program looked at.
  if (!view_.IsOpen(program)) selected_key_ = program;
  Refresh();
}

void TopDialogue::OnFilterKey(Key key) {
  switch (key.kind) {
    case Key::Kind::kCharacter:
      if (view_.filter.size() < kMaxFilter) view_.filter += key.character;
      break;
    case Key::Kind::kBackspace:
      if (!view_.filter.empty()) view_.filter.pop_back();
      break;
    case Key::Kind::kEscape:
      view_.filter = filter_before_;
      mode_ = Mode::kList;
      break;
    case Key::Kind::kUp:
      return Move(-1);
    case Key::Kind::kDown:
      return Move(1);
    case Key::Kind::kEnter:
      mode_ = Mode::kList;
      break;
    default:
      break;
  }
  Refresh();
}

void TopDialogue::ShowDetails(Requests& requests) {
  const TopRow* const row = Row();
  if (row == nullptr) return;
  details_ = {};
  details_.row = row->Key();
  mode_ = Mode::kDetails;
  requests.emplace_back(TopExplain{details_.row, RequestFor(row->Event())});
}

void TopDialogue::OnDetailsKey(Key key, const Extent& extent) {
  const auto scroll = [&](std::ptrdiff_t by) {
    const auto to = static_cast<std::ptrdiff_t>(std::min(details_.offset, extent.last_offset)) + by;
    details_.offset = static_cast<std::size_t>(
        std::clamp<std::ptrdiff_t>(to, 0, static_cast<std::ptrdiff_t>(extent.last_offset)));
  };
  const auto page = static_cast<std::ptrdiff_t>(std::max<std::size_t>(extent.page, 1));
  if (key.kind == Key::Kind::kUp || IsCharacter(key, 'k')) return scroll(-1);
  if (key.kind == Key::Kind::kDown || IsCharacter(key, 'j')) return scroll(1);
  if (key.kind == Key::Kind::kPageUp) return scroll(-page);
  if (key.kind == Key::Kind::kPageDown || IsCharacter(key, ' ')) return scroll(page);
  mode_ = Mode::kList;
  const bool acts = IsCharacter(key, 'a') || IsCharacter(key, 'd') || IsCharacter(key, 'c');
  // The row may have gone or moved meanwhile: nothing is done to another one.
  if (acts && Row() != nullptr && Row()->Key() == details_.row) OnListCharacter(key.character);
}

void TopDialogue::BeginRule(RuleAction action) {
  const TopRow* const row = Row();
  if (row == nullptr) return;
  draft_ = {};
  draft_.event = row->Event();
  draft_.proposals = RuleProposals(draft_.event);
  draft_.action = action;
  // A program's row is about the program, wherever it goes.
  if (row->place == nullptr) draft_.proposal = draft_.proposals.size() - 1;
  mode_ = Mode::kRule;
}

Rule TopDialogue::DraftedRule() const {
  return RuleOfAnswer(draft_.event, draft_.proposals.at(draft_.proposal), draft_.action,
                      RuleTimes().at(draft_.time).duration);
}

void TopDialogue::OnRuleKey(Key key, Requests& requests) {
  const std::size_t proposals = draft_.proposals.size();
  if (IsCharacter(key, 's') || key.kind == Key::Kind::kDown || key.kind == Key::Kind::kTab) {
    draft_.proposal = (draft_.proposal + 1) % proposals;
  } else if (IsCharacter(key, 'S') || key.kind == Key::Kind::kUp) {
    draft_.proposal = (draft_.proposal + proposals - 1) % proposals;
  } else if (IsCharacter(key, 't')) {
    draft_.time = (draft_.time + 1) % RuleTimes().size();
  } else if (IsCharacter(key, 'a')) {
    draft_.action = RuleAction::kAllow;
  } else if (IsCharacter(key, 'd')) {
    draft_.action = RuleAction::kDeny;
  } else if (key.kind == Key::Kind::kEnter) {
    requests.emplace_back(TopPutRule{ToMessage(DraftedRule())});
    news_ = "saving the rule ...";
    mode_ = Mode::kList;
  } else if (key.kind == Key::Kind::kEscape || IsCharacter(key, 'q')) {
    news_ = "no rule was made";
    mode_ = Mode::kList;
  }
}

void TopDialogue::BeginCut() {
  const TopRow* const row = Row();
  if (row == nullptr) return;
  to_cut_.clear();
  for (const TopPlace& place : row->program->places) {
    if (row->place != nullptr && row->place != &place) continue;
    for (const v1::Flow& flow : place.flows) to_cut_.push_back(FilterFor(flow, place));
  }
  if (to_cut_.empty()) {
    news_ = "nothing to cut: no live connection of it is known";
    return;
  }
  cut_text_ = fmt::format("{} connection{} of {}", to_cut_.size(), to_cut_.size() == 1 ? "" : "s",
                          row->program->key);
  if (row->place != nullptr) {
    cut_text_ += fmt::format(": {}", DestinationCell(row->place->event).Render(Colours::kOff));
  }
  mode_ = Mode::kCut;
}

void TopDialogue::OnCutKey(Key key, Requests& requests) {
  if (key.kind == Key::Kind::kEnter) {
    requests.emplace_back(TopCut{std::move(to_cut_)});
    news_ = "cutting ...";
  } else if (key.kind == Key::Kind::kEscape || IsCharacter(key, 'q')) {
    news_ = "nothing was cut";
  } else {
    return;
  }
  to_cut_.clear();
  mode_ = Mode::kList;
}

}  // namespace procwall
