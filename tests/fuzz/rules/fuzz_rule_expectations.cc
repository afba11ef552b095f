// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
// Expectations from anyone: read and tested.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "rules/rule_expectations.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  const auto expectations = procwall::ParseExpectations(text, "fuzz");
  if (!expectations) {
    if (expectations.error().reason.empty()) std::abort();
    return 0;
  }
  const auto results = procwall::TestRules(procwall::RuleSet(), *expectations);
  if (results.size() != expectations->size()) std::abort();
  return 0;
}
