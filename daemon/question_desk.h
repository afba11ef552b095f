// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

#include "base/bounded_queue.h"
#include "base/clock.h"
#include "base/guarded.h"
#include "base/wakeup.h"
#include "base/worker.h"
#include "daemon/asker.h"
#include "daemon/lanes.h"
#include "daemon/open_questions.h"
#include "daemon/question.h"
#include "daemon/rule_changes.h"
#include "rules/rule_set.h"

namespace procwall {

// What a packet thread is told about a question.
struct QuestionVerdict {
  QuestionId id = 0;
  Settlement settlement{};
  // Judge what waits by this rule alone. Null: by `rule` of the settlement, which is in force now;
  // or, without one, by the default action.
  std::shared_ptr<const RuleSet> once{};
};

// Stands between the packet threads, which never wait, and those who ask people. The first answer
// to a question wins. Thread rule: all methods from any thread; construct and destroy on one. Calls
// out without a lock, on a thread of its own: "questions".
class QuestionDesk {
 public:
  static constexpr std::size_t kMaxOpen = 2048;  // questions that can wait at the same time
  static constexpr std::size_t kMaxAskers = 64;
  static constexpr std::size_t kMaxRemembered = 4096;  // settled ones, for those who come too late

  // `lanes` are woken when there are verdicts for them; `rules` receives what is to be kept. Both
  // must outlive the desk, like the clock.
  static tl::expected<std::unique_ptr<QuestionDesk>, std::string> Start(const Lanes& lanes,
                                                                        const Clock& clock,
                                                                        RuleChanges& rules);

  // For those who ask.

  // False: too many are attached. An asker is asked everything that is open now.
  [[nodiscard]] bool Attach(const AskerPtr& asker);
  // Its questions stay with the others; if there is no other, they are settled: kNobodyLeft.
  void Detach(const AskerPtr& asker);
  AnswerReceipt Answer(QuestionId id, const AskerPtr& asker, QuestionAnswer answer);
  // It looks at this question: the others are told.
  void Claim(QuestionId id, const AskerPtr& asker);
  std::size_t OpenCount() const { return state_.Lock()->open.Size(); }

  // For the packet threads, whose business it is when a question of theirs begins and ends.

  std::size_t AskerCount() const { return askers_.load(std::memory_order_relaxed); }
  bool HasAskers() const { return askers_.load(std::memory_order_relaxed) > 0; }
  // For a question: no other of this daemon has it.
  QuestionId NewId() { return next_id_.fetch_add(1, std::memory_order_relaxed); }
  // Packets wait on `lane`, which gets the verdict too. Returns the question they wait for: that
  // one, or an open one of the same key (what an answer would cover) that another lane has asked.
  // nullopt: too many are open, or waiting to be told.
  [[nodiscard]] std::optional<QuestionId> Ask(QuestionPtr question, Lane lane = 0,
                                              const std::string& key = "");
  // More packets wait for it on that lane, or it has a name now.
  void Change(QuestionPtr question, Lane lane = 0);
  // See OpenQuestions.
  [[nodiscard]] bool TakeKey(QuestionId id, const std::string& key) {
    return state_.Lock()->open.TakeKey(id, key);
  }
  // Nothing waits for it on that lane any more. Returns whether that was its end: other lanes may
  // have packets that wait.
  bool Settle(QuestionId id, Settlement settlement, Lane lane = 0);
  // Somebody has answered, and the verdict is on its way.
  bool IsAnswered(QuestionId id) const;
  bool HasVerdicts(Lane lane = 0) const { return verdicts_.HasAny(lane); }
  std::deque<QuestionVerdict> TakeVerdicts(Lane lane = 0) { return verdicts_.TakeAll(lane); }

 private:
  using Askers = std::vector<AskerPtr>;
  // What the desk's thread has to tell, and whom.
  struct Notice {
    enum class Kind : std::uint8_t { kAsk, kChange, kClaimed, kSettled };
    Kind kind = Kind::kAsk;
    QuestionId id = 0;
    std::shared_ptr<const Askers> to{};
    QuestionPtr question{};
    Settlement settlement{};
  };
  struct State {
    std::shared_ptr<const Askers> askers = std::make_shared<const Askers>();
    OpenQuestions open;
    std::map<QuestionId, Settlement> settled;  // the last kMaxRemembered
    std::deque<Notice> notices;
  };
  struct Nudge {};
  enum class Room : std::uint8_t { kForQuestions, kForEverything };

  QuestionDesk(const Lanes& lanes, const Clock& clock, RuleChanges& rules, Wakeup notices_ready);
  static bool Queue(State& state, Notice notice, Room room);
  void WakeTeller() { (void)teller_.TryAsk({}); }  // full: it is awake already
  void TellAll();
  static void Tell(const Notice& notice);
  static void QueueChange(State& state, QuestionId id);
  std::optional<AnswerReceipt> MarkAnswered(QuestionId id, const std::string& by);
  void MarkUnanswered(QuestionId id);
  void SendVerdict(const QuestionVerdict& verdict);

  const Lanes lanes_;
  const Clock& clock_;
  RuleChanges& rules_;
  mutable Guarded<State> state_;
  std::atomic<std::size_t> askers_{0};
  std::atomic<QuestionId> next_id_{1};
  LaneAnswers<QuestionVerdict> verdicts_;
  Worker<Nudge> teller_;  // last: it uses all of the above
};

}  // namespace procwall
