// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "net/ip_address.h"
#include "net/prefix.h"

// What parses is read back from its own text, and is the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  const auto address = procwall::IpAddress::Parse(text);
  if (address && procwall::IpAddress::Parse(address->ToString()) != address) std::abort();
  const auto prefix = procwall::Prefix::Parse(text);
  if (prefix && procwall::Prefix::Parse(prefix->ToString()) != prefix) std::abort();
  if (prefix && !prefix->Contains(prefix->Address())) std::abort();
  return 0;
}
