// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "attribution/process.h"
#include "attribution/socket_rank.h"

namespace procwall {

// Why something else that came into question was not believed, or not believed alone.
enum class AlternativeReason : std::uint8_t {
  kEqual,            // as likely as what was believed
  kOtherUid,         // a socket of another user than the packet
  kOtherConnection,  // a TCP socket that speaks with somebody else
  kFitsLess,         // a socket of a worse rank
  kNoFile,           // a socket that nobody can hold
  kNothingUnderWay,  // a datagram's socket that waits for no packet of its own
  kSentBefore,       // a process that sent the same flow moments before
};
const char* AlternativeReasonName(AlternativeReason reason);      // "other-uid", ...
const char* AlternativeReasonSentence(AlternativeReason reason);  // for people

// A socket or a process that came into question beside the one that was believed.
struct Alternative {
  std::optional<RankedSocket> socket;  // absent: the witness saw a process
  ProcessPtr process;                  // who holds it, or did it; null: not known
  AlternativeReason reason = AlternativeReason::kEqual;

  friend bool operator==(const Alternative&, const Alternative&) = default;
};
inline constexpr std::size_t kMaxAlternatives = 8;

}  // namespace procwall
