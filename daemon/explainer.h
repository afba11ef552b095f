// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <string>

#include <tl/expected.hpp>

#include "attribution/live_lookup.h"
#include "base/worker.h"
#include "daemon/event_log.h"
#include "daemon/explain_source.h"
#include "daemon/fact_gatherer.h"
#include "daemon/judgement.h"
#include "daemon/shared_rules.h"

namespace procwall {

// What the explainer works with. Everything referred to must outlive it.
struct ExplainerParts {
  const SocketWitness& witness;
  ProgramSource& programs;
  const EventLog& events;
  const SharedRules& rules;
  FactGatherer& facts;
  const Clock& clock;
  RuleAction default_action = RuleAction::kDeny;
};

// Answers where a decision came from, and whom a connection belongs to, on a thread of its own:
// "explainer". One question at a time, at most kMaxQuestions wait.
class Explainer final : public ExplainSource {
 public:
  static constexpr std::size_t kMaxQuestions = 16;

  static tl::expected<std::unique_ptr<Explainer>, std::string> Start(const ExplainerParts& parts);
  // Over a /proc and a kernel of one's own: a test's.
  static tl::expected<std::unique_ptr<Explainer>, std::string> Start(const ExplainerParts& parts,
                                                                     Procfs procfs,
                                                                     SocketDiag diag);

  void Explain(ExplainQuestion question) override;

 private:
  Explainer(const ExplainerParts& parts, Procfs procfs, SocketDiag diag, Wakeup asked);

  void AnswerAll(const std::deque<ExplainQuestion>& questions);
  ExplainAnswer Answer(const v1::ExplainRequest& request);
  ExplainAnswer AnswerOf(const Event& event);
  ExplainAnswer AnswerOf(const Connection& connection);
  // REQUIRES: the event is about a packet that could be read.
  Judgement JudgeNow(const Event& event) const;
  // The name that a decision of late had for the address.
  void TakeNameOf(const IpAddress& address, Event& event) const;

  ExplainerParts parts_;
  LiveLookup lookup_;
  Worker<ExplainQuestion> worker_;  // last: it uses all of the above
};

}  // namespace procwall
