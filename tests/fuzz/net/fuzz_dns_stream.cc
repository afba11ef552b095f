// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

#include "net/dns_stream.h"

using procwall::Bytes;
using procwall::DnsStream;

// The messages are the same however the bytes are cut into segments; the first byte says how.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::size_t step = std::size_t{data[0]} + 1;
  const Bytes bytes = std::as_bytes(std::span(data, size)).subspan(1);
  const auto read = [&](std::size_t most) {
    std::vector<std::vector<std::byte>> messages;
    DnsStream stream;
    stream.Begin(0xfffffff0U);
    for (std::size_t at = 0; at < bytes.size(); at += most) {
      const Bytes segment = bytes.subspan(at, std::min(most, bytes.size() - at));
      stream.Append(static_cast<std::uint32_t>(0xfffffff1U + at), segment,
                    DnsStream::Copied::kWhole,
                    [&](Bytes message) { messages.emplace_back(message.begin(), message.end()); });
    }
    return messages;
  };
  if (read(step) != read(std::max<std::size_t>(bytes.size(), 1))) std::abort();
  return 0;
}
