// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
// A rule file from anyone: read, compiled, asked, written and read back.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "rules/rule_file.h"
#include "rules/rule_json.h"
#include "rules/rule_set.h"
#include "tests/unit/rules/oracle.h"
#include "tests/unit/rules/world.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  const auto checked = procwall::CheckRuleFile(text, "fuzz.json");
  if (!checked) {
    if (checked.error().reason.empty()) std::abort();
    return 0;
  }
  const auto again = procwall::ParseRuleFile(procwall::ToJson(checked->rule), "again.json");
  if (!again || *again != checked->rule) std::abort();

  const auto rule = std::make_shared<const procwall::Rule>(checked->rule);
  auto ready = procwall::CompileRule(rule);
  if (!ready) std::abort();
  const std::vector compiled{std::make_shared<const procwall::CompiledRule>(*std::move(ready))};
  const auto set = procwall::RuleSet::Create(compiled);
  if (set.Size() != (rule->enabled ? 1U : 0U)) std::abort();
  const procwall::Process process = procwall::Curl();
  const procwall::Connection connection = procwall::ToExample();
  for (const procwall::Process* known :
       {&process, static_cast<const procwall::Process*>(nullptr)}) {
    const procwall::Subject subject{&connection, known, "example.net"};
    if (set.Decide(subject) != procwall::DecideByScan(compiled, subject)) std::abort();
  }
  return 0;
}
