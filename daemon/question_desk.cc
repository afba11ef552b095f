// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/question_desk.h"

#include <algorithm>

#include <fmt/format.h>

#include "rules/lifetime.h"

namespace procwall {
namespace {

using Kind = AnswerReceipt::Kind;

constexpr std::size_t kMaxNotices = 4 * QuestionDesk::kMaxOpen;

// The rule of an answer as a rule set of its own: proof that it can be used, and what judges the
// packets of "once".
tl::expected<std::shared_ptr<const RuleSet>, std::string> Alone(Rule rule, BootTime now) {
  if (rule.name.empty()) return tl::unexpected<std::string>("the rule has no name");
  rule.duration = "until restart";  // "once" is never part of a rule set; this one lives for one
  std::vector<RuleError> errors;
  std::vector<std::shared_ptr<const Rule>> rules{std::make_shared<const Rule>(std::move(rule))};
  auto set = std::make_shared<const RuleSet>(RuleSet::Compile(std::move(rules), &errors, {}, now));
  if (!errors.empty()) return tl::unexpected(errors.front().reason);
  return set;
}

std::string TooLateText(const Settlement& settlement) {
  return settlement.by.empty() ? fmt::format("settled: {}", SettledHowName(settlement.how))
                               : fmt::format("answered by {}", settlement.by);
}

}  // namespace

tl::expected<std::unique_ptr<QuestionDesk>, std::string> QuestionDesk::Start(const Lanes& lanes,
                                                                             const Clock& clock,
                                                                             RuleChanges& rules) {
  auto notices_ready = Wakeup::Create();
  if (!notices_ready) return tl::unexpected(notices_ready.error().ToString());
  return std::unique_ptr<QuestionDesk>(
      new QuestionDesk(lanes, clock, rules, *std::move(notices_ready)));
}

QuestionDesk::QuestionDesk(const Lanes& lanes, const Clock& clock, RuleChanges& rules,
                           Wakeup notices_ready)
    : lanes_(lanes),
      clock_(clock),
      rules_(rules),
      verdicts_(lanes, 2 * kMaxOpen),
      teller_("questions", 1, std::move(notices_ready),
              [this](const std::deque<Nudge>&) { TellAll(); }) {}

bool QuestionDesk::Attach(const AskerPtr& asker) {
  const auto only_it = std::make_shared<const Askers>(Askers{asker});
  {
    const auto state = state_.Lock();
    if (state->askers->size() >= kMaxAskers) return false;
    auto askers = std::make_shared<Askers>(*state->askers);
    askers->push_back(asker);
    state->askers = std::move(askers);
    askers_.store(state->askers->size(), std::memory_order_relaxed);
    for (const auto& [id, open] : state->open) {
      (void)Queue(*state, {Notice::Kind::kAsk, id, only_it, open.question, {}},
                  Room::kForEverything);
    }
  }
  WakeTeller();
  return true;
}

void QuestionDesk::Detach(const AskerPtr& asker) {
  {
    const auto state = state_.Lock();
    auto askers = std::make_shared<Askers>(*state->askers);
    std::erase(*askers, asker);
    state->askers = std::move(askers);
    askers_.store(state->askers->size(), std::memory_order_relaxed);
  }
  lanes_.WakeAll();  // if nobody is left, the packet threads settle what waits
}

AnswerReceipt QuestionDesk::Answer(QuestionId id, const AskerPtr& asker, QuestionAnswer answer) {
  QuestionVerdict verdict;
  verdict.id = id;
  verdict.settlement = {SettledHow::kAnswered, asker->Name(), nullptr, ""};
  // As opensnitchd takes it: a rule that is switched off says nothing.
  const bool has_rule = answer.rule && answer.rule->enabled;
  if (has_rule) {
    auto alone = Alone(*answer.rule, clock_.Now());
    if (!alone) return {Kind::kInvalid, alone.error()};
    verdict.once = *std::move(alone);
  }
  Lane lane = 0;
  if (auto refused = MarkAnswered(id, verdict.settlement.by, lane)) return *std::move(refused);
  if (!has_rule || Lifetime::Of(answer.rule->duration).kind == Lifetime::Kind::kOnce) {
    if (has_rule) verdict.settlement.rule = std::make_shared<const Rule>(*std::move(answer.rule));
    SendVerdict(lane, std::move(verdict));
    return {};
  }
  RuleChange change{.kind = RuleChange::Kind::kAdd, .rule = *answer.rule};
  change.done = [this, lane,
                 verdict = std::move(verdict)](const RuleChange::Outcome& outcome) mutable {
    if (outcome) {
      verdict.once = nullptr;
      verdict.settlement.rule = outcome->rule;
      verdict.settlement.note = outcome->note;
    } else {
      verdict.settlement.note = fmt::format("for this once only: {}", outcome.error().what);
    }
    SendVerdict(lane, std::move(verdict));
  };
  if (rules_.TryAsk(std::move(change))) return {};
  MarkUnanswered(id);
  return {Kind::kOverloaded, "too many rules are being changed: try again"};
}

// nullopt: it is yours, and the verdict is for `lane`.
std::optional<AnswerReceipt> QuestionDesk::MarkAnswered(QuestionId id, const std::string& by,
                                                        Lane& lane) {
  const auto state = state_.Lock();
  const auto open = state->open.find(id);
  if (open == state->open.end()) {
    const auto settled = state->settled.find(id);
    if (settled == state->settled.end()) return AnswerReceipt{Kind::kNotAsked, "no such question"};
    return AnswerReceipt{Kind::kTooLate, TooLateText(settled->second)};
  }
  std::string& answered_by = open->second.answered_by;
  if (!answered_by.empty()) return AnswerReceipt{Kind::kTooLate, "answered by " + answered_by};
  answered_by = by.empty() ? "somebody" : by;
  lane = open->second.lane;
  return std::nullopt;
}

void QuestionDesk::MarkUnanswered(QuestionId id) {
  const auto state = state_.Lock();
  if (const auto open = state->open.find(id); open != state->open.end()) {
    open->second.answered_by.clear();
  }
}

void QuestionDesk::Claim(QuestionId id, const AskerPtr& asker) {
  Settlement settlement;
  settlement.by = asker->Name();
  {
    const auto state = state_.Lock();
    if (!state->open.contains(id)) return;
    auto others = std::make_shared<Askers>(*state->askers);
    std::erase(*others, asker);
    Notice notice{Notice::Kind::kClaimed, id, std::move(others), nullptr, std::move(settlement)};
    (void)Queue(*state, std::move(notice), Room::kForQuestions);
  }
  WakeTeller();
}

void QuestionDesk::SendVerdict(Lane lane, QuestionVerdict verdict) {
  // Never full: one for each open question, and a packet thread takes them before it asks anew.
  (void)verdicts_.Send(lane, std::move(verdict));
}

bool QuestionDesk::Ask(QuestionPtr question, Lane lane) {
  const QuestionId id = question->id;
  {
    const auto state = state_.Lock();
    if (state->open.size() >= kMaxOpen) return false;
    Notice notice{Notice::Kind::kAsk, id, state->askers, question, {}};
    if (!Queue(*state, std::move(notice), Room::kForQuestions)) return false;
    state->open[id] = {std::move(question), lane, false, ""};
  }
  WakeTeller();
  return true;
}

void QuestionDesk::Change(QuestionPtr question) {
  const QuestionId id = question->id;
  {
    const auto state = state_.Lock();
    const auto open = state->open.find(id);
    if (open == state->open.end()) return;
    open->second.question = std::move(question);
    if (open->second.change_waits) return;
    open->second.change_waits =
        Queue(*state, {Notice::Kind::kChange, id, state->askers, nullptr, {}}, Room::kForQuestions);
  }
  WakeTeller();
}

void QuestionDesk::Settle(QuestionId id, Settlement settlement) {
  {
    const auto state = state_.Lock();
    if (state->open.erase(id) == 0) return;
    if (state->settled.size() >= kMaxRemembered) state->settled.erase(state->settled.begin());
    state->settled[id] = settlement;
    (void)Queue(*state, {Notice::Kind::kSettled, id, state->askers, nullptr, std::move(settlement)},
                Room::kForEverything);
  }
  WakeTeller();
}

bool QuestionDesk::IsAnswered(QuestionId id) const {
  const auto state = state_.Lock();
  const auto open = state->open.find(id);
  return open != state->open.end() && !open->second.answered_by.empty();
}

// False: there is no room. The end of every question that was told of finds some.
bool QuestionDesk::Queue(State& state, Notice notice, Room room) {
  if (notice.to->empty()) return true;  // nobody to tell
  const std::size_t limit = room == Room::kForQuestions ? kMaxOpen : kMaxNotices;
  if (state.notices.size() >= limit) return false;
  state.notices.push_back(std::move(notice));
  return true;
}

void QuestionDesk::TellAll() {
  std::deque<Notice> notices;
  state_.Lock()->notices.swap(notices);
  for (Notice& notice : notices) {
    if (notice.kind == Notice::Kind::kChange) {
      const auto state = state_.Lock();
      const auto open = state->open.find(notice.id);
      if (open == state->open.end()) continue;
      open->second.change_waits = false;
      notice.question = open->second.question;
    }
    Tell(notice);
  }
}

void QuestionDesk::Tell(const Notice& notice) {
  for (const AskerPtr& asker : *notice.to) {
    switch (notice.kind) {
      case Notice::Kind::kAsk:
        asker->Ask(notice.question);
        break;
      case Notice::Kind::kChange:
        asker->Changed(notice.question);
        break;
      case Notice::Kind::kClaimed:
        asker->Claimed(notice.id, notice.settlement.by);
        break;
      case Notice::Kind::kSettled:
        asker->Settled(notice.id, notice.settlement);
        break;
    }
  }
}

}  // namespace procwall
