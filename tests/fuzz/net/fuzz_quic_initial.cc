// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "net/quic_initial.h"
#include "net/tls_hello.h"

// The same bytes as a datagram and as frames: few mutants of a datagram are authentic, so that the
// frames would hardly be searched else. A name is within its limits: each byte at most four
// characters.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const procwall::Bytes bytes = std::as_bytes(std::span(data, size));
  for (const auto& name :
       {procwall::ParseQuicInitial(bytes), procwall::ParseQuicInitialFrames(bytes)}) {
    if (name && name->size() > 4 * procwall::kMaxServerNameSize) std::abort();
  }
  if (procwall::ParseQuicInitial(bytes) && !procwall::LooksLikeQuicInitial(bytes)) std::abort();
  return 0;
}
