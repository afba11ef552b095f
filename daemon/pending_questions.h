// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/clock.h"
#include "daemon/answered_flows.h"
#include "daemon/counters.h"
#include "daemon/judgement.h"
#include "daemon/question_desk.h"
#include "daemon/question_policy.h"
#include "daemon/walk.h"

namespace procwall {

// How much may wait. What is beyond is dropped: its program tries again, and nothing is accepted
// because we were slow.
struct QuestionLimits {
  std::size_t questions = 1024;
  std::size_t questions_per_program = 128;  // a port scan crowds nobody else out
  std::size_t packets = 8192;
  std::size_t packets_per_question = 512;
  std::size_t bytes = std::size_t{64} << 20;  // of packets, in the kernel

  // What one of so many packet threads may use of it.
  QuestionLimits DividedBy(std::size_t lanes) const {
    return {questions / lanes, questions_per_program, packets / lanes, packets_per_question,
            bytes / lanes};
  }
};

// The packets that wait for a person, by the question that an answer to would cover them.
// Retransmissions and sibling connections join the question that is open. Thread rule: one packet
// thread only, that of `lane`. The references must outlive it.
class PendingQuestions {
 public:
  // Somebody answered, and the rule is on its way to its file: so much longer than the deadline.
  static constexpr std::chrono::seconds kAnswerGrace{5};

  PendingQuestions(QuestionDesk& desk, const Clock& clock, Counters& counters,
                   const QuestionPolicy& policy, const QuestionLimits& limits = {}, Lane lane = 0);

  // nullopt: the packet waits, and `walk` is moved from. Else it does not, `walk` is as it was, and
  // this is to be done with it.
  std::optional<Judgement> Hold(Walk& walk);

  // Takes out what need not wait any longer, and hands each packet to `go_on` with what is to be
  // done; nullopt: it is to be judged by the rules in force, which may end in Hold() again. Call it
  // when the desk has verdicts, somebody has detached, NextDeadline() has come, or the rules are
  // others.
  enum class Rules : std::uint8_t { kSame, kChanged };
  using GoOnWith = std::function<void(Walk walk, std::optional<Judgement> judged)>;
  void Release(Rules rules, const GoOnWith& go_on);
  // The daemon ends: all of it is denied.
  void ReleaseAll(const GoOnWith& go_on);

  // Names of those addresses have become known. `rename` gives a packet its name, and tells whether
  // it is another one than before. What waits for the questions that get another name is handed to
  // `go_on`, to be judged again; if that ends in Hold(), the question goes on, and shows the name.
  using RenameWalk = std::function<bool(Walk& walk)>;
  using IsMeant = std::function<bool(const IpAddress& address)>;
  void Rename(const IsMeant& is_meant, const RenameWalk& rename, const GoOnWith& go_on);

  // Tells the desk of the packets that have joined since the last time.
  void TellChanges();

  bool IsEmpty() const { return questions_.empty(); }
  std::optional<BootTime> NextDeadline() const;

 private:
  struct Pending {
    QuestionPtr question;
    std::string key;
    std::string program;
    BootTime deadline;
    std::vector<Walk> walks;
    std::unordered_set<FlowKey> flows;
    bool has_changed = false;
    bool has_grace = false;
  };
  using Questions = std::map<QuestionId, Pending>;
  struct Released {
    Walk walk;
    std::optional<Judgement> judged;
  };
  using ReleasedWalks = std::vector<Released>;

  Pending* FindOrAsk(const Walk& walk, BootTime deadline);
  Pending* AskNew(const Walk& walk, std::string key, BootTime deadline);
  bool HasRoomFor(const Walk& walk) const;
  void Join(Pending& pending, Walk walk);
  void ShowName(Pending& pending, const Walk& walk);
  void TakeKey(Pending& pending, std::string key, const Walk& walk);
  void Answer(const QuestionVerdict& verdict, ReleasedWalks& released);
  std::optional<Judgement> JudgeOnce(const QuestionVerdict& verdict, const Walk& walk) const;
  void GoOn(ReleasedWalks& released, const GoOnWith& go_on);
  void TakeWalks(Pending& pending, const std::optional<Judgement>& judged, ReleasedWalks& released);
  Questions::iterator Settle(Questions::iterator question, Settlement settlement);
  void SettleOverdue(ReleasedWalks& released);
  void SettleAll(SettledHow how, const Judgement& judged, ReleasedWalks& released);
  void SettleDeserted();

  QuestionDesk& desk_;
  const Clock& clock_;
  Counters& counters_;
  const QuestionPolicy policy_;
  const QuestionLimits limits_;
  const Lane lane_;
  Questions questions_;
  std::unordered_map<std::string, QuestionId> by_key_;
  std::unordered_map<std::string, std::size_t> of_program_;  // how many questions
  std::vector<QuestionId> changed_;
  AnsweredFlows answered_;
  std::size_t packets_ = 0;
  std::size_t bytes_ = 0;
  BootTime next_deadline_ = BootTime::max();  // of none earlier
};

}  // namespace procwall
