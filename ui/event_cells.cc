// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/event_cells.h"

#include <string>

#include <fmt/format.h>

#include "record/event_words.h"
#include "ui/file_text.h"
#include "ui/path_text.h"

namespace procwall {
namespace {

Style StyleOf(v1::Action action) {
  switch (action) {
    case v1::ACTION_ALLOW:
      return Style::kGood;
    case v1::ACTION_DENY:
    case v1::ACTION_REJECT:
      return Style::kBad;
    default:
      return Style::kWarning;
  }
}

std::string NameOf(const v1::Process& process) {
  return process.path().substr(process.path().rfind('/') + 1);
}

void AppendProcess(const v1::Process& process, const std::string& path, StyledText& cell) {
  if (path.empty()) {
    cell.Append("(no executable)", Style::kWarning);
  } else {
    AppendPath(path, cell);
  }
  if (const std::string word = FileWord(process); !word.empty()) {
    cell.Append(fmt::format(" ({})", word), Style::kWarning);
  }
  cell.Append(fmt::format(" {}", process.pid()), Style::kDim);
}

std::string WithPort(const std::string& name, std::uint32_t port) {
  if (port == 0) return name;
  const bool is_ipv6 = name.find(':') != std::string::npos;
  return is_ipv6 ? fmt::format("[{}]:{}", name, port) : fmt::format("{}:{}", name, port);
}

std::string Destination(const v1::Event& event) {
  if (event.dst_ip().empty() && event.dst_host().empty()) return "-";
  return WithPort(event.dst_host().empty() ? event.dst_ip() : event.dst_host(), event.dst_port());
}

std::string ReasonText(const v1::Event& event) {
  switch (event.reason()) {
    case v1::REASON_RULE:
      return event.rule();
    case v1::REASON_DEFAULT_ACTION:
      return "no rule: default";
    case v1::REASON_UNPARSABLE:
      return event.refusal().empty() ? "unreadable" : "unreadable: " + event.refusal();
    case v1::REASON_OWN_TRAFFIC:
      return "procwall's own";
    case v1::REASON_ANSWER:
      return event.rule().empty() ? "answered: default" : "answered: " + event.rule();
    case v1::REASON_NO_ANSWER:
      return "no answer: default";
    case v1::REASON_TOO_MANY_QUESTIONS:
      return "too many questions";
    case v1::REASON_NO_TIME:
      return "not known in time";
    default:
      return "reason " + ReasonWord(event.reason());
  }
}

std::string PathAndCommand(const v1::Process& process) {
  return fmt::format("{} {}: {}", process.path(), process.pid(), CommandText(process));
}

}  // namespace

std::string CommandText(const v1::Process& process) {
  std::string text = fmt::format("{}", fmt::join(process.args(), " "));
  const char* separator = text.empty() ? "started by " : ", started by ";
  for (const v1::Ancestor& ancestor : process.ancestors()) {
    text += fmt::format("{}{} {}", separator, ancestor.path().empty() ? "?" : ancestor.path(),
                        ancestor.pid());
    separator = ", ";
  }
  return text;
}

StyledText VerdictCell(const v1::Event& event) {
  return {event.cut() ? "cut" : ActionWord(event.action()), StyleOf(event.action())};
}

StyledText ProgramCell(const v1::Event& event) {
  StyledText cell;
  if (!event.has_process()) {
    const std::string reason = event.unknown_reason().empty() ? "" : ": " + event.unknown_reason();
    return cell.Append("unknown" + reason, Style::kWarning);
  }
  if (event.alternatives().empty()) {
    AppendProcess(event.process(), event.process().path(), cell);
    return cell;
  }
  AppendProcess(event.process(), NameOf(event.process()), cell);
  for (const v1::Process& other : event.alternatives()) {
    cell.Append(" or ", Style::kWarning);
    AppendProcess(other, NameOf(other), cell);
  }
  return cell;
}

StyledText DestinationCell(const v1::Event& event) {
  if (event.direction() == "incoming") {
    if (event.dst_port() == 0) return "from " + event.src_ip();
    return fmt::format("{} to :{}", event.src_ip(), event.dst_port());
  }
  if (event.direction() == "forwarded") {
    return fmt::format("{} to {}", event.src_ip(), Destination(event));
  }
  return Destination(event);
}

StyledText WhyCell(const v1::Event& event) {
  StyledText cell;
  const bool observed =
      event.judged_action() != v1::ACTION_UNSPECIFIED && event.judged_action() != event.action();
  if (observed) {
    cell.Append(fmt::format("would {}: ", ActionWord(event.judged_action())), Style::kWarning);
  }
  cell.Append(ReasonText(event),
              event.reason() == v1::REASON_RULE ? Style::kAccent : Style::kPlain);
  if (event.shadow_rules_size() > 0) {
    cell.Append(fmt::format(" [on trial: {}]", ShadowsText(event.shadow_rules())), Style::kDim);
  }
  return cell;
}

StyledText ConfidenceCell(const v1::Event& event) {
  switch (event.confidence()) {
    case v1::CONFIDENCE_CERTAIN:
    case v1::CONFIDENCE_LIKELY:
      return {ConfidenceWord(event.confidence()), Style::kDim};
    default:
      return {ConfidenceWord(event.confidence()), Style::kWarning};
  }
}

StyledText ConfidenceMark(const v1::Event& event) {
  switch (event.confidence()) {
    case v1::CONFIDENCE_CERTAIN:
      return {};
    case v1::CONFIDENCE_LIKELY:
      return {"~", Style::kDim};
    default:
      return {"?", Style::kWarning};
  }
}

std::vector<std::string> CommandTexts(const v1::Event& event) {
  if (!event.has_process()) return {};
  if (event.alternatives().empty()) return {CommandText(event.process())};
  std::vector<std::string> texts = {PathAndCommand(event.process())};
  for (const v1::Process& other : event.alternatives()) {
    texts.push_back("or " + PathAndCommand(other));
  }
  return texts;
}

}  // namespace procwall
