// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/names.h"

#include <algorithm>
#include <list>
#include <map>
#include <utility>

namespace procwall {
namespace {

// For every name in the answer that stands for a question: that question. Views into `answer`.
std::map<std::string_view, std::string_view> AskedNames(const DnsMessage& answer) {
  std::map<std::string_view, std::string_view> targets;  // alias -> what it stands for
  for (const auto& alias : answer.aliases) targets.emplace(alias.name, alias.target);

  std::map<std::string_view, std::string_view> asked;
  for (const std::string_view question : answer.questions) {
    std::string_view name = question;
    while (asked.emplace(name, question).second) {  // a name twice: the chain is a circle
      const auto target = targets.find(name);
      if (target == targets.end()) break;
      name = target->second;
    }
  }
  return asked;
}

}  // namespace

struct Names::State {
  struct Entry {
    IpAddress address;
    std::string name;
    BootTime expires;
  };

  const Clock& clock;
  std::list<Entry> entries;  // the latest use first
  // Ordered, not hashed: strangers choose the keys, and could choose such that collide.
  std::map<IpAddress, std::list<Entry>::iterator> by_address;

  void Remember(Entry entry) {
    const auto known = by_address.find(entry.address);
    if (known != by_address.end()) {
      *known->second = std::move(entry);
      entries.splice(entries.begin(), entries, known->second);
      return;
    }
    if (entries.size() >= kMaxAddresses) {
      by_address.erase(entries.back().address);
      entries.pop_back();
    }
    entries.push_front(std::move(entry));
    by_address.emplace(entries.front().address, entries.begin());
  }
};

Names::Names(const Clock& clock)
    : state_(new State{.clock = clock, .entries = {}, .by_address = {}}) {}

Names::~Names() = default;

void Names::Learn(const DnsMessage& answer) {
  if (!answer.is_response) return;
  const auto asked = AskedNames(answer);
  const BootTime now = state_->clock.Now();
  for (const auto& record : answer.addresses) {
    if (record.address.IsLoopback() || record.address.IsUnspecified()) continue;
    const auto name = asked.find(record.name);
    if (name == asked.end() || name->second.empty()) continue;
    const auto lifetime = std::clamp<BootClock::duration>(record.ttl, kMinLifetime, kMaxLifetime);
    state_->Remember({record.address, std::string(name->second), now + lifetime});
  }
}

std::string_view Names::NameOf(const IpAddress& address) {
  const auto known = state_->by_address.find(address);
  if (known == state_->by_address.end()) return {};
  auto& entries = state_->entries;
  if (known->second->expires <= state_->clock.Now()) {
    // Not erased, because the last caller may still hold a view of it; but the first to go.
    entries.splice(entries.end(), entries, known->second);
    return {};
  }
  entries.splice(entries.begin(), entries, known->second);
  return known->second->name;
}

std::size_t Names::Size() const { return state_->entries.size(); }

}  // namespace procwall
