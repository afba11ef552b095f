// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/flow_book.h"

#include <algorithm>
#include <utility>

namespace procwall {
namespace {

bool IsIcmp(IpProtocol protocol) {
  return protocol == IpProtocol::kIcmp || protocol == IpProtocol::kIcmpV6;
}

bool IsDatagram(const TrackedFlow& tracked) {
  return tracked.protocol == IpProtocol::kUdp || tracked.protocol == IpProtocol::kUdpLite;
}

}  // namespace

std::size_t FlowBook::HashEnds::operator()(const Ends& ends) const noexcept {
  const std::hash<Endpoint> endpoint;
  return (endpoint(ends.lower) * 1000003U) ^ endpoint(ends.upper) ^
         (static_cast<std::size_t>(ends.protocol) << 24);
}

FlowBook::FlowBook(OnNote on_note, std::size_t most_flows, std::size_t most_decisions)
    : on_note_(std::move(on_note)), most_flows_(most_flows), most_decisions_(most_decisions) {}

FlowBook::~FlowBook() = default;

FlowBook::Ends FlowBook::EndsOf(IpProtocol protocol, const Endpoint& a, const Endpoint& b) {
  return a < b ? Ends{protocol, a, b} : Ends{protocol, b, a};
}

// The ends that a packet of the flow may have had when it was judged: outgoing ones before any
// translation, forwarded and incoming ones with their real destination, answers with both.
std::vector<FlowBook::Ends> FlowBook::NamesOf(const TrackedFlow& tracked) {
  FlowEnds original = tracked.original;
  if (IsIcmp(tracked.protocol)) {  // a connection knows the identifier only
    original.destination.port = 0;
    return {EndsOf(tracked.protocol, original.source, original.destination)};
  }
  std::vector<Ends> names = {EndsOf(tracked.protocol, original.source, original.destination)};
  for (const Ends& other :
       {EndsOf(tracked.protocol, original.source, tracked.reply.source),
        EndsOf(tracked.protocol, tracked.reply.source, tracked.reply.destination)}) {
    if (std::ranges::find(names, other) == names.end()) names.push_back(other);
  }
  return names;
}

FlowBook::Entry* FlowBook::Find(const FlowName& name) {
  const auto found = flows_.find(name);
  return found == flows_.end() ? nullptr : &found->second;
}

FlowBook::Entry* FlowBook::Add(const TrackedFlow& tracked) {
  if (flows_.size() >= most_flows_) {
    ++beyond_;
    return nullptr;
  }
  Entry& entry = flows_.emplace(NameOf(tracked), Entry{}).first->second;
  entry.flow.tracked = tracked;
  entry.listing = listing_;
  for (const Ends& ends : NamesOf(tracked)) by_ends_.emplace(ends, &entry);
  if (IsDatagram(tracked)) ++by_local_port_[tracked.original.source];
  Join(entry);
  return &entry;
}

void FlowBook::Remove(Flows::iterator found) {
  Entry& entry = found->second;
  for (const Ends& ends : NamesOf(entry.flow.tracked)) {
    const auto [begin, end] = by_ends_.equal_range(ends);
    const auto own =
        std::find_if(begin, end, [&](const auto& named) { return named.second == &entry; });
    if (own != end) by_ends_.erase(own);
  }
  if (IsDatagram(entry.flow.tracked)) {
    const auto sharing = by_local_port_.find(entry.flow.tracked.original.source);
    if (sharing != by_local_port_.end() && --sharing->second == 0) by_local_port_.erase(sharing);
  }
  flows_.erase(found);
}

// A decision that came before its flow.
void FlowBook::Join(Entry& entry) {
  for (const Ends& ends : NamesOf(entry.flow.tracked)) {
    const auto found = decisions_.find(ends);
    if (found == decisions_.end() || !MayJoin(entry, *found->second.decision)) continue;
    entry.flow.owner = std::move(found->second.decision);
    decisions_.erase(found);
    return;
  }
}

// The ends of a TCP connection are used again while conntrack remembers the former one; and a
// connection whose first segment was sent again has several decisions.
bool FlowBook::MayJoin(const Entry& entry, const Event& decision) {
  const Flow& flow = entry.flow;
  if (IsClosing(flow.tracked)) return false;
  if (!flow.IsDecided()) return true;
  if (flow.owner->sequence > decision.sequence) return false;
  if (flow.tracked.protocol != IpProtocol::kTcp) return true;
  const std::uint64_t cookie = flow.owner->attribution.evidence.cookie;
  if (cookie != 0) return decision.attribution.evidence.cookie == cookie;
  return flow.began && decision.time - *flow.began < kRetransmit;
}

void FlowBook::Decide(const EventPtr& decision) {
  if (!decision->connection || decision->action != RuleAction::kAllow || decision->cut) return;
  const Connection& connection = *decision->connection;
  const Ends ends = EndsOf(connection.protocol, connection.Source(), connection.Destination());
  const auto [begin, end] = by_ends_.equal_range(ends);
  for (auto found = begin; found != end; ++found) {
    Entry& entry = *found->second;
    if (!MayJoin(entry, *decision)) continue;
    entry.flow.owner = decision;
    if (!entry.told) TellBegan(entry);
    return;
  }
  Keep(ends, decision);
}

void FlowBook::Keep(const Ends& ends, const EventPtr& decision) {
  const std::uint64_t number = next_number_++;
  decisions_.insert_or_assign(ends, Alone{decision, number});
  order_.emplace_back(number, ends);
  while (decisions_.size() > most_decisions_ || order_.size() > 2 * most_decisions_) {
    const auto [longest, its_ends] = order_.front();
    order_.pop_front();
    const auto found = decisions_.find(its_ends);
    if (found != decisions_.end() && found->second.number == longest) decisions_.erase(found);
  }
}

void FlowBook::Hear(const FlowNews& news, BootTime now, WallTime wall) {
  const FlowName name = NameOf(news.flow);
  auto found = flows_.find(name);
  const bool is_successor =
      found != flows_.end() && found->second.flow.tracked.id != news.flow.id && news.flow.id != 0;
  if (is_successor && news.what == FlowNews::What::kEnded) return;  // it is known to be over
  if (is_successor) {                                               // whose end nobody told
    on_note_(FlowNote::What::kEnded, found->second.flow);
    Remove(found);
    found = flows_.end();
  }
  if (news.what == FlowNews::What::kEnded) {
    if (found == flows_.end()) {  // it began while nobody listened
      Entry unknown;
      unknown.flow.tracked = news.flow;
      Join(unknown);
      return on_note_(FlowNote::What::kEnded, unknown.flow);
    }
    Entry& entry = found->second;
    if (!entry.told) TellBegan(entry);
    Update(entry.flow.tracked, news.flow);
    on_note_(FlowNote::What::kEnded, entry.flow);
    return Remove(found);
  }
  if (found != flows_.end()) {
    Entry& entry = found->second;
    const std::string before = FlowStateName(entry.flow.tracked);
    Update(entry.flow.tracked, news.flow);
    entry.listing = listing_;
    if (entry.told && FlowStateName(entry.flow.tracked) != before) {
      on_note_(FlowNote::What::kChanged, entry.flow);
    }
    return;
  }
  Entry* const entry = Add(news.flow);
  if (entry == nullptr) return;
  entry->heard = now;
  if (news.what == FlowNews::What::kBegan) entry->flow.began = wall;
  if (entry->flow.owner) return TellBegan(*entry);
  fresh_.emplace_back(now, name);
}

void FlowBook::TellBegan(Entry& entry) {
  entry.told = true;
  on_note_(FlowNote::What::kBegan, entry.flow);
}

void FlowBook::TellLate(BootTime now) {
  while (!fresh_.empty() && now - fresh_.front().first >= kGrace) {
    Entry* const entry = Find(fresh_.front().second);
    if (entry != nullptr && !entry->told) TellBegan(*entry);
    fresh_.pop_front();
  }
}

void FlowBook::List(const TrackedFlow& tracked) {
  const auto found = flows_.find(NameOf(tracked));
  if (found != flows_.end() && found->second.flow.tracked.id == tracked.id) {
    Update(found->second.flow.tracked, tracked);
    found->second.listing = listing_;
    return;
  }
  if (found != flows_.end()) {
    on_note_(FlowNote::What::kEnded, found->second.flow);
    Remove(found);
  }
  if (Entry* const added = Add(tracked)) added->told = true;  // it has begun before
}

void FlowBook::EndListing() {
  for (auto found = flows_.begin(); found != flows_.end();) {
    const auto here = found++;
    if (here->second.listing == listing_) continue;
    if (!here->second.told) TellBegan(here->second);
    on_note_(FlowNote::What::kEnded, here->second.flow);
    Remove(here);
  }
}

std::vector<TrackedFlow> FlowBook::TakeUnowned(BootTime now) {
  std::vector<TrackedFlow> unowned;
  for (auto& [name, entry] : flows_) {
    const bool may_be_decided_yet = entry.flow.began && now - entry.heard < kGrace;
    if (entry.flow.owner || entry.looked_up || may_be_decided_yet) continue;
    if (IsClosing(entry.flow.tracked)) continue;
    entry.looked_up = true;
    unowned.push_back(entry.flow.tracked);
  }
  return unowned;
}

void FlowBook::SetOwner(const FlowName& name, EventPtr owner) {
  Entry* const entry = Find(name);
  if (entry != nullptr && !entry->flow.owner) entry->flow.owner = std::move(owner);
}

void FlowBook::ForEach(const std::function<void(const Flow& flow)>& each) const {
  for (const auto& [name, entry] : flows_) each(entry.flow);
}

void FlowBook::ForEachUntracked(const std::function<void(const EventPtr&)>& each) const {
  for (const auto& [ends, alone] : decisions_) each(alone.decision);
}

bool FlowBook::SharesItsPort(const Flow& flow) const {
  const auto found = by_local_port_.find(flow.tracked.original.source);
  return found != by_local_port_.end() && found->second > 1;
}

void FlowBook::ForgetDecision(const EventPtr& decision) {
  if (!decision->connection) return;
  const Connection& connection = *decision->connection;
  decisions_.erase(EndsOf(connection.protocol, connection.Source(), connection.Destination()));
}

}  // namespace procwall
