// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "base/bytes.h"

namespace procwall {

// The messages of one direction of a DNS connection over TCP (RFC 1035 §4.2.2: each with its length
// in front), put together from segments as they come up. What was sent twice is read once. A
// segment that is missing, or was cut when it was copied, ends it: from there on nothing is read,
// because nobody could tell where a message begins. Holds at most one message that is not whole:
// kMaxHeld bytes. Any bytes will do. A value.
class DnsStream {
 public:
  static constexpr std::size_t kMaxHeld = 2 + 65535;

  // A SYN was seen: the first byte will have the number behind this one.
  void Begin(std::uint32_t syn_sequence);

  enum class Copied : std::uint8_t { kWhole, kCut };
  // A segment's payload, `sequence` its first byte's number; without a Begin(), the first segment
  // is taken for the beginning. Calls `each` for every message that is whole now, and for what
  // there is of the one at which the stream is cut. The bytes are valid during the call.
  void Append(std::uint32_t sequence, Bytes payload, Copied copied,
              const std::function<void(Bytes message)>& each);

  bool HasEnded() const { return has_ended_; }

 private:
  std::optional<std::uint32_t> next_;  // the number that the next byte has
  std::vector<std::byte> held_;        // the beginning of a message
  bool has_ended_ = false;
};

}  // namespace procwall
