// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/facts_needed.h"

namespace procwall {

FactsNeeded& FactsNeeded::operator|=(const FactsNeeded& other) {
  process |= other.process;
  args |= other.args;
  ancestors |= other.ancestors;
  script |= other.script;
  container |= other.container;
  unit |= other.unit;
  host |= other.host;
  sni |= other.sni;
  md5 |= other.md5;
  sha1 |= other.sha1;
  sha256 |= other.sha256;
  package |= other.package;
  creator |= other.creator;
  interfaces |= other.interfaces;
  now |= other.now;
  profile |= other.profile;
  environment.insert(other.environment.begin(), other.environment.end());
  return *this;
}

FactsNeeded NeedsOfFact(TextFact fact) {
  switch (fact) {
    case TextFact::kProcessPath:
    case TextFact::kProcessName:
    case TextFact::kProcessId:
    case TextFact::kUserId:
    case TextFact::kConfidence:
      return {.process = true};
    case TextFact::kProcessCommand:
      return {.process = true, .args = true};
    case TextFact::kAncestorPath:
      return {.process = true, .ancestors = true};
    case TextFact::kScript:
      return {.process = true, .script = true};
    case TextFact::kContainer:
      return {.process = true, .container = true};
    case TextFact::kUnit:
      return {.process = true, .unit = true};
    case TextFact::kEnvironment:
      return {.process = true};
    case TextFact::kMd5:
      return {.process = true, .md5 = true};
    case TextFact::kSha1:
      return {.process = true, .sha1 = true};
    case TextFact::kSha256:
      return {.process = true, .sha256 = true};
    case TextFact::kPackage:
      return {.process = true, .package = true};
    case TextFact::kCreatorPath:
      return {.creator = true};
    case TextFact::kHost:
      return {.host = true};
    case TextFact::kServerName:
      return {.sni = true};
    case TextFact::kInInterface:
    case TextFact::kOutInterface:
      return {.interfaces = true};
    case TextFact::kProfile:
      return {.profile = true};
    case TextFact::kProtocol:
    case TextFact::kSourcePort:
    case TextFact::kDestinationPort:
    case TextFact::kSourceAddress:
    case TextFact::kDestinationAddress:
    case TextFact::kDirection:
      return {};
  }
  return {};
}

FactsNeeded NeedsOfFact(NumberFact fact) {
  const bool of_process = fact == NumberFact::kProcessId || fact == NumberFact::kUserId;
  return {.process = of_process};
}

}  // namespace procwall
