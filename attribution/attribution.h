// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "attribution/alternative.h"
#include "attribution/process.h"
#include "attribution/socket_entry.h"
#include "attribution/socket_rank.h"
#include "attribution/socket_witness.h"

namespace procwall {

// How sure we are. Ordered: a smaller value is surer.
enum class Confidence : std::uint8_t {
  kCertain,    // this socket, and every process that holds it is known and runs the same program
  kLikely,     // this socket and a process that holds it; other holders were not looked for, or the
               // socket is the best of several
  kAmbiguous,  // several programs could have sent it: the strictest decision over all of them
  kUnknown,    // no program: see UnknownReason
};
const char* ConfidenceName(Confidence confidence);  // "certain", ...

enum class UnknownReason : std::uint8_t {
  kNone,             // a program was found
  kNoSocket,         // the kernel has no socket for this packet (any more)
  kNotAccepted,      // the socket has no file yet: a connection nobody accepted
  kSocketClosed,     // the socket lives, but no process holds it any more (TIME_WAIT, orphaned)
  kProcessGone,      // its holder exited while we looked
  kNoHolder,         // the socket has an inode, and no process we may look at holds it
  kKernel,           // sent by the kernel itself
  kNotAttributable,  // inet_diag cannot look up this protocol
  kTimedOut,         // the search did not finish in its time
  kOverloaded,       // too many searches were waiting
  kUnparsable,       // the packet's headers could not be read
  kLookupFailed,     // the kernel refused the lookup: see the evidence
  kOtherNamespace,   // forwarded for another network namespace or host, where we cannot look
  kExecutedSince,    // its holder may have run another program when the packet was sent
};
// For whoever goes through all of them. A test fails when one is added behind it.
inline constexpr UnknownReason kLastUnknownReason = UnknownReason::kExecutedSince;
const char* UnknownReasonName(UnknownReason reason);      // "no-socket", ...
const char* UnknownReasonSentence(UnknownReason reason);  // for people

// Where the socket came from.
enum class SocketSource : std::uint8_t {
  kNone,
  kExact,
  kDump,
  kWitness,  // the kernel saw it when it happened: there was nothing to look up
};
// Where its holder came from.
enum class HolderSource : std::uint8_t {
  kNone,
  kIndex,  // remembered from an earlier look, verified now
  kGuess,  // the next descriptors of a process that had just used the network, verified now
  kWalk,   // found by walking /proc
  kWitness,
};

const char* SocketSourceName(SocketSource source);  // "exact", ...
const char* HolderSourceName(HolderSource source);  // "walk", ...

// What was asked and what answered: enough to argue with.
struct Evidence {
  SocketSource socket_source = SocketSource::kNone;
  HolderSource holder_source = HolderSource::kNone;
  std::optional<RankedSocket> socket;     // the one that was believed
  std::uint32_t candidates = 0;           // sockets that were considered
  std::uint32_t holders = 0;              // processes found to hold it
  bool all_holders_known = false;         // the walk was finished, none was left out
  std::optional<bool> uid_agrees;         // NFQUEUE's uid against the socket's
  WitnessHook hook = WitnessHook::kNone;  // at which the witness saw the process
  std::uint64_t cookie = 0;               // SO_COOKIE, as the witness saw it; 0: not known
  std::chrono::nanoseconds age{0};        // since then
  const char* note = "";                  // a literal: what went wrong, if something did
  std::vector<Alternative> alternatives;  // what else came into question; at most kMaxAlternatives

  // One line: "exact socket 12345 same-flow, holder from index, uid agrees".
  std::string ToString() const;
};

// Which program, how sure, and why.
struct Attribution {
  Confidence confidence = Confidence::kUnknown;
  UnknownReason unknown_reason = UnknownReason::kNoSocket;
  std::vector<ProcessPtr>
      processes;       // certain, likely: one or more of one program; ambiguous: several
  ProcessPtr creator;  // who made the socket, if that is known; mostly the process that used it
  Evidence evidence;
};

}  // namespace procwall
