// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "record/event_words.h"

#include <fmt/format.h>

namespace procwall {
namespace {

std::string Unnamed(int value) { return fmt::format("unknown-{}", value); }

}  // namespace

std::string ActionWord(v1::Action action) {
  switch (action) {
    case v1::ACTION_ALLOW:
      return "allow";
    case v1::ACTION_DENY:
      return "deny";
    case v1::ACTION_REJECT:
      return "reject";
    default:
      return Unnamed(action);
  }
}

std::optional<v1::Action> ActionNamed(std::string_view word) {
  for (const v1::Action action : {v1::ACTION_ALLOW, v1::ACTION_DENY, v1::ACTION_REJECT}) {
    if (ActionWord(action) == word) return action;
  }
  return {};
}

std::string ReasonWord(v1::Reason reason) {
  switch (reason) {
    case v1::REASON_RULE:
      return "rule";
    case v1::REASON_DEFAULT_ACTION:
      return "default-action";
    case v1::REASON_UNPARSABLE:
      return "unparsable";
    case v1::REASON_OWN_TRAFFIC:
      return "own-traffic";
    case v1::REASON_ANSWER:
      return "answer";
    case v1::REASON_NO_ANSWER:
      return "no-answer";
    case v1::REASON_TOO_MANY_QUESTIONS:
      return "too-many-questions";
    case v1::REASON_NO_TIME:
      return "no-time";
    default:
      return Unnamed(reason);
  }
}

std::string ConfidenceWord(v1::Confidence confidence) {
  switch (confidence) {
    case v1::CONFIDENCE_CERTAIN:
      return "certain";
    case v1::CONFIDENCE_LIKELY:
      return "likely";
    case v1::CONFIDENCE_AMBIGUOUS:
      return "ambiguous";
    case v1::CONFIDENCE_UNKNOWN:
      return "unknown";
    default:
      return Unnamed(confidence);
  }
}

std::string ShadowsText(const ShadowRules& shadows) {
  std::string text;
  for (const v1::ShadowRule& shadow : shadows) {
    text += fmt::format("{}{} would {}", text.empty() ? "" : ", ", shadow.rule(),
                        ActionWord(shadow.action()));
  }
  return text;
}

}  // namespace procwall
