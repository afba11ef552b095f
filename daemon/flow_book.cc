// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/flow_book.h"

#include <algorithm>
#include <utility>

#include "base/keyed_hash.h"

namespace procwall {
namespace {

bool IsIcmp(IpProtocol protocol) {
  return protocol == IpProtocol::kIcmp || protocol == IpProtocol::kIcmpV6;
}

}  // namespace

std::size_t FlowBook::HashEnds::operator()(const Ends& ends) const {
  const std::hash<Endpoint> endpoint;
  return KeyedHash(endpoint(ends.lower) + static_cast<std::size_t>(ends.protocol),
                   endpoint(ends.upper));
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

// Of those the ones that its own name does not tell.
std::vector<FlowBook::Ends> FlowBook::OtherNamesOf(const TrackedFlow& tracked) {
  std::vector<Ends> names = NamesOf(tracked);
  const FlowEnds& original = tracked.original;
  if (tracked.zone == 0) {
    std::erase(names, EndsOf(tracked.protocol, original.source, original.destination));
  }
  return names;
}

FlowBook::Followed* FlowBook::Find(const FlowName& name) {
  const auto found = flows_.find(name);
  return found == flows_.end() ? nullptr : &*found;
}

FlowBook::Followed* FlowBook::Add(const TrackedFlow& tracked) {
  if (flows_.size() >= most_flows_) {
    ++beyond_;
    return nullptr;
  }
  Followed& flow = *flows_.emplace(NameOf(tracked), FlowRecord(tracked)).first;
  flow.second.listing = listing_;
  for (const Ends& ends : OtherNamesOf(tracked)) by_other_ends_.emplace(ends, &flow);
  Join(flow.first, flow.second, tracked);
  return &flow;
}

void FlowBook::Remove(Flows::iterator found) {
  for (const Ends& ends : OtherNamesOf(Tracked(*found))) {
    const auto [begin, end] = by_other_ends_.equal_range(ends);
    const auto own =
        std::find_if(begin, end, [&](const auto& named) { return named.second == &*found; });
    if (own != end) by_other_ends_.erase(own);
  }
  flows_.erase(found);
}

// A decision that came before its flow.
void FlowBook::Join(const FlowName& name, FlowRecord& record, const TrackedFlow& tracked) {
  for (const Ends& ends : NamesOf(tracked)) {
    const auto found = decisions_.find(ends);
    if (found == decisions_.end() || !MayJoin(name, record, *found->second.decision)) continue;
    record.SetOwner(name, *found->second.decision, patterns_);
    decisions_.erase(found);
    return;
  }
  for (const Ends& ends : NamesOf(tracked)) {
    if (TakePresumed(name, record, ends)) return;
  }
}

// What stood for it under another name, as behind a translation.
bool FlowBook::TakePresumed(const FlowName& name, FlowRecord& record, const Ends& ends) {
  for (const FlowEnds& way : {FlowEnds{ends.lower, ends.upper}, FlowEnds{ends.upper, ends.lower}}) {
    const auto found = flows_.find({ends.protocol, way, 0});
    if (found == flows_.end() || found->second.Id() != 0 || found->first == name) continue;
    record.SetOwner(name, *Whole(*found).owner, patterns_);
    Remove(found);
    return true;
  }
  return false;
}

// The ends of a TCP connection are used again while conntrack remembers the former one; and a
// connection whose first segment was sent again has several decisions.
bool FlowBook::MayJoin(const FlowName& name, const FlowRecord& record, const Event& decision) {
  if (IsClosing(record.Tracked(name))) return false;
  if (!record.IsDecided()) return true;
  if (record.Sequence() > decision.sequence) return false;
  if (name.protocol != IpProtocol::kTcp) return true;
  if (record.Cookie() != 0) return CookieOf(decision) == record.Cookie();
  return record.Began() && decision.time - *record.Began() < kRetransmit;
}

FlowBook::Followed* FlowBook::FlowOf(const Ends& ends, const Event& decision) {
  for (const FlowEnds& way : {FlowEnds{ends.lower, ends.upper}, FlowEnds{ends.upper, ends.lower}}) {
    Followed* const flow = Find({ends.protocol, way, 0});
    if (flow != nullptr && MayJoin(flow->first, flow->second, decision)) return flow;
  }
  if (by_other_ends_.empty()) return nullptr;
  const auto [begin, end] = by_other_ends_.equal_range(ends);
  const auto found = std::find_if(begin, end, [&](const auto& named) {
    return MayJoin(named.second->first, named.second->second, decision);
  });
  return found == end ? nullptr : found->second;
}

void FlowBook::Decide(const EventPtr& decision, Beginnings beginnings) {
  if (!decision->connection || decision->action != RuleAction::kAllow || decision->cut) return;
  const Connection& connection = *decision->connection;
  const Ends ends = EndsOf(connection.protocol, connection.Source(), connection.Destination());
  Followed* const flow = FlowOf(ends, *decision);
  if (flow == nullptr && beginnings == Beginnings::kUntold) {
    if (Presume(*decision)) return;
    if (MayPresume(connection) && disputed_.size() < most_decisions_) {
      disputed_.insert_or_assign(PresumedNameOf(connection), decision);
    }
  }
  if (flow == nullptr) return Keep(ends, decision);
  flow->second.SetOwner(flow->first, *decision, patterns_);
  if (!flow->second.told) TellBegan(*flow);
}

// Its id is 0 until conntrack speaks of it. Where the flow before it has the same ends and is still
// in the book, or conntrack may know it by other ends, the decision waits as ever.
bool FlowBook::Presume(const Event& decision) {
  if (!MayPresume(*decision.connection) || flows_.size() >= most_flows_) return false;
  const FlowName name = PresumedNameOf(*decision.connection);
  TrackedFlow presumed;
  presumed.protocol = name.protocol;
  presumed.original = name.original;
  presumed.reply = {name.original.destination, name.original.source};
  const auto [added, is_new] = flows_.try_emplace(name, presumed);
  if (!is_new) return false;
  FlowRecord& record = added->second;
  record.listing = listing_;
  record.told = true;
  record.SetBegan(decision.time);
  record.SetOwner(added->first, decision, patterns_);
  return true;
}

bool FlowBook::MayPresume(const Connection& connection) {
  return connection.direction == Direction::kOutgoing && HasPorts(connection.protocol);
}

FlowName FlowBook::PresumedNameOf(const Connection& connection) {
  return {connection.protocol, {connection.local, connection.remote}, 0};
}

void FlowBook::SettleDisputes() {
  for (const auto& [name, decision] : std::exchange(disputed_, {})) {
    const auto waiting =
        decisions_.find(EndsOf(name.protocol, name.original.source, name.original.destination));
    if (waiting == decisions_.end() || waiting->second.decision != decision) continue;
    const auto found = flows_.find(name);
    if (found != flows_.end() && found->second.Id() != 0) continue;
    if (found != flows_.end()) Remove(found);
    decisions_.erase(waiting);
    (void)Presume(*decision);
  }
}

void FlowBook::Adopt(Followed& flow, const TrackedFlow& news) {
  const bool was_presumed = flow.second.Id() == 0;
  flow.second.Update(news);
  if (!was_presumed) return;
  for (const Ends& ends : OtherNamesOf(Tracked(flow))) by_other_ends_.emplace(ends, &flow);
}

void FlowBook::Keep(const Ends& ends, const EventPtr& decision) {
  const std::uint64_t number = next_number_++;
  decisions_.insert_or_assign(ends, Alone{decision, number});
  order_.emplace_back(number, ends);
  const auto is_over = [this](const auto& oldest) {  // joined, or followed by another
    const auto found = decisions_.find(oldest.second);
    return found == decisions_.end() || found->second.number != oldest.first;
  };
  while (is_over(order_.front()) || decisions_.size() > most_decisions_ ||
         order_.size() > 2 * most_decisions_) {
    if (!is_over(order_.front())) decisions_.erase(order_.front().second);
    order_.pop_front();
  }
}

void FlowBook::Hear(const FlowNews& news, BootTime now, WallTime wall) {
  const FlowName name = NameOf(news.flow);
  auto found = flows_.find(name);
  const bool is_successor = found != flows_.end() && news.flow.id != 0 && found->second.Id() != 0 &&
                            found->second.Id() != news.flow.id;
  if (is_successor && news.what == FlowNews::What::kEnded) return;  // it is known to be over
  if (is_successor) {                                               // whose end nobody told
    on_note_(FlowNote::What::kEnded, Whole(*found));
    Remove(found);
    found = flows_.end();
  }
  if (news.what == FlowNews::What::kEnded) {
    if (found == flows_.end()) {  // it began while nobody listened
      FlowRecord unknown(news.flow);
      Join(name, unknown, news.flow);
      Flow ended = unknown.Whole(name);
      Update(ended.tracked, news.flow);
      return on_note_(FlowNote::What::kEnded, ended);
    }
    if (!found->second.told) TellBegan(*found);
    Flow ended = Whole(*found);
    if (found->second.Id() == 0 && disputed_.contains(name)) ended.owner = nullptr;  // either's
    Update(ended.tracked, news.flow);
    on_note_(FlowNote::What::kEnded, ended);
    return Remove(found);
  }
  if (found != flows_.end()) {
    FlowRecord& record = found->second;
    const std::string before = FlowStateName(Tracked(*found));
    Adopt(*found, news.flow);
    record.listing = listing_;
    if (tells_all_ && record.told && FlowStateName(Tracked(*found)) != before) {
      Flow changed = Whole(*found);
      Update(changed.tracked, news.flow);
      on_note_(FlowNote::What::kChanged, changed);
    }
    return;
  }
  Followed* const flow = Add(news.flow);
  if (flow == nullptr) return;
  flow->second.heard = now;
  if (news.what == FlowNews::What::kBegan) flow->second.SetBegan(wall);
  if (flow->second.IsOwned()) return TellBegan(*flow);
  fresh_.emplace_back(now, name);
}

void FlowBook::TellBegan(Followed& flow) {
  flow.second.told = true;
  if (tells_all_) on_note_(FlowNote::What::kBegan, Whole(flow));
}

void FlowBook::TellLate(BootTime now) {
  while (!fresh_.empty() && now - fresh_.front().first >= kGrace) {
    Followed* const flow = Find(fresh_.front().second);
    if (flow != nullptr && !flow->second.told) TellBegan(*flow);
    fresh_.pop_front();
  }
}

void FlowBook::List(const TrackedFlow& tracked) {
  auto found = flows_.find(NameOf(tracked));
  if (found != flows_.end() && found->second.Id() == 0 && disputed_.contains(found->first)) {
    Remove(found);  // conntrack forgot the former before a packet of the latter was decided
    found = flows_.end();
  }
  const bool is_known =
      found != flows_.end() && (found->second.Id() == tracked.id || found->second.Id() == 0);
  if (is_known) {
    Adopt(*found, tracked);
    found->second.listing = listing_;
    return;
  }
  if (found != flows_.end()) {
    on_note_(FlowNote::What::kEnded, Whole(*found));
    Remove(found);
  }
  if (Followed* const added = Add(tracked)) added->second.told = true;  // it has begun before
}

void FlowBook::EndListing() {
  for (auto found = flows_.begin(); found != flows_.end();) {
    const auto here = found++;
    if (here->second.listing == listing_) continue;
    if (here->second.Id() == 0) {  // conntrack never spoke of it
      const FlowEnds& ends = here->first.original;
      const EventPtr owner = Whole(*here).owner;
      if (here->first.protocol == IpProtocol::kTcp) {
        Keep(EndsOf(IpProtocol::kTcp, ends.source, ends.destination), owner);
      }
      Remove(here);
      continue;
    }
    if (!here->second.told) TellBegan(*here);
    on_note_(FlowNote::What::kEnded, Whole(*here));
    Remove(here);
  }
}

std::vector<TrackedFlow> FlowBook::TakeUnowned(BootTime now) {
  std::vector<TrackedFlow> unowned;
  for (auto& [name, record] : flows_) {
    const bool may_be_decided_yet = record.Began() && now - record.heard < kGrace;
    if (record.IsOwned() || record.looked_up || may_be_decided_yet) continue;
    TrackedFlow tracked = record.Tracked(name);
    if (IsClosing(tracked)) continue;
    record.looked_up = true;
    unowned.push_back(std::move(tracked));
  }
  return unowned;
}

void FlowBook::SetOwner(const FlowName& name, const EventPtr& owner) {
  Followed* const flow = Find(name);
  if (flow != nullptr && !flow->second.IsOwned()) flow->second.SetOwner(name, *owner, patterns_);
}

void FlowBook::ForEach(const std::function<void(const Flow& flow)>& each) const {
  for (const Followed& flow : flows_) each(Whole(flow));
}

void FlowBook::ForEachUntracked(const std::function<void(const EventPtr&)>& each) const {
  for (const auto& [ends, alone] : decisions_) each(alone.decision);
}

std::optional<Flow> FlowBook::Describe(const TrackedFlow& listed) const {
  const auto found = flows_.find(NameOf(listed));
  if (found == flows_.end() || found->second.Id() != listed.id) return std::nullopt;
  Flow flow = Whole(*found);
  Update(flow.tracked, listed);
  return flow;
}

std::unordered_set<Endpoint> FlowBook::SharedPorts() const {
  std::unordered_set<Endpoint> used;
  std::unordered_set<Endpoint> shared;
  for (const auto& [name, record] : flows_) {
    const bool is_datagram =
        name.protocol == IpProtocol::kUdp || name.protocol == IpProtocol::kUdpLite;
    if (is_datagram && !used.insert(name.original.source).second) {
      shared.insert(name.original.source);
    }
  }
  return shared;
}

void FlowBook::ForgetDecision(const EventPtr& decision) {
  if (!decision->connection) return;
  const Connection& connection = *decision->connection;
  decisions_.erase(EndsOf(connection.protocol, connection.Source(), connection.Destination()));
}

}  // namespace procwall
