// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/event_fields.h"

#include <fmt/format.h>

#include "record/event_json.h"
#include "record/event_words.h"

namespace procwall {
namespace {

// Not in the middle of a character.
std::string Cut(std::string text) {
  if (text.size() <= kMostFieldBytes) return text;
  std::size_t end = kMostFieldBytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) --end;
  text.resize(end);
  return text;
}

std::string WithPort(const std::string& host, std::uint32_t port) {
  const bool needs_brackets = host.find(':') != std::string::npos;
  return needs_brackets ? fmt::format("[{}]:{}", host, port) : fmt::format("{}:{}", host, port);
}

}  // namespace

EventFields FieldsOf(const v1::Event& event) {
  EventFields fields;
  const Json json = EventObject(event, 0);  // outlives the loop over it
  for (const auto& [name, value] : json.items()) {
    if (name == "missed" || value.is_null() || value.is_structured()) continue;
    std::string text = value.is_string() ? value.get<std::string>() : value.dump();
    if (!text.empty()) fields.emplace_back(name, Cut(std::move(text)));
  }
  return fields;
}

std::string SentenceOf(const v1::Event& event) {
  const std::string program =
      event.has_process() ? fmt::format("{} {}", event.process().path(), event.process().pid())
                          : "unknown program";
  const std::string& host = event.dst_host().empty() ? event.dst_ip() : event.dst_host();
  const std::string why =
      event.rule().empty() ? ReasonWord(event.reason()) : "rule " + event.rule();
  return Cut(fmt::format("{} {} {} to {}, {}", event.cut() ? "cut" : ActionWord(event.action()),
                         event.protocol().empty() ? "unreadable" : event.protocol(),
                         JsonText(program).get<std::string>(),
                         JsonText(WithPort(host, event.dst_port())).get<std::string>(),
                         JsonText(why).get<std::string>()));
}

int SeverityOf(const v1::Event& event) { return event.action() == v1::ACTION_ALLOW ? 6 : 5; }

}  // namespace procwall
