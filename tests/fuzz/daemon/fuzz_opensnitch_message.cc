// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
// Answers and commands of OpenSnitch's GUI, in either dialect (the first byte says which): whatever
// comes is a value or nothing, and a rule that can be used is the same when the GUI has sent it
// back.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "daemon/opensnitch_dialect.h"
#include "daemon/opensnitch_rule.h"

namespace {

using procwall::GuiDialect;

template <typename Message>
void CheckReturns(const procwall::Rule& rule) {
  Message sent;
  procwall::FillRule(rule, sent);
  Message received;
  if (!received.ParseFromString(sent.SerializeAsString())) std::abort();
  const auto again = procwall::UsableRule(procwall::ReadRule(received));
  if (!again || !(again->op == rule.op) || again->name != rule.name) std::abort();
}

void CheckRule(GuiDialect dialect, const procwall::GuiRule& sent) {
  const auto usable = procwall::UsableRule(sent);
  if (!usable || !usable->enabled) return;
  if (dialect == GuiDialect::k15) CheckReturns<procwall::opensnitch::v15::Rule>(*usable);
  CheckReturns<procwall::opensnitch::v16::Rule>(*usable);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const GuiDialect dialect = data[0] % 2 == 0 ? GuiDialect::k15 : GuiDialect::k16;
  const std::string bytes(data + 1, data + size);
  if (const auto rule = procwall::ParseRuleMessage(dialect, bytes)) CheckRule(dialect, *rule);
  if (const auto told = procwall::ParseNotification(dialect, bytes)) {
    for (const procwall::GuiRule& rule : told->rules) CheckRule(dialect, rule);
  }
  return 0;
}
