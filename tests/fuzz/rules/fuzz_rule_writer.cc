// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
// A rule file from anyone is saved again: the rule must stay, whatever else the file says.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "rules/json_edit.h"
#include "rules/rule_file.h"
#include "rules/rule_file_name.h"
#include "rules/rule_writer.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  (void)procwall::WithMember(text, "a", "1");
  const std::string name = procwall::RuleFileName(text);
  if (name.size() > 255 || name.find('/') != std::string::npos || name.front() == '.') std::abort();
  const auto rule = procwall::ParseRuleFile(text, "fuzz");
  if (!rule) return 0;
  (void)procwall::LosesComments(*rule, text);
  procwall::Rule switched = *rule;
  switched.enabled = !switched.enabled;
  const std::string switched_text = procwall::RuleFileText(switched, text);
  const auto is_switched = procwall::ParseRuleFile(switched_text, "switched");
  if (!is_switched || is_switched->enabled == rule->enabled) std::abort();
  const auto again = procwall::ParseRuleFile(procwall::RuleFileText(*rule, text), "again");
  if (!again || again->name != rule->name || again->enabled != rule->enabled ||
      again->action != rule->action || again->op.list != rule->op.list) {
    std::abort();
  }
  return 0;
}
