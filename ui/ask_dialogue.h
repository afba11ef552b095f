// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "procwall/v1/procwall.pb.h"
#include "rules/rule.h"
#include "ui/key_reader.h"
#include "ui/rule_proposal.h"

namespace procwall {

// One of the answers that a single key gives.
struct AnswerKey {
  char key;
  RuleAction action;
  const char* duration;  // as rules say it
  const char* label;     // for people
};
const std::vector<AnswerKey>& AnswerKeys();  // "1" to "8"

// What `procwall ask` knows and shows: the questions that are open, which one is looked at, how far
// an answer is to reach. Pure: what is said to the daemon and typed by the person goes in, what is
// to be said to the daemon comes out.
class AskDialogue {
 public:
  using Time = std::chrono::steady_clock::time_point;

  // When another question slips under the fingers, keys that answer are not taken so long.
  static constexpr std::chrono::milliseconds kHandsOff{500};
  static constexpr std::size_t kMaxNews = 5;

  struct Item {
    v1::Question question;
    std::vector<RuleProposal> proposals;
    std::size_t proposal = 0;  // the chosen one
    std::string claimed_by{};  // somebody else looks at it
    bool is_answered = false;  // by us: the daemon has yet to say what became of it
  };
  struct Effects {
    std::vector<v1::QuestionsRequest> say{};
    bool quit = false;
  };

  Effects OnResponse(const v1::QuestionsResponse& response, Time now);
  Effects OnKey(Key key, Time now);

  const std::deque<Item>& Items() const { return items_; }
  const Item* Selected() const;                                            // null: there is none
  std::size_t SelectedIndex() const;                                       // REQUIRES: there is one
  const std::optional<Rule>& Unconfirmed() const { return unconfirmed_; }  // waits for Enter
  bool ShowsEvidence() const { return shows_evidence_; }
  const std::string& Name() const { return name_; }  // as the daemon calls us; empty: not yet
  const std::deque<std::string>& News() const {
    return news_;
  }  // what became of others, newest last

 private:
  Item* Find(std::uint64_t id);
  void Add(const v1::Question& question, Time now);
  void Settle(const v1::QuestionSettled& settled, Time now);
  void Receive(const v1::AnswerReceipt& receipt);
  void Select(std::optional<std::size_t> index, Effects& effects);
  void SelectNextOpen(std::size_t from, Effects& effects);
  void Move(int by, Effects& effects);
  void Press(char character, Time now, Effects& effects);
  void Answer(const AnswerKey& answer, Effects& effects);
  void Send(const Rule* rule, Effects& effects);
  void Tell(std::string news);

  std::deque<Item> items_;  // by id
  std::optional<std::uint64_t> selected_;
  std::optional<Rule> unconfirmed_;
  bool shows_evidence_ = false;
  std::string name_;
  std::deque<std::string> news_;
  std::optional<Time> hands_off_since_;
};

}  // namespace procwall
