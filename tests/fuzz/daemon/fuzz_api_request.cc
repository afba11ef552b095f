// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
// What clients of the API send: a place in the list of sockets, a packet that is only supposed, a
// rule. The first byte chooses.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "daemon/connection_page.h"
#include "daemon/rule_tester.h"
#include "record/rule_message.h"

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto* const bytes = static_cast<const char*>(static_cast<const void*>(data + 1));
  const std::string_view text(bytes, size - 1);
  switch (data[0] % 3) {
    case 0:
      if (const auto place = procwall::ParsePageToken(text)) {
        if (procwall::ParsePageToken(procwall::PageToken(*place)) != place) __builtin_trap();
      }
      break;
    case 1: {
      procwall::v1::TestRulesRequest request;
      if (request.ParseFromArray(text.data(), static_cast<int>(text.size()))) {
        (void)procwall::SupposedBy(request.event());
      }
      break;
    }
    default: {
      procwall::v1::PutRuleRequest request;
      if (request.ParseFromArray(text.data(), static_cast<int>(text.size()))) {
        (void)procwall::RuleOf(request.rule());
      }
    }
  }
  return 0;
}
