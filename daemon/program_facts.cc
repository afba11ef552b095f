// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/program_facts.h"

#include <algorithm>

namespace procwall {

HashKinds HashesNeeded(const FactsNeeded& needs) {
  return {.md5 = needs.md5, .sha1 = needs.sha1, .sha256 = needs.sha256};
}

bool AsksPrograms(const FactsNeeded& needs) {
  return HashesNeeded(needs).Any() || needs.package || !needs.environment.empty();
}

bool AsksBeyondDescription(const FactsNeeded& needs) {
  return AsksPrograms(needs) || needs.interfaces || needs.profile;
}

bool Covers(const FactsNeeded& asked, const FactsNeeded& needs) {
  return HashesNeeded(asked).Cover(HashesNeeded(needs)) && (asked.package || !needs.package) &&
         std::ranges::includes(asked.environment, needs.environment);
}

}  // namespace procwall
