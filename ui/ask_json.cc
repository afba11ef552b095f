// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/ask_json.h"

#include <optional>
#include <utility>

#include <fmt/format.h>

#include "record/event_json.h"
#include "record/event_words.h"
#include "record/json_text.h"
#include "record/rule_message.h"
#include "rules/rule_file.h"
#include "rules/rule_json.h"
#include "ui/rule_proposal.h"
#include "ui/time_text.h"

namespace procwall {
namespace {

constexpr std::size_t kMaxLineBytes = std::size_t{1} << 20;
constexpr int kMaxNesting = 64;

tl::unexpected<std::string> Refuse(std::string why) { return tl::unexpected(std::move(why)); }

Json OperatorJson(const Operator& op) {
  Json json = {{"type", op.type}, {"operand", op.operand}, {"data", JsonText(op.data)}};
  if (op.list.empty()) return json;
  json["list"] = Json::array();
  for (const Operator& inner : op.list) json["list"].push_back(OperatorJson(inner));
  return json;
}

Json QuestionObject(const char* type, const v1::Question& question) {
  Json json;
  json["type"] = type;
  json["id"] = question.id();
  json["asked"] = Rfc3339(question.asked());
  json["deadline"] = Rfc3339(question.deadline());
  json["default_action"] = ActionWord(question.default_action());
  json["flows"] = question.flows();
  json["packets"] = question.packets();
  json["reaches"] = Json::array();
  for (const RuleProposal& proposal : RuleProposals(question.event())) {
    json["reaches"].push_back(
        {{"label", JsonText(proposal.label)}, {"operator", OperatorJson(proposal.op)}});
  }
  json["event"] = EventObject(question.event(), 0);
  return json;
}

const char* SettledWord(v1::Settled how) {
  switch (how) {
    case v1::SETTLED_ANSWERED:
      return "answered";
    case v1::SETTLED_TIMED_OUT:
      return "timed-out";
    case v1::SETTLED_NOBODY_LEFT:
      return "nobody-left";
    case v1::SETTLED_RULES:
      return "rules";
    case v1::SETTLED_ENDING:
      return "ending";
    default:
      return "unknown";
  }
}

const char* ReceiptWord(v1::AnswerReceipt::Kind kind) {
  switch (kind) {
    case v1::AnswerReceipt::KIND_TAKEN:
      return "taken";
    case v1::AnswerReceipt::KIND_TOO_LATE:
      return "too-late";
    case v1::AnswerReceipt::KIND_NOT_ASKED:
      return "not-asked";
    case v1::AnswerReceipt::KIND_INVALID:
      return "invalid";
    case v1::AnswerReceipt::KIND_OVERLOADED:
      return "overloaded";
    default:
      return "unknown";
  }
}

Json SettledObject(const v1::QuestionSettled& settled) {
  return {{"type", "settled"},
          {"id", settled.id()},
          {"how", SettledWord(settled.how())},
          {"by", JsonText(settled.by())},
          {"rule", settled.has_rule() ? JsonText(settled.rule().name()) : Json(nullptr)},
          {"note", JsonText(settled.note())}};
}

template <typename T>
std::optional<T> Member(const Json& object, const char* key, bool (Json::*is)() const noexcept) {
  const auto found = object.find(key);
  if (found == object.end() || !((*found).*is)()) return std::nullopt;
  return found->template get<T>();
}

}  // namespace

std::string AskJson::OnResponse(const v1::QuestionsResponse& response) {
  Json json;
  if (response.has_welcome()) {
    json = {{"type", "welcome"},
            {"name", JsonText(response.welcome().name())},
            {"open", response.welcome().open()}};
  } else if (response.has_asked()) {
    open_[response.asked().id()] = response.asked().event();
    json = QuestionObject("question", response.asked());
  } else if (response.has_changed()) {
    json = QuestionObject("changed", response.changed());
  } else if (response.has_claimed()) {
    json = {{"type", "claimed"},
            {"id", response.claimed().id()},
            {"by", JsonText(response.claimed().by())}};
  } else if (response.has_settled()) {
    open_.erase(response.settled().id());
    json = SettledObject(response.settled());
  } else if (response.has_receipt()) {
    json = {{"type", "receipt"},
            {"id", response.receipt().id()},
            {"receipt", ReceiptWord(response.receipt().kind())},
            {"what", JsonText(response.receipt().what())}};
  } else {
    json = {{"type", "unknown"}};  // a later daemon's
  }
  return OneLine(json);
}

tl::expected<v1::QuestionsRequest, std::string> AskJson::OnLine(std::string_view line) const {
  if (line.size() > kMaxLineBytes) return Refuse("an answer is at most 1 MiB long");
  const auto is_shallow = [](int depth, Json::parse_event_t, Json&) {
    return depth <= kMaxNesting;
  };
  const Json json = Json::parse(line, is_shallow, /*allow_exceptions=*/false);
  if (json.is_discarded() || !json.is_object()) return Refuse("an answer is a JSON object");
  const auto id = Member<std::uint64_t>(json, "id", &Json::is_number_unsigned);
  if (!id) return Refuse("\"id\" must be the number of a question");
  v1::QuestionsRequest request;
  request.mutable_answer()->set_id(*id);
  if (Member<bool>(json, "default", &Json::is_boolean).value_or(false)) {
    request.mutable_answer()->set_default_action(true);
    return request;
  }
  if (json.contains("rule")) {
    const auto rule = ParseRuleFile(OneLine(json["rule"]), "rule");
    if (!rule) return Refuse(rule.error().ToString());
    *request.mutable_answer()->mutable_rule() = ToMessage(*rule);
    return request;
  }
  const auto word = Member<std::string>(json, "action", &Json::is_string);
  const auto action = ParseRuleAction(word.value_or(""));
  if (!action) return Refuse("\"action\" must be allow, deny or reject");
  const auto event = open_.find(*id);
  if (event == open_.end()) return Refuse(fmt::format("question {} is not open", *id));
  const auto proposals = RuleProposals(event->second);
  const auto reach = Member<std::uint64_t>(json, "reach", &Json::is_number_unsigned).value_or(0);
  if (reach >= proposals.size()) {
    return Refuse(fmt::format("\"reach\" must be below {}", proposals.size()));
  }
  const auto duration = Member<std::string>(json, "duration", &Json::is_string);
  *request.mutable_answer()->mutable_rule() =
      ToMessage(RuleOfAnswer(event->second, proposals[reach], *action, duration.value_or("once")));
  return request;
}

}  // namespace procwall
