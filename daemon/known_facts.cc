// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/known_facts.h"

#include <iterator>
#include <utility>

namespace procwall {

std::optional<PacketsFacts> KnownFacts::Find(const FactsNeeded& needs,
                                             const FactsQuestion& question) const {
  PacketsFacts facts;
  const auto known = known_.Lock();
  if (AsksPrograms(needs)) {
    for (const ProcessPtr& process : question.processes) {
      const auto found = known->programs.find(process.get());
      if (found == known->programs.end() || found->second.process.expired()) return std::nullopt;
      if (!Covers(found->second.facts->asked, needs)) return std::nullopt;
      facts.programs.push_back(found->second.facts);
    }
  }
  if (needs.profile) facts.profile = known->profile;
  if (!needs.interfaces) return facts;
  for (const auto& [index, name] : {std::pair(question.in_interface, &facts.in_interface),
                                    std::pair(question.out_interface, &facts.out_interface)}) {
    if (index == 0) continue;
    const auto found = known->interfaces.find(index);
    if (found == known->interfaces.end()) return std::nullopt;
    *name = found->second;
  }
  return facts;
}

void KnownFacts::Learn(const ProcessPtr& process, ProgramFactsPtr facts) {
  const auto known = known_.Lock();
  const auto [entry, is_new] =
      known->programs.insert_or_assign(process.get(), OfProgram{process, std::move(facts)});
  if (!is_new || known->programs.size() <= kMaxPrograms) return;
  // Any other will do, and it is found at once.
  const auto first = known->programs.begin();
  known->programs.erase(first == entry ? std::next(first) : first);
}

void KnownFacts::LearnInterface(std::uint32_t index, const std::string& name) {
  const auto known = known_.Lock();
  if (known->interfaces.size() >= kMaxInterfaces) known->interfaces.clear();
  known->interfaces.insert_or_assign(index, name);
}

void KnownFacts::SetProfile(std::string profile) {
  const auto known = known_.Lock();
  known->profile = std::move(profile);
}

std::string KnownFacts::Profile() const {
  const auto known = known_.Lock();
  return known->profile;
}

void KnownFacts::ForgetInterfaces() {
  const auto known = known_.Lock();
  known->interfaces.clear();
}

}  // namespace procwall
