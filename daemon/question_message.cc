// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/question_message.h"

#include <chrono>

#include <google/protobuf/timestamp.pb.h>

#include "base/printable.h"
#include "daemon/event_message.h"
#include "record/rule_message.h"

namespace procwall {
namespace {

void FillTime(WallTime time, google::protobuf::Timestamp& message) {
  const auto since_epoch = time.time_since_epoch();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(since_epoch);
  message.set_seconds(seconds.count());
  message.set_nanos(static_cast<std::int32_t>((since_epoch - seconds).count()));
}

v1::Settled HowOf(SettledHow how) {
  switch (how) {
    case SettledHow::kAnswered:
      return v1::SETTLED_ANSWERED;
    case SettledHow::kTimedOut:
      return v1::SETTLED_TIMED_OUT;
    case SettledHow::kNobodyLeft:
      return v1::SETTLED_NOBODY_LEFT;
    case SettledHow::kRules:
      return v1::SETTLED_RULES;
    case SettledHow::kEnding:
      return v1::SETTLED_ENDING;
  }
  return v1::SETTLED_UNSPECIFIED;
}

v1::AnswerReceipt::Kind KindOf(AnswerReceipt::Kind kind) {
  switch (kind) {
    case AnswerReceipt::Kind::kTaken:
      return v1::AnswerReceipt::KIND_TAKEN;
    case AnswerReceipt::Kind::kTooLate:
      return v1::AnswerReceipt::KIND_TOO_LATE;
    case AnswerReceipt::Kind::kNotAsked:
      return v1::AnswerReceipt::KIND_NOT_ASKED;
    case AnswerReceipt::Kind::kInvalid:
      return v1::AnswerReceipt::KIND_INVALID;
    case AnswerReceipt::Kind::kOverloaded:
      return v1::AnswerReceipt::KIND_OVERLOADED;
  }
  return v1::AnswerReceipt::KIND_UNSPECIFIED;
}

}  // namespace

v1::Question ToMessage(const Question& question) {
  Event event;
  event.time = question.asked;
  event.connection = question.connection;
  event.host = question.host;
  event.name_from = question.name_from;
  event.sni = question.sni;
  event.attribution = *question.attribution;
  v1::Question message;
  message.set_id(question.id);
  *message.mutable_event() = ToMessage(event);
  message.mutable_event()->clear_action();
  message.mutable_event()->clear_judged_action();
  message.mutable_event()->clear_reason();
  message.mutable_event()->clear_latency();
  FillTime(question.asked, *message.mutable_asked());
  FillTime(question.deadline, *message.mutable_deadline());
  message.set_default_action(ToMessage(question.default_action));
  message.set_flows(question.flows);
  message.set_packets(question.packets);
  return message;
}

v1::QuestionSettled ToMessage(QuestionId id, const Settlement& settlement) {
  v1::QuestionSettled message;
  message.set_id(id);
  message.set_how(HowOf(settlement.how));
  message.set_by(Printable(settlement.by));
  if (settlement.rule) *message.mutable_rule() = ToMessage(*settlement.rule);
  message.set_note(Printable(settlement.note));
  return message;
}

v1::AnswerReceipt ToMessage(QuestionId id, const AnswerReceipt& receipt) {
  v1::AnswerReceipt message;
  message.set_id(id);
  message.set_kind(KindOf(receipt.kind));
  message.set_what(Printable(receipt.what));
  return message;
}

}  // namespace procwall
