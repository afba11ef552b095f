// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>

#include "net/dns_message.h"

using procwall::kMaxDnsRecords;

// A message that parses stays within its limits, and its names within theirs: 255 bytes, each
// written as at most four characters.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto message = procwall::ParseDnsMessage(std::as_bytes(std::span(data, size)));
  if (!message) return 0;
  const auto require = [](bool holds) {
    if (!holds) std::abort();
  };
  const auto require_name = [&](const std::string& name) {
    require(name.size() <= std::size_t{4} * 255);
    for (const char c : name) {
      const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
      require(plain || c == '.' || c == '\\');
    }
  };
  require(message->questions.size() <= kMaxDnsRecords);
  require(message->addresses.size() + message->aliases.size() <= kMaxDnsRecords);
  for (const auto& question : message->questions) require_name(question);
  for (const auto& address : message->addresses) require_name(address.name);
  for (const auto& alias : message->aliases) {
    require_name(alias.name);
    require_name(alias.target);
  }
  return 0;
}
