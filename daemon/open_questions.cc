// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/open_questions.h"

#include <algorithm>
#include <memory>
#include <utility>

namespace procwall {

QuestionId OpenQuestions::Add(QuestionPtr question, Lane lane, const std::string& key) {
  if (CanJoin(key)) {
    auto part = std::make_shared<Question>(*question);
    part->id = by_key_.at(key);
    const QuestionId id = part->id;
    Change(id, std::move(part), lane);
    return id;
  }
  const QuestionId id = question->id;
  if (!key.empty()) by_key_.insert_or_assign(key, id);
  Open& open = open_[id];
  open.key = key;
  open.shown = question;
  open.parts[lane] = std::move(question);
  return id;
}

bool OpenQuestions::CanJoin(const std::string& key) const {
  const auto same = key.empty() ? by_key_.end() : by_key_.find(key);
  return same != by_key_.end() && !open_.at(same->second).has_verdict;
}

void OpenQuestions::Change(QuestionId id, QuestionPtr part, Lane lane) {
  const auto found = open_.find(id);
  if (found == open_.end()) return;
  Open& open = found->second;
  QuestionPtr& mine = open.parts[lane];
  mine = std::move(part);
  Show(open, *mine);
}

// What is shown is the first packet's question, with the newest name and all that waits.
void OpenQuestions::Show(Open& open, const Question& newest) {
  if (open.parts.size() == 1) {
    open.shown = open.parts.begin()->second;
    return;
  }
  auto shown = std::make_shared<Question>(*open.shown);
  if (!newest.host.empty()) {
    shown->host = newest.host;
    shown->name_from = newest.name_from;
  }
  shown->deadline = std::max(shown->deadline, newest.deadline);
  shown->flows = 0;
  shown->packets = 0;
  for (const auto& [lane, part] : open.parts) {
    shown->flows += part->flows;
    shown->packets += part->packets;
  }
  open.shown = std::move(shown);
}

bool OpenQuestions::TakeKey(QuestionId id, const std::string& key) {
  Open* const open = Find(id);
  if (open == nullptr) return true;  // it has just ended, and nobody can ask by any key
  const auto [same, is_new] = by_key_.emplace(key, id);
  if (!is_new && same->second != id) return false;
  if (open->key != key) DropKey(id, open->key);
  open->key = key;
  return true;
}

bool OpenQuestions::Remove(QuestionId id, Lane lane) {
  Open* const open = Find(id);
  if (open == nullptr) return false;
  open->parts.erase(lane);
  if (!open->parts.empty()) {
    Show(*open, *open->parts.begin()->second);
    return false;
  }
  DropKey(id, open->key);
  open_.erase(id);
  return true;
}

// A question that came after an answered one may have its key.
void OpenQuestions::DropKey(QuestionId id, const std::string& key) {
  const auto held = by_key_.find(key);
  if (held != by_key_.end() && held->second == id) by_key_.erase(held);
}

OpenQuestions::Open* OpenQuestions::Find(QuestionId id) {
  const auto found = open_.find(id);
  return found == open_.end() ? nullptr : &found->second;
}

const OpenQuestions::Open* OpenQuestions::Find(QuestionId id) const {
  const auto found = open_.find(id);
  return found == open_.end() ? nullptr : &found->second;
}

std::vector<Lane> OpenQuestions::LanesOf(QuestionId id) const {
  std::vector<Lane> lanes;
  if (const Open* const open = Find(id)) {
    for (const auto& [lane, part] : open->parts) lanes.push_back(lane);
  }
  return lanes;
}

}  // namespace procwall
