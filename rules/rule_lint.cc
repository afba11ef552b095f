// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/rule_lint.h"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

#include "rules/condition_compiler.h"
#include "rules/rule_coverage.h"

namespace procwall {
namespace {

bool IsProcessOperand(std::string_view operand) { return operand.starts_with("process."); }
bool IsDestination(std::string_view operand) {
  return operand == "dest.ip" || operand == "dest.network" || operand == "dest.host" ||
         operand == "dest.domain" || operand == "dest.sni" || operand.starts_with("lists.");
}

// What the program itself, or whoever starts it, can set as they like.
const char* HowItIsMadeUp(std::string_view operand) {
  if (operand == "process.command")
    return "any program can be started with, and set, any arguments";
  if (operand.starts_with("process.env.")) return "whoever starts a program sets its environment";
  if (operand == "dest.sni") return "a program can say any server name, whomever it talks to";
  if (operand == "process.name") return "any file can be given that name";
  if (operand == "process.script") return "it is read from the arguments, which a program can set";
  return nullptr;
}

bool IsWritableByAnyone(std::string_view path) {
  constexpr std::array<std::string_view, 3> kPlaces = {"/tmp/", "/var/tmp/", "/dev/shm/"};
  return std::any_of(kPlaces.begin(), kPlaces.end(),
                     [&](std::string_view place) { return path.starts_with(place); });
}

class Linter {
 public:
  Linter(std::vector<Rule> rules, const LintWorld& world)
      : world_(world), rules_(std::move(rules)) {
    std::erase_if(rules_, [](const Rule& rule) { return !rule.enabled; });
    std::sort(rules_.begin(), rules_.end(),
              [](const Rule& a, const Rule& b) { return a.name < b.name; });
  }

  std::vector<LintFinding> Lint() {
    for (const Rule& rule : rules_) {
      CompareWithOthers(rule);
      LookForTheImpossible(rule);
      LookForMissingPaths(rule);
      if (rule.action == RuleAction::kAllow) {
        LookForBreadth(rule);
        LookForWhatCanBeMadeUp(rule);
      }
      if (world_.hits && !world_.hits->contains(rule.name)) {
        Add(LintKind::kNeverUsed, rule, "it has decided nothing since the daemon was started");
      }
    }
    return std::move(findings_);
  }

 private:
  void Add(LintKind kind, const Rule& rule, std::string what) {
    findings_.push_back({kind, rule.name, std::move(what)});
  }

  // Whenever `rule` matches, does `other` keep it from deciding? Plain allows among themselves do
  // not count: which of them is named makes no difference.
  bool Hides(const Rule& other, const Rule& rule) {
    if (!other.enforce || !EndsTheSearch(other)) return false;
    return (other.name < rule.name || !EndsTheSearch(rule)) && Covers(other.op, rule.op, patterns_);
  }

  // A plain allow that says no more than another one.
  bool Repeats(const Rule& other, const Rule& rule) {
    if (EndsTheSearch(other) || EndsTheSearch(rule) || !other.enforce) return false;
    if (!Covers(other.op, rule.op, patterns_)) return false;
    return !Covers(rule.op, other.op, patterns_) ||
           other.name < rule.name;  // of two the same, the later
  }

  void CompareWithOthers(const Rule& rule) {
    if (!rule.enforce) return;
    for (const Rule& other : rules_) {
      if (&other == &rule) continue;
      if (Hides(other, rule)) {
        const bool same = other.action == rule.action;
        return Add(same ? LintKind::kShadowed : LintKind::kContradicting, rule,
                   fmt::format("\"{}\" ({}) always decides instead of this {}", other.name,
                               RuleActionName(other.action), RuleActionName(rule.action)));
      }
      if (Repeats(other, rule)) {
        return Add(LintKind::kShadowed, rule,
                   fmt::format("\"{}\" allows all of this, too", other.name));
      }
    }
  }

  void LookForTheImpossible(const Rule& rule) {
    std::vector<std::string> notes;
    (void)CompileCondition(rule.op, world_.references, &notes);
    for (std::string& note : notes) {
      if (note.find("never matches") != std::string::npos) {
        return Add(LintKind::kUnreachable, rule, std::move(note));
      }
    }
    if (ContradictsItself(rule.op)) {
      Add(LintKind::kUnreachable, rule, "two of its conditions exclude each other");
    }
  }

  void LookForMissingPaths(const Rule& rule) {
    for (const Operator* op : Conjuncts(rule.op)) {
      const bool is_program = op->operand.starts_with("process.") && op->operand.ends_with("path");
      const bool is_path = op->type == "simple" || op->type == "directory";
      if (!is_program || !is_path || !op->data.starts_with('/')) continue;
      if (!world_.exists(op->data)) {
        Add(LintKind::kMissingPath, rule,
            fmt::format("{} {} does not exist", op->operand, op->data));
      }
    }
  }

  void LookForBreadth(const Rule& rule) {
    const Operator anything{.type = "simple", .operand = "true"};
    if (Covers(rule.op, anything)) return Add(LintKind::kTooBroad, rule, "it allows everything");
    const auto conjuncts = Conjuncts(rule.op);
    const auto any = [&](const auto& is_one) {
      return std::any_of(conjuncts.begin(), conjuncts.end(),
                         [&](const Operator* op) { return is_one(op->operand); });
    };
    if (!any(IsProcessOperand) && !any(IsDestination)) {
      Add(LintKind::kTooBroad, rule, "it names neither a program nor a destination");
    }
    for (const Operator* op : conjuncts) {
      if (op->type != "regexp" || Covers(*op, anything)) continue;
      const bool is_name = op->operand == "dest.host" || op->operand == "dest.sni";
      if (is_name && !op->data.ends_with('$')) {
        Add(LintKind::kTooBroad, rule,
            fmt::format("{} {} has no $ at its end: it matches names that go on after it",
                        op->operand, op->data));
      }
      if (op->operand == "process.path" && !op->data.starts_with('^')) {
        Add(LintKind::kTooBroad, rule,
            fmt::format("process.path {} has no ^ at its beginning: it matches in any folder",
                        op->data));
      }
    }
  }

  void LookForWhatCanBeMadeUp(const Rule& rule) {
    const auto conjuncts = Conjuncts(rule.op);
    const bool has_hash = std::any_of(conjuncts.begin(), conjuncts.end(), [](const Operator* op) {
      return op->operand.starts_with("process.hash.");
    });
    for (const Operator* op : conjuncts) {
      if (const char* how = HowItIsMadeUp(op->operand)) {
        Add(LintKind::kSpoofable, rule, fmt::format("{}: {}", op->operand, how));
      } else if (op->operand == "process.path" && IsWritableByAnyone(op->data) && !has_hash) {
        Add(LintKind::kSpoofable, rule,
            fmt::format("process.path {}: anyone can put a program there", op->data));
      }
    }
  }

  const LintWorld& world_;
  std::vector<Rule> rules_;
  ConditionPatterns patterns_;  // of rules_: each is compared with many others
  std::vector<LintFinding> findings_;
};

}  // namespace

const char* LintKindName(LintKind kind) {
  constexpr std::array kNames{"shadowed",  "contradicting", "unreachable", "never-used",
                              "too-broad", "spoofable",     "missing-path"};
  return kNames.at(static_cast<std::size_t>(kind));
}

const char* WhyItMatters(LintKind kind) {
  constexpr std::array kReasons{
      "it can be removed without any effect",
      "what its author wanted is not done",
      "it does nothing; if it denies, nothing is denied",
      "it may be forgotten, or not do what it was made for",
      "it lets through more than it seems to",
      "a hostile program can make itself look like the one that is allowed",
      "a program put there later would get these rights, or it was moved and has lost them",
  };
  return kReasons.at(static_cast<std::size_t>(kind));
}

std::vector<LintFinding> LintRules(std::vector<Rule> rules, const LintWorld& world) {
  return Linter(std::move(rules), world).Lint();
}

}  // namespace procwall
