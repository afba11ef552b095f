// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/question_desk.h"

#include <algorithm>

#include <fmt/format.h>

#include "rules/lifetime.h"

namespace procwall {
namespace {

using ReceiptKind = AnswerReceipt::Kind;

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
    for (const auto& [id, open] : state->open.All()) {
      (void)Queue(*state, {Notice::Kind::kAsk, id, only_it, open.shown, {}}, Room::kForEverything);
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
    if (!alone) return {ReceiptKind::kInvalid, alone.error()};
    verdict.once = *std::move(alone);
  }
  if (auto refused = MarkAnswered(id, verdict.settlement.by)) return *std::move(refused);
  if (!has_rule || Lifetime::Of(answer.rule->duration).kind == Lifetime::Kind::kOnce) {
    if (has_rule) verdict.settlement.rule = std::make_shared<const Rule>(*std::move(answer.rule));
    SendVerdict(verdict);
    return {};
  }
  RuleChange change{.kind = RuleChange::Kind::kAdd, .rule = *answer.rule};
  change.done = [this, verdict = std::move(verdict)](const RuleChange::Outcome& outcome) mutable {
    if (outcome) {
      verdict.once = nullptr;
      verdict.settlement.rule = outcome->rule;
      verdict.settlement.note = outcome->note;
    } else {
      verdict.settlement.note = fmt::format("for this once only: {}", outcome.error().what);
    }
    SendVerdict(verdict);
  };
  if (rules_.TryAsk(std::move(change))) return {};
  MarkUnanswered(id);
  return {ReceiptKind::kOverloaded, "too many rules are being changed: try again"};
}

// nullopt: it is yours.
std::optional<AnswerReceipt> QuestionDesk::MarkAnswered(QuestionId id, const std::string& by) {
  const auto state = state_.Lock();
  OpenQuestions::Open* const open = state->open.Find(id);
  if (open == nullptr) {
    const auto settled = state->settled.find(id);
    if (settled == state->settled.end()) {
      return AnswerReceipt{ReceiptKind::kNotAsked, "no such question"};
    }
    return AnswerReceipt{ReceiptKind::kTooLate, TooLateText(settled->second)};
  }
  std::string& answered_by = open->answered_by;
  if (!answered_by.empty()) {
    return AnswerReceipt{ReceiptKind::kTooLate, "answered by " + answered_by};
  }
  answered_by = by.empty() ? "somebody" : by;
  return std::nullopt;
}

void QuestionDesk::MarkUnanswered(QuestionId id) {
  const auto state = state_.Lock();
  if (auto* const open = state->open.Find(id)) open->answered_by.clear();
}

void QuestionDesk::Claim(QuestionId id, const AskerPtr& asker) {
  Settlement settlement;
  settlement.by = asker->Name();
  {
    const auto state = state_.Lock();
    if (state->open.Find(id) == nullptr) return;
    auto others = std::make_shared<Askers>(*state->askers);
    std::erase(*others, asker);
    Notice notice{Notice::Kind::kClaimed, id, std::move(others), nullptr, std::move(settlement)};
    (void)Queue(*state, std::move(notice), Room::kForQuestions);
  }
  WakeTeller();
}

void QuestionDesk::SendVerdict(const QuestionVerdict& verdict) {
  std::vector<Lane> lanes;
  {
    const auto state = state_.Lock();
    auto* const open = state->open.Find(verdict.id);
    if (open == nullptr) return;  // settled meanwhile, on all of them
    open->has_verdict = true;
    lanes = state->open.LanesOf(verdict.id);
  }
  // Never full: one for each open question, and a packet thread takes them before it asks anew.
  for (const Lane lane : lanes) (void)verdicts_.Send(lane, QuestionVerdict(verdict));
}

std::optional<QuestionId> QuestionDesk::Ask(QuestionPtr question, Lane lane,
                                            const std::string& key) {
  QuestionId id = question->id;
  {
    const auto state = state_.Lock();
    if (state->open.CanJoin(key)) {
      id = state->open.Add(std::move(question), lane, key);
      QueueChange(*state, id);
    } else {
      if (state->open.Size() >= kMaxOpen) return std::nullopt;
      Notice notice{Notice::Kind::kAsk, id, state->askers, question, {}};
      if (!Queue(*state, std::move(notice), Room::kForQuestions)) return std::nullopt;
      state->open.Add(std::move(question), lane, key);
    }
  }
  WakeTeller();
  return id;
}

void QuestionDesk::Change(QuestionPtr question, Lane lane) {
  const QuestionId id = question->id;
  {
    const auto state = state_.Lock();
    state->open.Change(id, std::move(question), lane);
    QueueChange(*state, id);
  }
  WakeTeller();
}

// Told as it is when its turn comes.
void QuestionDesk::QueueChange(State& state, QuestionId id) {
  auto* const open = state.open.Find(id);
  if (open == nullptr || open->change_waits) return;
  open->change_waits =
      Queue(state, {Notice::Kind::kChange, id, state.askers, nullptr, {}}, Room::kForQuestions);
}

bool QuestionDesk::Settle(QuestionId id, Settlement settlement, Lane lane) {
  bool is_over = false;
  {
    const auto state = state_.Lock();
    if (state->open.Find(id) == nullptr) return false;
    is_over = state->open.Remove(id, lane);
    if (is_over) {
      if (state->settled.size() >= kMaxRemembered) state->settled.erase(state->settled.begin());
      state->settled[id] = settlement;
      Notice notice{Notice::Kind::kSettled, id, state->askers, nullptr, std::move(settlement)};
      (void)Queue(*state, std::move(notice), Room::kForEverything);
    } else {
      QueueChange(*state, id);
    }
  }
  WakeTeller();
  return is_over;
}

bool QuestionDesk::IsAnswered(QuestionId id) const {
  const auto state = state_.Lock();
  const auto* const open = state->open.Find(id);
  return open != nullptr && !open->answered_by.empty();
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
      auto* const open = state->open.Find(notice.id);
      if (open == nullptr) continue;
      open->change_waits = false;
      notice.question = open->shown;
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
