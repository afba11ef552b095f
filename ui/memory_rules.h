// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "procwall/v1/procwall.pb.h"
#include "rules/references.h"
#include "rules/rule.h"
#include "rules/rule_error.h"
#include "ui/daemon_client.h"
#include "ui/loaded_rules.h"

namespace procwall {

// Rules that the daemon holds in memory, and no file says: answers and rules for a while, and what
// could not be saved.
inline constexpr const char* kHeldInMemory = "held in memory, no file";
using HeldRules = std::vector<std::shared_ptr<const Rule>>;

// Those of the daemon that answers, if `wanted` is its rule directory (empty: it is); else none.
// The error is that nobody answers, where it matters: a directory that was named may be anybody's.
tl::expected<HeldRules, DaemonError> ListHeldRules(const std::string& wanted, DaemonClient& client);

// Puts them beside those of the directory, as the daemon does: of one name, they count. Returned is
// why some cannot be judged here, although they are in force: a user that only the daemon knows.
std::vector<RuleError> AddHeldRules(const HeldRules& held, const References& references,
                                    LoadedRules& loaded);

// Is `directory` where the rules of this listing come from?
bool IsDirectoryOf(const v1::ListRulesResponse& listing, const std::string& directory);

// "rules held in memory are not known: no daemon answers ...", as a note of one line.
void NoteUnknownHeldRules(const DaemonError& error, std::ostream& err);

}  // namespace procwall
