// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <forward_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/lazy_array.h"
#include "rules/subject.h"
#include "rules/text.h"
#include "rules/time_window.h"

namespace procwall {

// The texts that can be asked of a subject. Those of numbers and addresses are canonical.
enum class TextFact : std::uint8_t {
  kProcessCommand,  // arguments joined by one blank; "" when not known
  kProtocol,        // "tcp", "udp6", ...
  kProcessId,
  kUserId,
  kSourcePort,
  kDestinationPort,
  kSourceAddress,
  kDestinationAddress,
  kProcessPath,  // "" when not known
  kHost,         // "" when not known
  // From here on, a fact that is not known has no text at all: nothing matches it.
  kProcessName,  // the last part of the path
  kScript,
  kContainer,
  kUnit,
  kPackage,
  kCreatorPath,
  kMd5,
  kSha1,
  kSha256,
  kInInterface,
  kOutInterface,
  kDirection,
  kConfidence,
  kProfile,
  kServerName,
  // And these are not one text each: any of several, or one for each name.
  kAncestorPath,
  kEnvironment,
};
inline constexpr std::size_t kSingleTextFacts = static_cast<std::size_t>(TextFact::kAncestorPath);

enum class NumberFact : std::uint8_t {
  kProcessId,  // 0 when not known
  kUserId,     // of the packet, else of the process, else -1
  kSourcePort,
  kDestinationPort,
};
enum class AddressFact : std::uint8_t { kSource, kDestination };

// The texts and numbers that conditions read from one subject, as opensnitchd would write them.
// What costs something (the joined command line, an address as text) is made when it is first asked
// for and kept, so that ten thousand rules pay once. Lives for one decision; borrows the subject.
// Thread rule: one thread only.
class Facts {
 public:
  explicit Facts(const Subject& subject) : subject_(subject) {}

  // One text; null: not known, and nothing matches. REQUIRES: a fact before kAncestorPath.
  const Text* Find(TextFact fact) const;
  // The paths of the parent, its parent, ...; none when they are not known.
  const std::deque<Text>& AncestorPaths() const;
  // The value of that environment variable; "" when it is not set; null when the environment is not
  // known, or not far enough to tell.
  const Text* Variable(std::string_view name) const;

  std::int64_t Number(NumberFact fact) const;
  const IpAddress& Address(AddressFact fact) const;
  std::optional<WeekTime> LocalTime() const;  // nullopt: not known
  BootTime BootNow() const { return subject_.boot_now; }

 private:
  std::optional<std::string_view> Look(TextFact fact) const;
  std::optional<std::string_view> LookAtProcess(TextFact fact) const;
  std::optional<std::string_view> PathOf(const Process& process) const;
  std::string_view Keep(std::string made) const;

  const Subject& subject_;
  mutable LazyArray<Text, kSingleTextFacts> texts_;
  mutable std::uint32_t looked_ = 0;             // a bit for each of those: looked at, known or not
  mutable std::forward_list<std::string> made_;  // texts that the subject does not have
  mutable std::optional<std::deque<Text>> ancestors_;
  mutable std::optional<std::map<std::string_view, Text>> variables_;
};

}  // namespace procwall
