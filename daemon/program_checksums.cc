// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/program_checksums.h"

#include <utility>

namespace procwall {

HashesPtr ProgramChecksums::Of(const ProcessPtr& process, std::chrono::milliseconds patience) {
  const FactsNeeded& by_rules = rules_.Copy()->Needs();
  FactsQuestion question;
  question.needs.md5 = question.needs.sha1 = true;
  question.needs.sha256 = by_rules.sha256;
  question.needs.package = by_rules.package;
  question.needs.environment = by_rules.environment;
  question.processes = {process};
  const PacketsFacts known = facts_.GatherNow(std::move(question), patience);
  return known.programs.empty() ? nullptr : known.programs.front()->hashes;
}

}  // namespace procwall
