// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <memory>
#include <string>

#include <tl/expected.hpp>

#include "base/guarded.h"
#include "daemon/pipeline.h"
#include "procwall/v1/procwall.pb.h"
#include "rules/rule_store.h"

namespace procwall {

// Keeps the compiled rules and their listing in step with the rule directory, and logs what became
// of each file. Thread rule: main thread only, but for Listing().
class RuleKeeper {
 public:
  // `rules` receives every new rule set and must outlive the keeper.
  RuleKeeper(std::string directory, SharedRules& rules);

  // Reads the directory. The error is about the directory itself, for people.
  tl::expected<void, std::string> Load();
  // Follows the directory: the fd to poll, -1 without. Call OnChange() when it is readable.
  tl::expected<int, std::string> Follow();
  void OnChange();

  std::shared_ptr<const v1::ListRulesResponse> Listing() const { return listing_.Copy(); }

 private:
  void Publish();

  RuleStore store_;
  SharedRules& rules_;
  Guarded<std::shared_ptr<const v1::ListRulesResponse>> listing_;
};

}  // namespace procwall
