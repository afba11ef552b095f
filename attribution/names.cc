// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/names.h"

#include <algorithm>
#include <list>
#include <map>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

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

// Those of one program, the latest use or answer first.
struct NamesOfProgram;
struct Entry {
  IpAddress address;
  NamesOfProgram* program = nullptr;
  ProcessId process;
  NameSource source = NameSource::kDns;
  std::string name;
  std::uint64_t learnt = 0;  // counts
  BootTime expires;
  bool is_used = false;  // it has named a connection
};
using Entries = std::list<Entry>;
struct NamesOfProgram {
  std::string key;
  Entries fresh{};
  Entries used{};

  std::size_t Size() const { return fresh.size() + used.size(); }
  Entries& ListOf(const Entry& entry) { return entry.is_used ? used : fresh; }
};

}  // namespace

const char* NameSourceName(NameSource source) {
  switch (source) {
    case NameSource::kNone:
      return "";
    case NameSource::kQuery:
      return "query";
    case NameSource::kDns:
      return "dns";
    case NameSource::kDnsOtherProgram:
      return "dns-other-program";
    case NameSource::kResolved:
      return "resolved";
    case NameSource::kSni:
      return "sni";
  }
  return "";
}

NameAsker AskerOf(const Process& process) {
  std::string program = RulePath(process);
  if (program.empty()) return {};
  for (const std::string& part : {process.script, process.container}) {
    program += '\0';  // no path has one
    program += part;
  }
  return {std::move(program), process.id};
}

struct Names::State {
  using Place = Entries::iterator;
  // Ordered, not hashed: strangers choose the keys, and could choose such that collide.
  using Places = std::map<IpAddress, std::vector<Place>>;

  const Clock& clock;
  std::map<std::string, NamesOfProgram, std::less<>> programs{};
  std::set<std::pair<std::size_t, NamesOfProgram*>> by_size{};
  Places by_address{};
  std::size_t entries = 0;
  std::size_t name_bytes = 0;
  std::uint64_t learnt = 0;

  NamesOfProgram& ProgramOf(const std::string& key) {
    const auto [program, is_new] = programs.try_emplace(key);
    if (is_new) {
      program->second.key = key;
      by_size.emplace(0, &program->second);
    }
    return program->second;
  }
  void Resized(NamesOfProgram& program, std::size_t before) {
    by_size.erase({before, &program});
    by_size.emplace(program.Size(), &program);
  }

  void Remove(Place place) {
    const auto known = by_address.find(place->address);
    std::erase(known->second, place);
    if (known->second.empty()) by_address.erase(known);
    --entries;
    name_bytes -= place->name.size();
    NamesOfProgram& program = *place->program;
    const std::size_t before = program.Size();
    program.ListOf(*place).erase(place);
    Resized(program, before);
    if (program.Size() != 0) return;
    by_size.erase({0, &program});
    programs.erase(programs.find(program.key));
  }

  void MakeRoom() {
    while (entries > kMaxEntries || name_bytes > kMaxNameBytes) {
      NamesOfProgram& most = *by_size.rbegin()->second;
      const bool has_fresh = most.fresh.size() > kKeptFresh || most.used.empty();
      Remove(std::prev(has_fresh ? most.fresh.end() : most.used.end()));
    }
  }

  // The entry that a new answer takes the place of: nobody needs both.
  static Place* Replaced(std::vector<Place>& places, const Entry& entry) {
    for (Place& place : places) {
      if (place->program != entry.program || place->source != entry.source) continue;
      if (place->process == entry.process || place->name == entry.name) return &place;
    }
    return nullptr;
  }

  void Remember(Entry entry) {
    entry.learnt = ++learnt;
    std::vector<Place>& places = by_address[entry.address];
    NamesOfProgram& program = *entry.program;
    if (Place* const known = Replaced(places, entry)) {
      Entry& old = **known;
      name_bytes += entry.name.size();
      name_bytes -= old.name.size();
      entry.is_used = old.is_used && old.name == entry.name;
      Entries& from = program.ListOf(old);
      old = std::move(entry);
      Entries& to = program.ListOf(old);
      to.splice(to.begin(), from, *known);
      return MakeRoom();
    }
    const std::size_t before = program.Size();
    name_bytes += entry.name.size();
    program.fresh.push_front(std::move(entry));
    places.push_back(program.fresh.begin());
    ++entries;
    Resized(program, before);
    if (places.size() > kMaxPerAddress) Remove(LeastUseful(places));
    MakeRoom();
  }

  // The new one, the last, stays.
  static Place LeastUseful(const std::vector<Place>& places) {
    return *std::min_element(places.begin(), places.end() - 1, [](const Place& a, const Place& b) {
      return std::tie(a->is_used, a->learnt) < std::tie(b->is_used, b->learnt);
    });
  }

  void Use(Place place) {
    NamesOfProgram& program = *place->program;
    Entries& from = program.ListOf(*place);
    place->is_used = true;
    program.used.splice(program.used.begin(), from, place);
  }
};

Names::Names(const Clock& clock) : state_(new State{.clock = clock}) {}

Names::~Names() = default;

void Names::Learn(const DnsMessage& answer, const NameAsker& asker, NameSource source) {
  if (!answer.is_response) return;
  const auto asked = AskedNames(answer);
  const BootTime now = state_->clock.Now();
  std::size_t learnt = 0;
  for (const auto& record : answer.addresses) {
    if (record.address.IsLoopback() || record.address.IsUnspecified()) continue;
    const auto name = asked.find(record.name);
    if (name == asked.end() || name->second.empty()) continue;
    if (++learnt > kMaxPerAnswer) return;
    const auto lifetime = std::clamp<BootClock::duration>(record.ttl, kMinLifetime, kMaxLifetime);
    // Asked for anew each time: what makes room may have been its last entry.
    state_->Remember({.address = record.address,
                      .program = &state_->ProgramOf(asker.program),
                      .process = asker.process,
                      .source = source,
                      .name = std::string(name->second),
                      .expires = now + lifetime});
  }
}

Names::Name Names::NameOf(const IpAddress& address, const NameAsker& asker) {
  const auto known = state_->by_address.find(address);
  if (known == state_->by_address.end()) return {};
  enum class Fit : std::uint8_t { kNone, kAnybody, kResolved, kProgram, kProcess };
  const auto fit_of = [&](const Entry& entry) {
    const bool is_program = !asker.program.empty() && entry.program->key == asker.program;
    if (is_program) return entry.process == asker.process ? Fit::kProcess : Fit::kProgram;
    return entry.source == NameSource::kResolved ? Fit::kResolved : Fit::kAnybody;
  };
  // Expired ones are not erased: the last caller may still hold a view of one.
  const BootTime now = state_->clock.Now();
  State::Place* best = nullptr;
  Fit best_fit = Fit::kNone;
  bool programs_agree = true;
  for (State::Place& place : known->second) {
    if (place->expires <= now) continue;
    const Fit fit = fit_of(*place);
    const bool is_better =
        best == nullptr || fit > best_fit || (fit == best_fit && place->learnt > (*best)->learnt);
    if (best_fit == Fit::kProgram && fit == Fit::kProgram && place->name != (*best)->name) {
      programs_agree = false;
    }
    if (!is_better) continue;
    best = &place;
    best_fit = fit;
  }
  if (best == nullptr) return {};
  const State::Place place = *best;
  state_->Use(place);
  if (best_fit == Fit::kResolved) return {place->name, NameSource::kResolved};
  const bool is_own = best_fit == Fit::kProcess || (best_fit == Fit::kProgram && programs_agree);
  return {place->name, is_own ? NameSource::kDns : NameSource::kDnsOtherProgram};
}

bool Names::Knows(const IpAddress& address) const {
  const auto known = state_->by_address.find(address);
  if (known == state_->by_address.end()) return false;
  const BootTime now = state_->clock.Now();
  return std::ranges::any_of(known->second,
                             [&](const State::Place& place) { return place->expires > now; });
}

std::size_t Names::Size() const { return state_->entries; }

}  // namespace procwall
