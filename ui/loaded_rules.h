// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "rules/references.h"
#include "rules/rule.h"
#include "rules/rule_error.h"
#include "rules/rule_set.h"
#include "ui/daemon_client.h"
#include "ui/terminal.h"

namespace procwall {

// The directory a command is about: the wanted one; else the daemon's, if one answers; else
// kRulesDirectory.
std::string RuleDirectoryOf(const std::string& wanted, DaemonClient& client);

// The rules of a directory, as a daemon would load them now, with the aliases of AssumeAliases().
struct LoadedRules {
  std::string directory;
  std::vector<std::shared_ptr<const Rule>> rules;  // one a name, disabled ones included
  std::map<std::string, std::string> files;        // base names by the rules' names
  std::vector<RuleError> errors;                   // of refused files
  References references;                           // what they were compiled with
  RuleSet set;

  const Rule* Find(const std::string& name) const;    // null: none of that name
  std::string FileOf(const std::string& name) const;  // its path; empty: none
};

// nullopt: the directory cannot be read, and the reason has been written to `err`.
std::optional<LoadedRules> LoadRules(const std::string& directory, std::ostream& err);

// "procwall: there is no rule "x" in DIR", and names that are like it.
void PrintNoSuchRule(const std::string& name, const LoadedRules& loaded, std::ostream& err);

// "FILE:3:17: reason", safe for a terminal.
void PrintRuleError(const RuleError& error, std::ostream& err);

}  // namespace procwall
