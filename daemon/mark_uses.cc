// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/mark_uses.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "base/child_program.h"
#include "daemon/mark_uses_nft.h"
#include "daemon/mark_uses_xtables.h"

namespace procwall {
namespace {

using UseKind = MarkUse::Kind;

constexpr std::size_t kMostMarkNotes = 8;

std::string OutputOf(const std::vector<std::string>& command) {
  constexpr std::size_t kMostBytes = std::size_t{16} << 20;
  const auto ran = RunProgram(command, "", std::chrono::seconds(5), kMostBytes);
  return ran && ran->exit_code == 0 ? ran->output : std::string();
}

std::string Sentence(const MarkUse& use, FlowMark ours, const std::string& routes) {
  switch (use.kind) {
    case UseKind::kSets:
      return fmt::format(
          "{} changes bit {:#x} of flows' marks, which is ours: flows that were let "
          "through may be judged again and again",
          use.where, ours);
    case UseKind::kReads:
      return fmt::format(
          "{} looks at bit {:#x} of flows' marks, which is ours: it may not match "
          "flows that were let through",
          use.where, ours);
    case UseKind::kCopies:
      return fmt::format("{} copies bit {:#x} of flows' marks, which is ours, to packets{}",
                         use.where, ours, routes);
    case UseKind::kRoutes:
      break;
  }
  return "";
}

}  // namespace

std::vector<MarkUse> MarkUsesOfRouting(const std::vector<RoutingRule>& rules) {
  std::vector<MarkUse> uses;
  for (const RoutingRule& rule : rules) {
    uses.push_back({UseKind::kRoutes, rule.mask, fmt::format("ip rule {}", rule.priority)});
  }
  return uses;
}

std::vector<std::string> MarkClashes(const std::vector<MarkUse>& uses, FlowMark ours) {
  std::string routes;
  for (const MarkUse& use : uses) {
    if (use.kind != UseKind::kRoutes || (use.mask & ours) == 0 || !routes.empty()) continue;
    routes = fmt::format(", and {} routes by it: they may take another way", use.where);
  }
  std::vector<std::string> notes;
  for (const MarkUse& use : uses) {
    if (use.kind == UseKind::kRoutes || (use.mask & ours) == 0) continue;
    std::string note = Sentence(use, ours, routes);
    if (std::ranges::find(notes, note) != notes.end()) continue;
    if (notes.size() < kMostMarkNotes) notes.push_back(std::move(note));
  }
  if (notes.empty()) return notes;
  notes.emplace_back(
      "another bit for Procwall is chosen by \"FlowMark\" under \"Procwall\" in its configuration");
  return notes;
}

std::vector<MarkUse> FindMarkUses() {
  std::vector<MarkUse> uses;
  const auto add = [&](std::vector<MarkUse> more) {
    uses.insert(uses.end(), std::make_move_iterator(more.begin()),
                std::make_move_iterator(more.end()));
  };
  for (const char* const kind : {"legacy", "nft"}) {
    for (const char* const family : {"iptables", "ip6tables"}) {
      add(MarkUsesOfXtables(family, OutputOf({fmt::format("{}-{}-save", family, kind)})));
    }
  }
  add(MarkUsesOfNft(OutputOf({"nft", "-j", "list", "ruleset"})));
  if (const auto rules = ReadRulesByMark()) add(MarkUsesOfRouting(*rules));
  return uses;
}

}  // namespace procwall
