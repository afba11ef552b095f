// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>

#include "attribution/hashes.h"
#include "attribution/process.h"
#include "daemon/fact_gatherer.h"
#include "daemon/shared_rules.h"

namespace procwall {

// The digests that OpenSnitch's GUI shows as checksums: MD5 and SHA-1 of a program's file. What
// rules ask besides is asked for as well, so that what is learnt here is what packets need. Thread
// rule: any thread that may wait. The references must outlive it.
class ProgramChecksums {
 public:
  ProgramChecksums(FactGatherer& facts, const SharedRules& rules) : facts_(facts), rules_(rules) {}

  // Waits so long at most. Null: not known, or not yet: then it is being found out.
  HashesPtr Of(const ProcessPtr& process, std::chrono::milliseconds patience);

 private:
  FactGatherer& facts_;
  const SharedRules& rules_;
};

}  // namespace procwall
