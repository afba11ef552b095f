// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/attribution.h"

#include <chrono>

#include <fmt/format.h>

namespace procwall {
namespace {

// "77 us", "2.1 ms"
std::string AgeText(BootClock::duration age) {
  using std::chrono::duration;
  const double microseconds = duration<double, std::micro>(age).count();
  if (microseconds < 1000) return fmt::format("{:.0f} us", microseconds);
  return fmt::format("{:.1f} ms", microseconds / 1000);
}

// "seen at connect 77 us before, socket cookie 7"
std::string WitnessText(const Evidence& evidence) {
  if (evidence.hook == WitnessHook::kNone) return "seen by the witness";
  std::string text =
      fmt::format("seen at {} {} before", WitnessHookName(evidence.hook), AgeText(evidence.age));
  if (evidence.cookie != 0) text += fmt::format(", socket cookie {}", evidence.cookie);
  return text;
}

std::string SocketText(const Evidence& evidence) {
  if (evidence.socket_source == SocketSource::kNone) return "no lookup";
  if (evidence.socket_source == SocketSource::kWitness) return WitnessText(evidence);
  const char* const source = SocketSourceName(evidence.socket_source);
  if (!evidence.socket) return fmt::format("{}: no socket", source);
  std::string text = fmt::format("{} socket {} {}", source, evidence.socket->socket.inode,
                                 SocketRankName(evidence.socket->rank));
  if (evidence.candidates > 1) text += fmt::format(" of {} candidates", evidence.candidates);
  return text;
}

}  // namespace

const char* ConfidenceName(Confidence confidence) {
  switch (confidence) {
    case Confidence::kCertain:
      return "certain";
    case Confidence::kLikely:
      return "likely";
    case Confidence::kAmbiguous:
      return "ambiguous";
    case Confidence::kUnknown:
      return "unknown";
  }
  return "unknown";
}

const char* SocketSourceName(SocketSource source) {
  switch (source) {
    case SocketSource::kNone:
      return "none";
    case SocketSource::kExact:
      return "exact";
    case SocketSource::kDump:
      return "dump";
    case SocketSource::kWitness:
      return "witness";
  }
  return "none";
}

const char* HolderSourceName(HolderSource source) {
  switch (source) {
    case HolderSource::kNone:
      return "none";
    case HolderSource::kIndex:
      return "index";
    case HolderSource::kGuess:
      return "guess";
    case HolderSource::kWalk:
      return "walk";
    case HolderSource::kWitness:
      return "witness";
  }
  return "none";
}

const char* UnknownReasonName(UnknownReason reason) {
  switch (reason) {
    case UnknownReason::kNone:
      return "none";
    case UnknownReason::kNoSocket:
      return "no-socket";
    case UnknownReason::kNotAccepted:
      return "not-accepted";
    case UnknownReason::kSocketClosed:
      return "socket-closed";
    case UnknownReason::kProcessGone:
      return "process-gone";
    case UnknownReason::kNoHolder:
      return "no-holder";
    case UnknownReason::kKernel:
      return "kernel";
    case UnknownReason::kNotAttributable:
      return "not-attributable";
    case UnknownReason::kTimedOut:
      return "timed-out";
    case UnknownReason::kOverloaded:
      return "overloaded";
    case UnknownReason::kUnparsable:
      return "unparsable";
    case UnknownReason::kLookupFailed:
      return "lookup-failed";
    case UnknownReason::kOtherNamespace:
      return "other-namespace";
    case UnknownReason::kExecutedSince:
      return "executed-since";
  }
  return "none";
}

const char* UnknownReasonSentence(UnknownReason reason) {
  switch (reason) {
    case UnknownReason::kNone:
      return "The program is known.";
    case UnknownReason::kNoSocket:
      return "The kernel has no socket for this packet: it was closed already, or the packet was "
             "sent without one.";
    case UnknownReason::kNotAccepted:
      return "The connection was made to a server that has not accepted it yet.";
    case UnknownReason::kSocketClosed:
      return "The program closed its socket; the kernel is finishing the connection.";
    case UnknownReason::kProcessGone:
      return "The program let go of the socket or exited while it was being looked at.";
    case UnknownReason::kNoHolder:
      return "No process that can be seen from here holds the socket.";
    case UnknownReason::kKernel:
      return "The kernel itself sent this packet.";
    case UnknownReason::kNotAttributable:
      return "The kernel cannot tell who uses sockets of this protocol.";
    case UnknownReason::kTimedOut:
      return "The search for the program did not finish in its time.";
    case UnknownReason::kOverloaded:
      return "Too many searches for programs were waiting already.";
    case UnknownReason::kUnparsable:
      return "The packet's headers could not be read.";
    case UnknownReason::kLookupFailed:
      return "The kernel refused to look up the socket.";
    case UnknownReason::kOtherNamespace:
      return "The packet is only forwarded here: its sender is in another network namespace, or on "
             "another host, and nobody saw who sent it.";
    case UnknownReason::kExecutedSince:
      return "The process that holds the socket executed another program about when the packet was "
             "sent.";
  }
  return "The program is not known.";
}

std::string Evidence::ToString() const {
  std::string text = SocketText(*this);
  if (socket) {
    text += holder_source == HolderSource::kNone
                ? ", no holder"
                : fmt::format(", holder from {}", HolderSourceName(holder_source));
    if (holders > 1) text += fmt::format(" ({} holders)", holders);
    if (holders > 0) text += all_holders_known ? ", all holders known" : "";
  }
  if (uid_agrees) text += *uid_agrees ? ", uid agrees" : ", uid differs";
  if (*note != '\0') text += fmt::format(", {}", note);
  return text;
}

}  // namespace procwall
