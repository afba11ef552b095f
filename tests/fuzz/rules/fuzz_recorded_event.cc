// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
// A recorded decision from anyone: read, judged again, learnt from.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/printable.h"
#include "rules/recorded_event.h"
#include "rules/rule_learn.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  if (procwall::Unprintable(procwall::Printable(text)) != text) std::abort();
  const auto event = procwall::ParseRecordedEvent(text);
  if (!event) {
    if (event.error().empty()) std::abort();
    return 0;
  }
  const procwall::Learned learned = procwall::LearnRules({*event});
  std::vector<std::shared_ptr<const procwall::Rule>> rules;
  for (const auto& one : learned.rules) {
    rules.push_back(std::make_shared<const procwall::Rule>(one.rule));
  }
  (void)procwall::Decide(procwall::RuleSet::Compile(rules, nullptr), event->situation);
  return 0;
}
