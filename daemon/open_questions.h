// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "daemon/lanes.h"
#include "daemon/question.h"

namespace procwall {

// The questions that nobody has settled, and which packet threads have packets waiting for each: a
// question that two of them ask is one for people. Thread rule: one thread, or a lock around it.
class OpenQuestions {
 public:
  struct Open {
    QuestionPtr shown;          // to people: what waits on all threads
    std::string key;            // what an answer would cover; empty: nobody else can join
    bool change_waits = false;  // to be told
    bool has_verdict = false;   // which is on its way to the threads: nobody can join any more
    std::string answered_by{};  // not empty: somebody has answered

    std::map<Lane, QuestionPtr> parts{};  // each with the packets of that thread
  };

  // The packets of `question` wait on `lane`. Returns the question they wait for: that one, or the
  // one of the same key that other threads have asked.
  QuestionId Add(QuestionPtr question, Lane lane, const std::string& key);
  // More packets wait on that thread, or the question has a name now.
  void Change(QuestionId id, QuestionPtr part, Lane lane);
  // An answer would cover this now, because the destination has got a name. False: there is such a
  // question already, and this one stays as it is.
  bool TakeKey(QuestionId id, const std::string& key);
  // Nothing waits for it on that thread any more. False: other threads have packets that do.
  bool Remove(QuestionId id, Lane lane);

  // Null: it is not open.
  Open* Find(QuestionId id);
  const Open* Find(QuestionId id) const;
  // Those that wait for it.
  std::vector<Lane> LanesOf(QuestionId id) const;
  // Whether Add() would join one that is open.
  bool CanJoin(const std::string& key) const;

  const std::map<QuestionId, Open>& All() const { return open_; }
  std::size_t Size() const { return open_.size(); }

 private:
  static void Show(Open& open, const Question& newest);
  void DropKey(QuestionId id, const std::string& key);

  std::map<QuestionId, Open> open_;
  std::unordered_map<std::string, QuestionId> by_key_;
};

}  // namespace procwall
