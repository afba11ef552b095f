// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/rule_keeper.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "base/printable.h"
#include "daemon/event_message.h"
#include "record/rule_message.h"
#include "rules/rule_expectations.h"

namespace procwall {
namespace {

v1::RefusedFile ToMessage(const RuleFileState& file) {
  v1::RefusedFile message;
  message.set_file(Printable(file.file));
  message.set_line(static_cast<std::uint32_t>(file.error->line));
  message.set_column(static_cast<std::uint32_t>(file.error->column));
  message.set_reason(Printable(file.error->reason));
  message.set_previous_version_in_force(file.rule != nullptr);
  return message;
}

NetworkAliases LoadAliases(const std::string& path) {
  if (path.empty()) return {};
  std::vector<std::string> notes;
  auto loaded = NetworkAliases::Load(path, notes);
  if (!loaded) {
    spdlog::warn(
        "event=network_aliases_refused file=\"{}\" reason=\"{}\", ignoring it: only the built-in "
        "ones are known",
        Printable(path), Printable(loaded.error()));
    return {};
  }
  for (const std::string& note : notes) {
    spdlog::warn("event=network_alias_bad file=\"{}\", ignoring {}", Printable(path), note);
  }
  if (!*loaded) return {};
  spdlog::info("event=network_aliases_loaded file=\"{}\"", Printable(path));
  return **std::move(loaded);
}

References ReferencesWith(const std::string& network_aliases) {
  References references;
  references.aliases = LoadAliases(network_aliases);
  return references;
}

}  // namespace

RuleKeeper::RuleKeeper(std::string directory, SharedRules& rules, const Clock& clock,
                       const Lanes* published, const std::string& network_aliases)
    : store_(std::move(directory), clock, ReferencesWith(network_aliases)),
      memory_(clock),
      editor_(store_, memory_, clock),
      published_(published),
      rules_(rules),
      listing_(std::make_shared<const v1::ListRulesResponse>()) {}

tl::expected<int, std::string> RuleKeeper::Follow() {
  if (const Status watched = store_.Watch(); !watched)
    return tl::unexpected(Explain(watched.error()));
  return store_.UnsafeWatchFd();
}

tl::expected<void, std::string> RuleKeeper::Load() {
  if (const Status loaded = store_.Load(); !loaded) return tl::unexpected(Explain(loaded.error()));
  auto rules = std::make_shared<const RuleSet>(RuleSet::Create(AllRules()));
  for (const RuleError& failed : FailedExpectations(store_.Directory(), *rules)) {
    spdlog::warn("event=rules_unexpected, ignoring at the start: {}", Printable(failed.ToString()));
  }
  Publish(std::move(rules));
  TellLists();
  return {};
}

std::string RuleKeeper::Explain(const Error& error) const {
  return fmt::format(
      "rules directory {}: {}; name a readable directory with -rules-path (an empty one will do)",
      Printable(store_.Directory()), error.ToString());
}

void RuleKeeper::OnChange() {
  const std::vector<RuleError> errors = store_.Errors();
  const bool rules_changed = store_.Reload();
  if (const auto& error = store_.DirectoryError()) {
    spdlog::warn(
        "event=rules_directory_unreadable directory=\"{}\" reason=\"{}\", ignoring: the "
        "rules stay as they were",
        store_.Directory(), error->ToString());
  }
  // A file that was refused or mended may leave the rules as they were, and must be told all the
  // same.
  // What was refused may be as expected now: the expectations are in that directory, too.
  const bool lists_changed = TellLists();
  const bool memory_changed =
      lists_changed && memory_.CompileThoseThatAskLists(store_.KnownReferences());
  if (rules_changed || memory_changed || store_.Errors() != errors || is_refused_) {
    PublishIfAsExpected();
  }
}

void RuleKeeper::OnTime() {
  const bool rules_changed = store_.RetryLists();
  const bool have_left_memory = memory_.DropEnded();
  const bool have_ended = store_.DropEnded() || have_left_memory;
  const bool lists_changed = TellLists();
  const bool memory_changed =
      lists_changed && memory_.CompileThoseThatAskLists(store_.KnownReferences());
  if (rules_changed || memory_changed) {
    PublishIfAsExpected();
  } else if (have_ended && !is_refused_) {
    // Ended rules decide nothing anyway: while newer rules are refused, the old ones stay listed.
    Publish(std::make_shared<const RuleSet>(RuleSet::Create(AllRules())));
  }
}

// Each list whose newest reading says something else than the one before; false: none does.
bool RuleKeeper::TellLists() {
  bool any = false;
  std::vector<ListState> lists = store_.Lists();
  for (const ListState& state : lists) {
    const auto is_told = [&](const ListState& told) {
      return told.directory == state.directory && told.list == state.list &&
             told.report == state.report;
    };
    if (std::any_of(told_lists_.begin(), told_lists_.end(), is_told)) continue;
    any = true;
    const ListReport& report = state.report;
    spdlog::info("event=list_loaded directory=\"{}\" files={} entries={} bad_lines={}",
                 Printable(state.directory), report.files, state.list->Size(), report.bad_lines);
    for (const RuleError& line : report.named) {
      spdlog::warn("event=list_line_bad, ignoring it: {}", Printable(line.ToString()));
    }
    for (const RuleError& missing : report.missing) {
      spdlog::warn("event=list_unreadable, {}: {}",
                   state.is_last_good ? "ignoring: the list stays as it was" : "ignoring it",
                   Printable(missing.ToString()));
    }
  }
  told_lists_ = std::move(lists);
  return any;
}

std::vector<CompiledRulePtr> RuleKeeper::AllRules() const {
  std::vector<CompiledRulePtr> rules = store_.CompiledRules();
  std::ranges::move(memory_.Compiled(), std::back_inserter(rules));  // of one name, the later wins
  return rules;
}

void RuleKeeper::Change(std::deque<RuleChange> changes) {
  std::vector<RuleChange::Outcome> outcomes;
  for (const RuleChange& change : changes) {
    outcomes.push_back(editor_.Make(change));
    const std::string name = Printable(change.rule.name);
    if (const auto& outcome = outcomes.back(); !outcome) {
      spdlog::warn("event=rule_change_refused name=\"{}\" reason=\"{}\"", name,
                   Printable(outcome.error().what));
    } else {
      spdlog::info("event=rule_changed name=\"{}\" change={} note=\"{}\"", name,
                   RuleChangeName(change.kind), Printable(outcome->note));
    }
  }
  // A change reads the directory again, and with it what somebody else has just saved there: that
  // may be what the directory does not expect.
  PublishIfAsExpected();
  for (std::size_t i = 0; i < changes.size(); ++i) {
    if (is_refused_ && outcomes[i] && outcomes[i]->note.empty()) {
      outcomes[i]->note = fmt::format(
          "not in force yet: the rules are not as {} expects; `procwall rules list` says why",
          kExpectationsFile);
    }
    if (changes[i].done) changes[i].done(outcomes[i]);
  }
}

void RuleKeeper::PublishIfAsExpected() {
  auto rules = std::make_shared<const RuleSet>(RuleSet::Create(AllRules()));
  const auto failed = FailedExpectations(store_.Directory(), *rules);
  is_refused_ = !failed.empty();
  if (!is_refused_) return Publish(std::move(rules));
  refused_count_.fetch_add(1);
  auto listing = std::make_shared<v1::ListRulesResponse>(*listing_.Copy());
  auto& refused = *listing->mutable_refused();
  const auto is_expectation = [](const v1::RefusedFile& file) {
    return file.file() == kExpectationsFile;
  };
  refused.erase(std::remove_if(refused.begin(), refused.end(), is_expectation), refused.end());
  for (const RuleError& error : failed) {
    spdlog::warn("event=rules_unexpected, keeping the rules in force: {}",
                 Printable(error.ToString()));
    v1::RefusedFile& file = *listing->add_refused();
    file.set_file(kExpectationsFile);
    file.set_line(static_cast<std::uint32_t>(error.line));
    file.set_column(static_cast<std::uint32_t>(error.column));
    file.set_reason(Printable(error.reason));
    file.set_previous_version_in_force(true);
  }
  listing_.Set(std::move(listing));
}

void RuleKeeper::Publish(std::shared_ptr<const RuleSet> rules) {
  published_count_.fetch_add(1);
  is_refused_ = false;
  spdlog::info("event=rules_loaded directory=\"{}\" rules={} refused={}", store_.Directory(),
               rules->Size(), store_.Errors().size());
  for (const RuleError& error : store_.Errors()) {
    spdlog::warn("event=rule_refused, ignoring this version: {}", Printable(error.ToString()));
  }
  rules_.Set(std::move(rules));
  if (published_ != nullptr) published_->WakeAll();

  auto listing = std::make_shared<v1::ListRulesResponse>();
  listing->set_directory(Printable(store_.Directory()));
  for (const RuleFileState& file : store_.Files()) {
    if (file.rule) {
      v1::Rule rule = ToMessage(*file.rule);
      rule.set_file(Printable(file.file));
      *listing->add_rules() = std::move(rule);
    }
    if (file.error) *listing->add_refused() = ToMessage(file);
  }
  for (const CompiledRulePtr& rule : memory_.Compiled()) {
    *listing->add_rules() = ToMessage(*rule->rule);
  }
  listing_.Set(std::move(listing));
}

}  // namespace procwall
