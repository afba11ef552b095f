// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "base/guarded.h"
#include "daemon/lanes.h"
#include "daemon/memory_rules.h"
#include "daemon/rule_changes.h"
#include "daemon/rule_editor.h"
#include "daemon/shared_rules.h"
#include "procwall/v1/procwall.pb.h"
#include "rules/rule_store.h"

namespace procwall {

// Keeps the compiled rules and their listing in step with the rule directory and with those that
// are kept in memory, and logs what became of each file. Rules that do not meet the directory's own
// expectations (rules.test) are not taken over from those in force; at the start there are none,
// and they are used. Thread rule: main thread only, but for Listing() and CountReloads().
class RuleKeeper {
 public:
  // `rules` receives every new rule set, and `published`, if there are any, are woken then. They
  // and the clock must outlive the keeper. The file of network aliases is read now and not again;
  // empty: only the built-in ones are known, as when it is missing or cannot be used.
  RuleKeeper(std::string directory, SharedRules& rules, const Clock& clock,
             const Lanes* published = nullptr, const std::string& network_aliases = {});

  // Follows the directory: the fd to poll. Call it before Load(), so that no change is overlooked,
  // and OnChange() some 20 ms after the fd became readable: editors save in several steps. The
  // error is about the directory itself, for people.
  tl::expected<int, std::string> Follow();
  // Reads the directory.
  tl::expected<void, std::string> Load();
  void OnChange();
  // Lets go of rules whose time is over, and looks for directories of lists that were not there:
  // call it now and then. Rules decide nothing any more when their time is over, whenever that is.
  void OnTime();

  // Makes these changes, puts the rules in force, and tells whoever wanted them.
  void Change(std::deque<RuleChange> changes);

  // How often rules came into force, and how often the directory's expectations refused them. From
  // any thread.
  struct Reloads {
    std::uint64_t done = 0;
    std::uint64_t refused = 0;
  };
  Reloads CountReloads() const { return {published_count_.load(), refused_count_.load()}; }

  std::shared_ptr<const v1::ListRulesResponse> Listing() const { return listing_.Copy(); }
  const NetworkAliases& Aliases() const { return store_.KnownReferences().aliases; }

 private:
  void Publish(std::shared_ptr<const RuleSet> rules);
  void PublishIfAsExpected();
  bool TellLists();
  std::vector<CompiledRulePtr> AllRules() const;
  std::string Explain(const Error& error) const;

  RuleStore store_;
  MemoryRules memory_;
  RuleEditor editor_;
  const Lanes* published_;
  std::vector<ListState> told_lists_;  // as they were logged
  SharedRules& rules_;
  std::atomic<std::uint64_t> published_count_{0};
  std::atomic<std::uint64_t> refused_count_{0};
  bool is_refused_ = false;  // the newest rules do not meet the expectations
  Guarded<std::shared_ptr<const v1::ListRulesResponse>> listing_;
};

}  // namespace procwall
