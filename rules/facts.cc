// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/facts.h"

#include <utility>

namespace procwall {
namespace {

using MaybeText = std::optional<std::string_view>;

MaybeText UnlessEmpty(std::string_view text) {
  return text.empty() ? std::nullopt : MaybeText(text);
}

}  // namespace

const Text* Facts::Find(TextFact fact) const {
  const auto index = static_cast<std::size_t>(fact);
  const std::uint32_t bit = std::uint32_t{1} << index;
  if ((looked_ & bit) == 0) {
    looked_ |= bit;
    if (const MaybeText text = Look(fact)) texts_.Make(index, *text);
  }
  return texts_.Find(index);
}

MaybeText Facts::Look(TextFact fact) const {
  const Hashes* const hashes = subject_.hashes;
  switch (fact) {
    case TextFact::kProtocol:
      return Keep(ProtocolName(subject_.connection->protocol, subject_.connection->Family()));
    case TextFact::kProcessId:
      return Keep(std::to_string(Number(NumberFact::kProcessId)));
    case TextFact::kUserId:
      return Keep(std::to_string(Number(NumberFact::kUserId)));
    case TextFact::kSourcePort:
      return Keep(std::to_string(Number(NumberFact::kSourcePort)));
    case TextFact::kDestinationPort:
      return Keep(std::to_string(Number(NumberFact::kDestinationPort)));
    case TextFact::kSourceAddress:
      return Keep(Address(AddressFact::kSource).ToString());
    case TextFact::kDestinationAddress:
      return Keep(Address(AddressFact::kDestination).ToString());
    case TextFact::kHost:
      return subject_.host;
    case TextFact::kPackage:
      return subject_.package == nullptr ? std::nullopt : MaybeText(*subject_.package);
    case TextFact::kCreatorPath:
      return subject_.creator == nullptr ? std::nullopt : UnlessEmpty(*PathOf(*subject_.creator));
    case TextFact::kMd5:
      return hashes == nullptr ? std::nullopt : UnlessEmpty(hashes->md5);
    case TextFact::kSha1:
      return hashes == nullptr ? std::nullopt : UnlessEmpty(hashes->sha1);
    case TextFact::kSha256:
      return hashes == nullptr ? std::nullopt : UnlessEmpty(hashes->sha256);
    case TextFact::kInInterface:
      return UnlessEmpty(subject_.in_interface);
    case TextFact::kOutInterface:
      return UnlessEmpty(subject_.out_interface);
    case TextFact::kDirection:
      return DirectionName(subject_.connection->direction);
    case TextFact::kConfidence:
      return ConfidenceName(subject_.confidence);
    case TextFact::kProfile:
      return UnlessEmpty(subject_.profile);
    case TextFact::kServerName:
      return UnlessEmpty(subject_.sni);
    default:
      return LookAtProcess(fact);
  }
}

MaybeText Facts::LookAtProcess(TextFact fact) const {
  const Process* const process = subject_.process;
  const bool unknown_is_empty = fact == TextFact::kProcessPath || fact == TextFact::kProcessCommand;
  if (process == nullptr) return unknown_is_empty ? MaybeText("") : std::nullopt;
  switch (fact) {
    case TextFact::kProcessPath:
      return PathOf(*process);
    case TextFact::kProcessCommand:
      return Keep(process->CommandLine());
    case TextFact::kProcessName: {
      const std::string_view path = *PathOf(*process);
      return UnlessEmpty(path.substr(path.rfind('/') + 1));  // npos + 1 is 0
    }
    case TextFact::kScript:
      return UnlessEmpty(process->script);
    case TextFact::kContainer:
      return process->container;
    case TextFact::kUnit:
      return process->unit;
    default:
      return std::nullopt;
  }
}

// As RulePath() tells it, which is the path itself but for programs that only bear its name.
MaybeText Facts::PathOf(const Process& process) const {
  if (process.executable_state != ExecutableState::kNamesake) return process.path;
  return Keep(RulePath(process));
}

std::string_view Facts::Keep(std::string made) const {
  return made_.emplace_front(std::move(made));
}

const std::deque<Text>& Facts::AncestorPaths() const {
  if (!ancestors_) {
    ancestors_.emplace();
    if (subject_.process != nullptr) {
      for (const Ancestor& ancestor : subject_.process->ancestors) {
        ancestors_->emplace_back(ancestor.path);
      }
    }
  }
  return *ancestors_;
}

const Text* Facts::Variable(std::string_view name) const {
  const Environment* const environment = subject_.environment;
  if (environment == nullptr) return nullptr;
  if (!variables_) variables_.emplace();
  const auto known = variables_->find(name);
  if (known != variables_->end()) return &known->second;
  std::optional<std::string_view> value;
  for (const std::string& variable : environment->variables) {
    const std::string_view text = variable;
    if (text.starts_with(name) && text.substr(name.size()).starts_with('=')) {
      value = text.substr(name.size() + 1);
      break;  // the first of two counts, as it does for getenv
    }
  }
  if (!value && !environment->is_whole) return nullptr;
  return &variables_->try_emplace(name, value.value_or("")).first->second;
}

std::int64_t Facts::Number(NumberFact fact) const {
  const Process* const process = subject_.process;
  switch (fact) {
    case NumberFact::kProcessId:
      return process == nullptr ? 0 : process->id.pid;
    case NumberFact::kUserId:
      if (subject_.connection->uid) return *subject_.connection->uid;
      return process == nullptr ? -1 : std::int64_t{process->uid};
    case NumberFact::kSourcePort:
      return subject_.connection->Source().port;
    case NumberFact::kDestinationPort:
      return subject_.connection->Destination().port;
  }
  return 0;
}

const IpAddress& Facts::Address(AddressFact fact) const {
  return fact == AddressFact::kSource ? subject_.connection->Source().address
                                      : subject_.connection->Destination().address;
}

std::optional<WeekTime> Facts::LocalTime() const {
  if (subject_.now == WallTime{}) return std::nullopt;
  return LocalWeekTime(subject_.now);
}

}  // namespace procwall
