// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/evidence_text.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "attribution/attribution.h"
#include "net/connection.h"
#include "record/event_words.h"
#include "ui/time_text.h"

namespace procwall {
namespace {

const char* DeedAt(std::string_view hook) {
  if (hook == "connect") return "connect this socket";
  if (hook == "send") return "send to this destination";
  if (hook == "packet") return "send this packet";
  if (hook == "create") return "make this socket";
  if (hook == "scan") return "hold this socket when the daemon began";
  return "use this socket";
}

std::string WitnessStep(const v1::Event& event) {
  const v1::Evidence& evidence = event.evidence_details();
  if (event.unknown_reason() == UnknownReasonName(UnknownReason::kKernel)) {
    return "The kernel saw that it sent this packet itself.";
  }
  const std::string who =
      event.has_process() ? ProcessText(event.process()) : "a process that has ended since";
  std::string step = fmt::format("The kernel saw {} {}", who, DeedAt(evidence.hook()));
  if (evidence.has_age()) {
    step += fmt::format(", {} before the decision", LatencyText(Nanoseconds(evidence.age())));
  }
  if (evidence.cookie() != 0) step += fmt::format(" (socket cookie {})", evidence.cookie());
  return step + ".";
}

std::string LookupStep(const v1::Evidence& evidence, UserNames& users) {
  const bool exact = evidence.lookup() == "exact";
  if (!exact && evidence.considered() == 0) {
    return "Asked the kernel for all sockets of this port: there is none.";
  }
  std::string step = exact ? "Asked the kernel for the socket of exactly this connection: "
                           : fmt::format(
                                 "Asked the kernel for all sockets of this port, {} came "
                                 "into question: ",
                                 evidence.considered());
  if (!evidence.has_socket()) return step + (exact ? "there is none." : "none could have sent it.");
  const v1::Socket& socket = evidence.socket();
  if (socket.inode() == 0) {
    return step + fmt::format("it is in state {} and has no file, so that no process holds it.",
                              socket.state());
  }
  return step + fmt::format("{}socket {}, {}, of user {}. It fits because {}.",
                            exact ? "" : "the best is ", socket.inode(), socket.state(),
                            UserText(socket.uid(), users), socket.rank_reason());
}

std::string HolderStep(const v1::Evidence& evidence) {
  const std::string_view from = evidence.holder_from();
  if (from == "index") return "A process was remembered to hold it; /proc confirms that it does.";
  if (from == "guess") {
    return "Guessed who holds it from who had just used the network; /proc confirms it.";
  }
  if (from == "witness") return "The kernel had seen who used this socket last.";
  if (from != "walk") return "";
  std::string step = fmt::format("Searched /proc for who holds it: {} {}", evidence.holders(),
                                 evidence.holders() == 1 ? "process" : "processes");
  return step + (evidence.all_holders_known() ? ", and no other process does."
                                              : ". Not every process was asked.");
}

constexpr std::string_view kDoctor = "`procwall doctor` says what would help.";

constexpr std::array<std::pair<UnknownReason, std::string_view>, 13> kAdvice = {{
    {UnknownReason::kNoSocket,
     "Short-lived programs need the witness in the kernel, which sees them in time: `procwall "
     "doctor` says whether it runs."},
    {UnknownReason::kNotAccepted,
     "This is a server's answer to somebody who called it; rules on ports and addresses decide."},
    {UnknownReason::kSocketClosed,
     "The kernel ends the connection on its own; nothing new is being sent by a program."},
    {UnknownReason::kProcessGone,
     "The witness in the kernel remembers programs that have ended: "
     "`procwall doctor` says whether it runs."},
    {UnknownReason::kNoHolder,
     "The holder may be in a process we may not look at: `procwall doctor` says which privileges "
     "are missing."},
    {UnknownReason::kKernel, "No program asked for it; rules on addresses and ports decide."},
    {UnknownReason::kNotAttributable,
     "Only the witness in the kernel sees who uses such sockets: `procwall doctor` says whether it "
     "runs."},
    {UnknownReason::kTimedOut,
     "This host has very many open files; the witness in the kernel needs no search: `procwall "
     "doctor` says whether it runs."},
    {UnknownReason::kOverloaded,
     "Too much happened at once; the witness in the kernel needs no search: `procwall doctor` says "
     "whether it runs."},
    {UnknownReason::kUnparsable,
     "A packet like this is damaged or forged; which program sent it cannot be told from it."},
    {UnknownReason::kLookupFailed,
     "The witness in the kernel needs no lookup: `procwall doctor` says whether it runs, and "
     "whether the kernel can be asked for sockets."},
    {UnknownReason::kOtherNamespace,
     "Containers of this host are seen by the witness in the kernel, and looked into by a daemon "
     "that may: `procwall doctor` says what is missing. For virtual machines and other hosts, "
     "rules on addresses and ports decide."},
    {UnknownReason::kExecutedSince,
     "The witness in the kernel sees who sends before another program takes over: `procwall "
     "doctor` says whether it runs."},
}};
// Every reason but kNone.
static_assert(kAdvice.size() == static_cast<std::size_t>(kLastUnknownReason));

// Nothing: a later daemon's, of which nothing is known here.
std::optional<UnknownReason> ReasonNamed(std::string_view name) {
  for (int i = 0; i <= static_cast<int>(kLastUnknownReason); ++i) {
    const auto reason = static_cast<UnknownReason>(i);
    if (name == UnknownReasonName(reason)) return reason;
  }
  return std::nullopt;
}

// Somebody whose program is known, but nothing else of it, sent the same flow a moment before. One
// that could be described is alike in all that rules ask for, and leaves no doubt.
bool HasNamelessPredecessor(const v1::Evidence& evidence) {
  const std::string_view sent_before = AlternativeReasonName(AlternativeReason::kSentBefore);
  return std::ranges::any_of(evidence.alternatives(), [&](const v1::Alternative& alternative) {
    return alternative.reason() == sent_before && !alternative.has_process();
  });
}

std::string LikelyBecause(const v1::Evidence& evidence) {
  if (evidence.lookup() == "witness") {
    return HasNamelessPredecessor(evidence)
               ? "another process of this program was seen to send the same flow a moment before, "
                 "and the packet may be that one's"
               : "its socket is gone, and this is who was seen to send the same flow last";
  }
  if (evidence.has_uid_agrees() && !evidence.uid_agrees()) {
    return "this program holds the socket, but the packet has another user";
  }
  if (!evidence.all_holders_known()) {
    return "this program holds the socket, but not every process was asked whether it does too";
  }
  if (evidence.socket().rank() != SocketRankName(SocketRank::kSameFlow)) {
    return "this program holds the socket that fits best, but one that is not connected may have "
           "got its port only after the packet's sender had closed it";
  }
  return "this program holds the socket that fits best, but another socket of the port could have "
         "sent the packet";
}

std::string AdviceOnLikely(const v1::Event& event) {
  const v1::Evidence& evidence = event.evidence_details();
  if (evidence.lookup() != "witness") {
    return fmt::format("Where the witness in the kernel runs, this is certain: {}", kDoctor);
  }
  // To see each packet does not help against two processes of one program, nor in another
  // namespace.
  if (HasNamelessPredecessor(evidence) ||
      event.direction() == DirectionName(Direction::kForwarded)) {
    return "";
  }
  return "Where the witness sees each packet, this is certain: `procwall doctor` says whether its "
         "part \"packets\" runs.";
}

}  // namespace

std::string UserText(std::uint32_t uid, UserNames& users) {
  const std::string& name = users.NameOf(uid);
  return name.empty() ? std::to_string(uid) : fmt::format("{} ({})", name, uid);
}

std::string ProcessText(const v1::Process& process) {
  return fmt::format("{} (pid {})", process.path().empty() ? "a process" : process.path(),
                     process.pid());
}

std::vector<std::string> EvidenceSteps(const v1::Event& event, UserNames& users) {
  const v1::Evidence& evidence = event.evidence_details();
  std::vector<std::string> steps;
  if (evidence.lookup() == "witness") {
    steps.push_back(WitnessStep(event));
  } else if (evidence.lookup() == "exact" || evidence.lookup() == "dump") {
    steps.push_back(LookupStep(evidence, users));
    if (std::string step = HolderStep(evidence); !step.empty()) steps.push_back(std::move(step));
  } else {
    steps.emplace_back("Nothing was asked: there was nothing to ask with.");
  }
  if (evidence.has_uid_agrees()) {
    steps.emplace_back(evidence.uid_agrees() ? "The packet and the socket have the same user."
                                             : "The packet and the socket have different users.");
  }
  if (!evidence.note().empty()) steps.push_back(fmt::format("To be noted: {}.", evidence.note()));
  return steps;
}

std::string NameText(const v1::Event& event) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kHow = {{
      {"query", "the packet asks a name server for it"},
      {"dns", "a name server told this program so"},
      {"dns-other-program",
       "a name server told another program so, or it is not known which; this one may mean another "
       "name of the same address"},
      {"resolved", "systemd-resolved was told so, it is not known for which program"},
      {"sni",
       "the packet says so itself, and no name server was heard; a program can say any name"},
  }};
  std::string text;
  for (const auto& [word, how] : kHow) {
    if (event.dst_name_from() == word) text = fmt::format("{}: {}.", event.dst_host(), how);
  }
  const bool is_told = event.dst_name_from() == "sni";
  if (event.dst_sni().empty() || is_told) return text;
  if (!text.empty()) text += ' ';
  return text + fmt::format("The packet asks for the server {}.", event.dst_sni());
}

std::vector<std::string> AlternativeTexts(const v1::Evidence& evidence, UserNames& users) {
  std::vector<std::string> texts;
  for (const v1::Alternative& alternative : evidence.alternatives()) {
    std::string text;
    if (alternative.has_socket()) {
      const v1::Socket& socket = alternative.socket();
      text = fmt::format("socket {} ({}, {}) of user {}", socket.inode(), socket.rank(),
                         socket.state(), UserText(socket.uid(), users));
      if (alternative.has_process()) text += ", held by ";
    }
    if (alternative.has_process()) {
      text += ProcessText(alternative.process());
    } else if (!alternative.has_socket()) {
      text += "a process that is not known";
    }
    texts.push_back(fmt::format("{}: {}.", text, alternative.sentence()));
  }
  return texts;
}

std::string ConfidenceSentence(const v1::Event& event) {
  const v1::Evidence& evidence = event.evidence_details();
  const std::string word = ConfidenceWord(event.confidence());
  switch (event.confidence()) {
    case v1::CONFIDENCE_CERTAIN:
      return word + (evidence.lookup() == "witness"
                         ? ", because the kernel saw it happen."
                         : ", because no other socket can have sent the packet, and every process "
                           "that holds it runs this program.");
    case v1::CONFIDENCE_LIKELY:
      return fmt::format("{}: {}.", word, LikelyBecause(evidence));
    case v1::CONFIDENCE_AMBIGUOUS:
      return fmt::format(
          "{}: {} programs could have sent it, so the rules were asked about each, "
          "and the strictest answer counted.",
          word, event.alternatives_size() + 1);
    case v1::CONFIDENCE_UNKNOWN:
      if (const auto reason = ReasonNamed(event.unknown_reason())) {
        return fmt::format("{}: {}", word, UnknownReasonSentence(*reason));
      }
      return event.unknown_reason().empty() ? word + "."
                                            : fmt::format("{}: {}.", word, event.unknown_reason());
    default:
      return word + ".";
  }
}

std::string AdviceOn(const v1::Event& event) {
  switch (event.confidence()) {
    case v1::CONFIDENCE_LIKELY:
      return AdviceOnLikely(event);
    case v1::CONFIDENCE_AMBIGUOUS:
      return "A rule on the destination, or one for each of these programs, leaves no doubt about "
             "what is decided.";
    case v1::CONFIDENCE_UNKNOWN:
      break;
    default:
      return "";
  }
  const auto reason = ReasonNamed(event.unknown_reason());
  for (const auto& [known, advice] : kAdvice) {
    if (known == reason) return std::string(advice);
  }
  return std::string(kDoctor);
}

}  // namespace procwall
