// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/pending_questions.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <utility>

namespace procwall {
namespace {

QuestionPtr NewQuestion(QuestionId id, const Walk& walk, WallTime asked, WallTime deadline,
                        RuleAction default_action) {
  auto question = std::make_shared<Question>();
  question->id = id;
  question->connection = walk.connection;
  question->host = walk.host;
  question->name_from = walk.name_from;
  question->sni = walk.sni;
  question->attribution = std::make_shared<const Attribution>(walk.attribution);
  question->asked = asked;
  question->deadline = deadline;
  question->default_action = default_action;
  return question;
}

Judgement Declared(RuleAction action, EventReason reason) { return {action, reason, nullptr, {}}; }

}  // namespace

PendingQuestions::PendingQuestions(QuestionDesk& desk, const Clock& clock, Counters& counters,
                                   const QuestionPolicy& policy, const QuestionLimits& limits,
                                   Lane lane)
    : desk_(desk),
      clock_(clock),
      counters_(counters),
      policy_(policy),
      limits_(limits),
      lane_(lane),
      answered_(clock) {}

std::optional<Judgement> PendingQuestions::Hold(Walk& walk) {
  const bool is_unknown = walk.attribution.confidence == Confidence::kUnknown;
  if (is_unknown && !policy_.ask_unknown) {
    return Declared(policy_.default_action, EventReason::kDefaultAction);
  }
  if (auto answered = answered_.Find(walk)) return answered;
  if (!desk_.HasAskers()) return Declared(policy_.unasked_action, EventReason::kDefaultAction);
  const BootTime now = clock_.Now();
  // Whatever is answered meanwhile, nobody waits longer than that.
  const BootTime deadline = walk.asked_at.value_or(now) + policy_.timeout;
  if (deadline <= now) return Declared(policy_.default_action, EventReason::kNoAnswer);
  Pending* const pending = HasRoomFor(walk) ? FindOrAsk(walk, deadline) : nullptr;
  if (pending == nullptr) return Declared(RuleAction::kDeny, EventReason::kTooManyQuestions);
  if (!walk.asked_at) walk.asked_at = now;
  Join(*pending, std::move(walk));
  return std::nullopt;
}

bool PendingQuestions::HasRoomFor(const Walk& walk) const {
  return packets_ < limits_.packets && bytes_ + walk.bytes <= limits_.bytes;
}

PendingQuestions::Pending* PendingQuestions::FindOrAsk(const Walk& walk, BootTime deadline) {
  std::string key = QuestionKeyOf(walk.connection, walk.host, walk.attribution);
  const auto open = by_key_.find(key);
  if (open == by_key_.end()) return AskNew(walk, std::move(key), deadline);
  Pending& pending = questions_.at(open->second);
  return pending.walks.size() < limits_.packets_per_question ? &pending : nullptr;
}

PendingQuestions::Pending* PendingQuestions::AskNew(const Walk& walk, std::string key,
                                                    BootTime deadline) {
  std::string program = ProgramKeyOf(walk.attribution);
  const auto of_program = of_program_.find(program);
  const std::size_t has = of_program == of_program_.end() ? 0 : of_program->second;
  if (questions_.size() >= limits_.questions || has >= limits_.questions_per_program) {
    return nullptr;
  }
  const WallTime asked = clock_.WallNow();
  const QuestionId new_id = desk_.NewId();
  QuestionPtr question =
      NewQuestion(new_id, walk, asked, asked + (deadline - clock_.Now()), policy_.default_action);
  const auto open_id = desk_.Ask(question, lane_, key);
  if (!open_id) return nullptr;
  const QuestionId id = *open_id;
  if (const auto mine = questions_.find(id); mine != questions_.end()) {
    // It has got that name on another packet thread, and here not yet.
    TakeKey(mine->second, std::move(key), walk);
    return &mine->second;
  }
  if (id == new_id) {
    counters_.questions.Add();
  } else {  // another packet thread has asked the same
    auto joined = std::make_shared<Question>(*question);
    joined->id = id;
    question = std::move(joined);
  }
  ++of_program_[program];
  by_key_.emplace(key, id);
  next_deadline_ = std::min(next_deadline_, deadline);
  return &questions_
              .emplace(
                  id,
                  Pending{
                      std::move(question), std::move(key), std::move(program), deadline, {}, {}})
              .first->second;
}

void PendingQuestions::Join(Pending& pending, Walk walk) {
  ++packets_;
  bytes_ += walk.bytes;
  counters_.parked.Add();
  counters_.asked.Add();
  pending.flows.insert(KeyOf(walk.connection));
  pending.walks.push_back(std::move(walk));
  const bool is_more = pending.walks.size() > pending.question->packets;
  if (!is_more || std::exchange(pending.has_changed, true)) return;
  changed_.push_back(pending.question->id);
}

void PendingQuestions::TellChanges() {
  for (const QuestionId id : changed_) {
    const auto changed = questions_.find(id);
    if (changed == questions_.end()) continue;
    Pending& pending = changed->second;
    auto question = std::make_shared<Question>(*pending.question);
    question->packets = pending.walks.size();
    question->flows = pending.flows.size();
    pending.question = std::move(question);
    pending.has_changed = false;
    desk_.Change(pending.question, lane_);
  }
  changed_.clear();
}

void PendingQuestions::Release(Rules rules, const GoOnWith& go_on) {
  ReleasedWalks released;
  for (const QuestionVerdict& verdict : desk_.TakeVerdicts(lane_)) Answer(verdict, released);
  if (!desk_.HasAskers()) {
    SettleAll(SettledHow::kNobodyLeft,
              Declared(policy_.unasked_action, EventReason::kDefaultAction), released);
  }
  if (clock_.Now() >= next_deadline_) SettleOverdue(released);
  if (rules == Rules::kChanged) {
    // What no new rule decides comes back by Hold(), to the question that is still open.
    for (auto& [id, pending] : questions_) TakeWalks(pending, std::nullopt, released);
  }
  GoOn(released, go_on);
  if (rules == Rules::kChanged) SettleDeserted();
}

void PendingQuestions::Rename(const IsMeant& is_meant, const RenameWalk& rename,
                              const GoOnWith& go_on) {
  ReleasedWalks released;
  for (auto& [id, pending] : questions_) {
    if (!is_meant(pending.question->connection.remote.address)) continue;
    if (pending.walks.empty() || !rename(pending.walks.front())) continue;
    ShowName(pending, pending.walks.front());
    TakeWalks(pending, std::nullopt, released);
  }
  if (released.empty()) return;
  GoOn(released, go_on);
  SettleDeserted();
}

// Unless there is a question about that name already: what waits here will join it.
void PendingQuestions::ShowName(Pending& pending, const Walk& walk) {
  std::string key = QuestionKeyOf(walk.connection, walk.host, walk.attribution);
  const bool is_mine = by_key_.contains(key);
  // Or another packet thread's question is about that name.
  if (is_mine || !desk_.TakeKey(pending.question->id, key)) return;
  TakeKey(pending, std::move(key), walk);
}

void PendingQuestions::TakeKey(Pending& pending, std::string key, const Walk& walk) {
  by_key_.erase(pending.key);
  by_key_.insert_or_assign(key, pending.question->id);
  pending.key = std::move(key);
  auto question = std::make_shared<Question>(*pending.question);
  question->host = walk.host;
  question->name_from = walk.name_from;
  pending.question = std::move(question);
  if (!std::exchange(pending.has_changed, true)) changed_.push_back(pending.question->id);
}

void PendingQuestions::ReleaseAll(const GoOnWith& go_on) {
  ReleasedWalks released;
  SettleAll(SettledHow::kEnding, Declared(RuleAction::kDeny, EventReason::kNoAnswer), released);
  GoOn(released, go_on);
}

void PendingQuestions::GoOn(ReleasedWalks& released, const GoOnWith& go_on) {
  for (Released& each : released) {
    if (each.judged && each.judged->reason != EventReason::kDefaultAction) {
      answered_.Remember(each.walk, *each.judged);
    }
    go_on(std::move(each.walk), std::move(each.judged));
  }
}

void PendingQuestions::Answer(const QuestionVerdict& verdict, ReleasedWalks& released) {
  const auto question = questions_.find(verdict.id);
  if (question == questions_.end()) return;  // settled while the answer was on its way
  const std::size_t before = released.size();
  TakeWalks(question->second, std::nullopt, released);
  for (std::size_t i = before; i < released.size(); ++i) {
    released[i].judged = JudgeOnce(verdict, released[i].walk);
  }
  Settle(question, verdict.settlement);
}

// nullopt: it is for the rules in force.
std::optional<Judgement> PendingQuestions::JudgeOnce(const QuestionVerdict& verdict,
                                                     const Walk& walk) const {
  if (!verdict.once) {
    if (verdict.settlement.rule) return std::nullopt;
    return Declared(policy_.default_action, EventReason::kAnswer);
  }
  Judgement judged = Judge(*verdict.once, walk.connection, walk.attribution, walk.host,
                           policy_.default_action, {clock_.Now(), clock_.WallNow()}, {}, walk.sni);
  if (judged.rule == nullptr) return std::nullopt;
  judged.reason = EventReason::kAnswer;
  return judged;
}

void PendingQuestions::TakeWalks(Pending& pending, const std::optional<Judgement>& judged,
                                 ReleasedWalks& released) {
  const BootTime now = clock_.Now();
  for (Walk& walk : pending.walks) {
    --packets_;
    bytes_ -= walk.bytes;
    walk.asked = now - walk.asked_at.value_or(now);
    released.push_back({std::move(walk), judged});
  }
  counters_.parked.Subtract(pending.walks.size());
  counters_.asked.Subtract(pending.walks.size());
  pending.walks.clear();
  pending.flows.clear();
}

PendingQuestions::Questions::iterator PendingQuestions::Settle(Questions::iterator question,
                                                               Settlement settlement) {
  const Pending& pending = question->second;
  const bool is_over = desk_.Settle(question->first, std::move(settlement), lane_);
  by_key_.erase(pending.key);
  if (const auto of_program = of_program_.find(pending.program); --of_program->second == 0) {
    of_program_.erase(of_program);
  }
  if (is_over) counters_.questions.Subtract();
  return questions_.erase(question);
}

void PendingQuestions::SettleOverdue(ReleasedWalks& released) {
  const BootTime now = clock_.Now();
  next_deadline_ = BootTime::max();
  for (auto question = questions_.begin(); question != questions_.end();) {
    Pending& pending = question->second;
    const bool is_late = pending.deadline <= now;
    if (is_late && desk_.IsAnswered(question->first) && !std::exchange(pending.has_grace, true)) {
      pending.deadline += kAnswerGrace;
    }
    if (pending.deadline > now) {
      next_deadline_ = std::min(next_deadline_, pending.deadline);
      ++question;
      continue;
    }
    TakeWalks(pending, Declared(policy_.default_action, EventReason::kNoAnswer), released);
    question = Settle(question, {SettledHow::kTimedOut, "", nullptr, ""});
  }
}

void PendingQuestions::SettleAll(SettledHow how, const Judgement& judged, ReleasedWalks& released) {
  for (auto question = questions_.begin(); question != questions_.end();) {
    TakeWalks(question->second, judged, released);
    question = Settle(question, {how, "", nullptr, ""});
  }
}

void PendingQuestions::SettleDeserted() {
  for (auto question = questions_.begin(); question != questions_.end();) {
    // An answer that is still on its way tells who gave it.
    const bool is_over = question->second.walks.empty() && !desk_.IsAnswered(question->first);
    question =
        is_over ? Settle(question, {SettledHow::kRules, "", nullptr, ""}) : std::next(question);
  }
}

std::optional<BootTime> PendingQuestions::NextDeadline() const {
  return questions_.empty() ? std::nullopt : std::optional(next_deadline_);
}

}  // namespace procwall
