// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/ask_dialogue.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "record/rule_message.h"

namespace procwall {
namespace {

std::string PlaceOf(const v1::Event& event) {
  const std::string& place = event.dst_host().empty() ? event.dst_ip() : event.dst_host();
  return event.dst_port() == 0 ? place : fmt::format("{}:{}", place, event.dst_port());
}

std::string ProgramOf(const v1::Event& event) {
  const std::string& path = event.process().path();
  return path.empty() ? "an unknown program" : path.substr(path.rfind('/') + 1);
}

std::string WhatBecame(const v1::QuestionSettled& settled) {
  switch (settled.how()) {
    case v1::SETTLED_ANSWERED:
      return fmt::format("{} by {}",
                         settled.has_rule()
                             ? settled.rule().action() + " " + settled.rule().duration()
                             : "the default",
                         settled.by());
    case v1::SETTLED_TIMED_OUT:
      return "nobody answered in time: the default";
    case v1::SETTLED_NOBODY_LEFT:
      return "nobody was there any more";
    case v1::SETTLED_RULES:
      return "decided by a rule";
    case v1::SETTLED_ENDING:
      return "the daemon ends";
    default:
      return "settled";
  }
}

}  // namespace

const std::vector<AnswerKey>& AnswerKeys() {
  static const std::vector<AnswerKey> keys = {
      {'1', RuleAction::kAllow, "once", "once"},
      {'2', RuleAction::kAllow, "15m", "15 min"},
      {'3', RuleAction::kAllow, "until restart", "until restart"},
      {'4', RuleAction::kAllow, "always", "always"},
      {'5', RuleAction::kDeny, "once", "once"},
      {'6', RuleAction::kDeny, "15m", "15 min"},
      {'7', RuleAction::kDeny, "until restart", "until restart"},
      {'8', RuleAction::kDeny, "always", "always"}};
  return keys;
}

AskDialogue::Effects AskDialogue::OnResponse(const v1::QuestionsResponse& response, Time now) {
  Effects effects;
  if (response.has_welcome()) name_ = response.welcome().name();
  if (response.has_asked()) Add(response.asked(), now);
  if (response.has_changed()) {
    if (Item* item = Find(response.changed().id())) item->question = response.changed();
  }
  if (response.has_claimed()) {
    if (Item* item = Find(response.claimed().id())) item->claimed_by = response.claimed().by();
  }
  if (response.has_settled()) Settle(response.settled(), now);
  if (response.has_receipt()) Receive(response.receipt());
  if (!selected_) SelectNextOpen(0, effects);
  return effects;
}

void AskDialogue::Add(const v1::Question& question, Time now) {
  if (Find(question.id()) != nullptr) return;
  if (items_.empty()) hands_off_since_ = now;
  const auto later = std::find_if(items_.begin(), items_.end(), [&](const Item& item) {
    return item.question.id() > question.id();
  });
  items_.insert(later, {question, RuleProposals(question.event())});
}

void AskDialogue::Settle(const v1::QuestionSettled& settled, Time now) {
  Item* const item = Find(settled.id());
  if (item == nullptr) return;
  const v1::Event& event = item->question.event();
  if (!item->is_answered || !settled.note().empty() || settled.by() != name_) {
    Tell(fmt::format("{} to {}: {}{}{}", ProgramOf(event), PlaceOf(event), WhatBecame(settled),
                     settled.note().empty() ? "" : ", ", settled.note()));
  }
  if (selected_ == settled.id()) {
    Effects nothing_to_say;
    const std::size_t index = SelectedIndex();
    hands_off_since_ = now;
    unconfirmed_.reset();
    SelectNextOpen(index + 1, nothing_to_say);
    if (selected_ == settled.id()) selected_.reset();
  }
  std::erase_if(items_, [&](const Item& each) { return each.question.id() == settled.id(); });
}

void AskDialogue::Receive(const v1::AnswerReceipt& receipt) {
  if (receipt.kind() == v1::AnswerReceipt::KIND_TAKEN) return;
  Tell(receipt.what());
  Item* const item = Find(receipt.id());
  const bool may_answer_again = receipt.kind() == v1::AnswerReceipt::KIND_INVALID ||
                                receipt.kind() == v1::AnswerReceipt::KIND_OVERLOADED;
  if (item != nullptr && may_answer_again) item->is_answered = false;
}

AskDialogue::Effects AskDialogue::OnKey(Key key, Time now) {
  Effects effects;
  switch (key.kind) {
    case Key::Kind::kInterrupt:
      effects.quit = true;
      break;
    case Key::Kind::kUp:
      Move(-1, effects);
      break;
    case Key::Kind::kDown:
      Move(1, effects);
      break;
    case Key::Kind::kEscape:
      unconfirmed_.reset();
      break;
    case Key::Kind::kEnter:
      if (unconfirmed_) Send(&*unconfirmed_, effects);
      break;
    case Key::Kind::kTab:
      Press('s', now, effects);
      break;
    case Key::Kind::kCharacter:
      Press(key.character, now, effects);
      break;
    default:
      break;
  }
  return effects;
}

void AskDialogue::Press(char character, Time now, Effects& effects) {
  if (character == 'q') effects.quit = true;
  if (character == 'k') Move(-1, effects);
  if (character == 'j') Move(1, effects);
  if (character == 'e') shows_evidence_ = !shows_evidence_;
  Item* const item = selected_ ? Find(*selected_) : nullptr;
  if (item == nullptr) return;
  if (character == 's' || character == 'S') {
    const std::size_t step = character == 's' ? 1 : item->proposals.size() - 1;
    item->proposal = (item->proposal + step) % item->proposals.size();
    unconfirmed_.reset();
  }
  const bool hands_off = hands_off_since_ && now - *hands_off_since_ < kHandsOff;
  if (hands_off) return;
  if (character == 'x') Send(nullptr, effects);
  for (const AnswerKey& answer : AnswerKeys()) {
    if (answer.key == character) return Answer(answer, effects);
  }
}

void AskDialogue::Answer(const AnswerKey& answer, Effects& effects) {
  const Item& item = *Find(*selected_);
  const Rule rule = RuleOfAnswer(item.question.event(), item.proposals[item.proposal],
                                 answer.action, answer.duration);
  // What is saved is shown before.
  if (std::string_view(answer.duration) == "always") {
    unconfirmed_ = rule;
  } else {
    Send(&rule, effects);
  }
}

// Null: the default action.
void AskDialogue::Send(const Rule* rule, Effects& effects) {
  Item& item = *Find(*selected_);
  v1::QuestionsRequest request;
  request.mutable_answer()->set_id(item.question.id());
  if (rule != nullptr) {
    *request.mutable_answer()->mutable_rule() = ToMessage(*rule);
  } else {
    request.mutable_answer()->set_default_action(true);
  }
  effects.say.push_back(std::move(request));
  item.is_answered = true;
  unconfirmed_.reset();
  SelectNextOpen(SelectedIndex() + 1, effects);
}

void AskDialogue::Move(int by, Effects& effects) {
  const Item* const selected = Selected();
  if (selected == nullptr) return;
  const auto count = static_cast<std::ptrdiff_t>(items_.size());
  auto index = static_cast<std::ptrdiff_t>(SelectedIndex());
  do {
    index += by;
    if (index < 0 || index >= count) return;
  } while (items_[static_cast<std::size_t>(index)].is_answered);
  hands_off_since_.reset();
  Select(static_cast<std::size_t>(index), effects);
}

// The first question from there on, or else from the beginning, that we have not answered.
void AskDialogue::SelectNextOpen(std::size_t from, Effects& effects) {
  for (std::size_t i = 0; i < items_.size(); ++i) {
    const std::size_t index = (from + i) % items_.size();
    if (!items_[index].is_answered) return Select(index, effects);
  }
  selected_.reset();
}

void AskDialogue::Select(std::optional<std::size_t> index, Effects& effects) {
  unconfirmed_.reset();
  selected_ = items_[*index].question.id();
  v1::QuestionsRequest request;
  request.mutable_claim()->set_id(*selected_);
  effects.say.push_back(std::move(request));
}

void AskDialogue::Tell(std::string news) {
  if (news_.size() >= kMaxNews) news_.pop_front();
  news_.push_back(std::move(news));
}

AskDialogue::Item* AskDialogue::Find(std::uint64_t id) {
  const auto found = std::find_if(items_.begin(), items_.end(),
                                  [id](const Item& item) { return item.question.id() == id; });
  return found == items_.end() ? nullptr : &*found;
}

const AskDialogue::Item* AskDialogue::Selected() const {
  return selected_ ? &items_[SelectedIndex()] : nullptr;
}

std::size_t AskDialogue::SelectedIndex() const {
  std::size_t index = 0;
  while (items_[index].question.id() != *selected_) ++index;
  return index;
}

}  // namespace procwall
