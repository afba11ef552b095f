// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "daemon/question.h"

namespace procwall {

// Somebody who puts questions to people: a terminal, a GUI. All methods are called on the desk's
// own thread, without any lock held, and must not block: whoever blocks delays what others are
// told. A call may still arrive shortly after Detach().
class Asker {
 public:
  Asker() = default;
  Asker(const Asker&) = delete;
  Asker& operator=(const Asker&) = delete;
  virtual ~Asker() = default;

  // For people, so that others can see who answered: "procwall ask (alice)", "OpenSnitch GUI".
  virtual std::string Name() const = 0;
  // Somebody should answer this. Called once for each question, those that were open before
  // Attach() included; every question is put to every asker.
  virtual void Ask(const QuestionPtr& question) = 0;
  // More packets wait for it than when it was asked. Several changes may become one.
  virtual void Changed(const QuestionPtr& question) { (void)question; }
  // Somebody else looks at it.
  virtual void Claimed(QuestionId id, const std::string& by) {
    (void)id;
    (void)by;
  }
  // It needs no answer any more, and what became of it. Called once for each question asked, also
  // to whoever answered it.
  virtual void Settled(QuestionId id, const Settlement& settlement) = 0;
};
using AskerPtr = std::shared_ptr<Asker>;

// What the desk says to an answer.
struct AnswerReceipt {
  enum class Kind : std::uint8_t {
    kTaken,       // the first answer: it counts
    kTooLate,     // the question is settled: by another's answer, or by itself
    kNotAsked,    // there never was such a question, or it is long forgotten
    kInvalid,     // the rule cannot be used; the question waits for a better answer
    kOverloaded,  // too many rules are being changed: try again
  };
  Kind kind = Kind::kTaken;
  std::string what{};  // for people: "answered by OpenSnitch GUI", why the rule is refused

  friend bool operator==(const AnswerReceipt&, const AnswerReceipt&) = default;
};

}  // namespace procwall
