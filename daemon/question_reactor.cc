// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/question_reactor.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/printable.h"
#include "daemon/api_refusal.h"
#include "daemon/question_message.h"
#include "record/rule_message.h"

namespace procwall {
namespace {

// The remembered decisions that name this program.
std::uint64_t DecisionsAbout(const Attribution& attribution, const EventLog& events) {
  if (attribution.processes.empty()) return 0;
  const std::string& path = attribution.processes.front()->path;
  std::uint64_t count = 0;
  std::uint64_t position = events.PositionOfRecent(EventLog::kCapacity);
  while (const EventPtr event = events.Next(position).event) {
    count += std::ranges::any_of(event->attribution.processes,
                                 [&](const ProcessPtr& process) { return process->path == path; })
                 ? 1
                 : 0;
  }
  return count;
}

}  // namespace

void QuestionCalls::Close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  for (QuestionReactor* reactor : reactors_) {
    reactor->End({grpc::StatusCode::UNAVAILABLE, "procwalld is ending"});
  }
}

bool QuestionCalls::Join(QuestionReactor* reactor) {
  const std::lock_guard lock(mutex_);
  if (!closed_) reactors_.insert(reactor);
  return !closed_;
}

void QuestionCalls::Leave(QuestionReactor* reactor) {
  const std::lock_guard lock(mutex_);
  reactors_.erase(reactor);
}

void CallingAsker::Ask(const QuestionPtr& question) {
  v1::QuestionsResponse response;
  *response.mutable_asked() = ToMessage(*question);
  response.mutable_asked()->set_seen(DecisionsAbout(*question->attribution, events_));
  Say(response);
}

void CallingAsker::Changed(const QuestionPtr& question) {
  v1::QuestionsResponse response;
  *response.mutable_changed() = ToMessage(*question);
  response.mutable_changed()->set_seen(DecisionsAbout(*question->attribution, events_));
  Say(response);
}

void CallingAsker::Claimed(QuestionId id, const std::string& by) {
  v1::QuestionsResponse response;
  response.mutable_claimed()->set_id(id);
  response.mutable_claimed()->set_by(Printable(by));
  Say(response);
}

void CallingAsker::Settled(QuestionId id, const Settlement& settlement) {
  v1::QuestionsResponse response;
  *response.mutable_settled() = ToMessage(id, settlement);
  Say(response);
}

void CallingAsker::HangUp() {
  const std::lock_guard lock(mutex_);
  reactor_ = nullptr;
}

void CallingAsker::Say(const v1::QuestionsResponse& response) {
  const std::lock_guard lock(mutex_);
  if (reactor_ != nullptr) reactor_->Say(response);
}

QuestionReactor::QuestionReactor(QuestionDesk& desk, const EventLog& events, QuestionCalls& calls,
                                 std::string user)
    : desk_(desk), events_(events), calls_(calls), user_(std::move(user)) {
  if (calls_.Join(this)) {
    StartRead(&request_);
  } else {
    End({grpc::StatusCode::UNAVAILABLE, "procwalld is ending"});
  }
}

void QuestionReactor::Say(v1::QuestionsResponse response) {
  const std::lock_guard lock(mutex_);
  if (ended_) return;
  if (unread_.size() >= kMaxUnread) {
    ended_ = true;
    desk_.Detach(asker_);  // at once: it may never read again
    return Finish(Refusal(grpc::StatusCode::RESOURCE_EXHAUSTED, "questions are read too slowly",
                          "READS_TOO_SLOWLY"));
  }
  unread_.push_back(std::move(response));
  if (unread_.size() == 1) StartWrite(&unread_.front());
}

void QuestionReactor::End(const grpc::Status& status) {
  const std::lock_guard lock(mutex_);
  if (std::exchange(ended_, true)) return;
  Finish(status);
}

void QuestionReactor::OnReadDone(bool ok) {
  // Nothing more to read: the client is done, or gone.
  const grpc::Status status = ok ? Handle(request_) : grpc::Status::OK;
  if (ok && status.ok()) return StartRead(&request_);
  if (asker_) desk_.Detach(asker_);
  End(status);
}

void QuestionReactor::OnWriteDone(bool ok) {
  const std::lock_guard lock(mutex_);
  unread_.pop_front();
  if (!ok || ended_ || unread_.empty()) return;  // not ok: OnCancel() ends it
  StartWrite(&unread_.front());
}

void QuestionReactor::OnCancel() { End(grpc::Status::CANCELLED); }

void QuestionReactor::OnDone() {
  calls_.Leave(this);
  if (asker_) {
    asker_->HangUp();  // from here on nobody calls Say()
    desk_.Detach(asker_);
  }
  // Whoever called Finish() may still hold the lock: wait for it to let go before the lock dies.
  { const std::lock_guard lock(mutex_); }
  delete this;
}

grpc::Status QuestionReactor::Handle(const v1::QuestionsRequest& request) {
  if (request.has_hello()) return Welcome(request.hello());
  if (!asker_) return InvalidRequest("a call begins with a QuestionsHello");
  if (request.has_answer()) Answer(request.answer());
  if (request.has_claim()) desk_.Claim(request.claim().id(), asker_);
  return grpc::Status::OK;
}

grpc::Status QuestionReactor::Welcome(const v1::QuestionsHello& hello) {
  if (asker_) return InvalidRequest("there is only one QuestionsHello in a call");
  std::string name = Printable(hello.name().substr(0, kMaxNameBytes));
  if (name.empty()) name = "somebody";
  if (!user_.empty()) name += fmt::format(" ({})", user_);
  asker_ = std::make_shared<CallingAsker>(*this, events_, name);
  v1::QuestionsResponse response;
  response.mutable_welcome()->set_name(name);
  response.mutable_welcome()->set_open(static_cast<std::uint32_t>(desk_.OpenCount()));
  Say(std::move(response));
  if (desk_.Attach(asker_)) return grpc::Status::OK;
  return Refusal(grpc::StatusCode::RESOURCE_EXHAUSTED, "too many UIs answer questions already",
                 "TOO_MANY_UIS");
}

void QuestionReactor::Answer(const v1::AnswerQuestion& message) {
  QuestionAnswer answer;
  AnswerReceipt receipt;
  if (message.has_rule()) {
    if (auto rule = RuleOf(message.rule())) {
      answer.rule = *std::move(rule);
    } else {
      receipt = {AnswerReceipt::Kind::kInvalid, rule.error()};
    }
  } else if (!message.default_action()) {
    receipt = {AnswerReceipt::Kind::kInvalid, "an answer is a rule, or default_action = true"};
  }
  if (receipt.kind == AnswerReceipt::Kind::kTaken) {
    receipt = desk_.Answer(message.id(), asker_, std::move(answer));
  }
  v1::QuestionsResponse response;
  *response.mutable_receipt() = ToMessage(message.id(), receipt);
  Say(std::move(response));
}

}  // namespace procwall
