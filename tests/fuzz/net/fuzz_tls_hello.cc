// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>

#include "net/tls_hello.h"

// A name that is read is within its limits and plain; what is known of a hello that is cut is what
// the whole one says.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const procwall::Bytes bytes = std::as_bytes(std::span(data, size));
  const auto require = [](bool holds) {
    if (!holds) std::abort();
  };
  for (const auto& name : {procwall::ParseTlsHello(bytes), procwall::ParseTlsRecords(bytes)}) {
    if (!name) continue;
    require(name->size() <= 4 * procwall::kMaxServerNameSize);
    for (const char c : *name) {
      const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
                         c == '.' || c == '\\';
      require(plain);
    }
  }
  const auto whole = procwall::ParseTlsHello(bytes);
  const auto half = procwall::ParseTlsHello(bytes.first(size / 2));
  if (half && whole) require(*half == *whole);
  return 0;
}
