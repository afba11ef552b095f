// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "daemon/flow.h"
#include "daemon/flow_record.h"
#include "net/flow_message.h"

namespace procwall {

// The live flows of this network namespace, each joined to the decision that let it through: by the
// ends that its first packet had when it was judged, which behind NAT are partly those of the
// original and partly those of the reply. Decisions and flows may come in any order, within kGrace
// of one another. At most kMostFlows flows and kMostDecisions decisions without a flow: what is
// beyond is not followed, but counted. Flows are handed out without counts, marks and timeouts.
// Pure: no clock, no socket. Thread rule: one thread.
class FlowBook {
 public:
  static constexpr std::size_t kMostFlows = 65536;
  static constexpr std::size_t kMostDecisions = 4096;
  // So long a flow waits for its decision before it is told of without.
  static constexpr std::chrono::milliseconds kGrace{200};
  // A decision about TCP that comes so much later is about the next connection of the same ends.
  static constexpr std::chrono::milliseconds kRetransmit{500};

  using OnNote = std::function<void(FlowNote::What what, const Flow& flow)>;
  // `on_note` is called from within the other methods.
  explicit FlowBook(OnNote on_note, std::size_t most_flows = kMostFlows,
                    std::size_t most_decisions = kMostDecisions);
  ~FlowBook();
  FlowBook(const FlowBook&) = delete;
  FlowBook& operator=(const FlowBook&) = delete;

  // Whether conntrack tells of flows that begin. Where it does not, a decision about what goes out
  // stands for its flow until conntrack speaks of it.
  enum class Beginnings : std::uint8_t { kTold, kUntold };
  // Whether beginnings and changes are told of, too; ends always are. At first they are.
  void TellAll(bool all) { tells_all_ = all; }
  // A decision; only what was let through is kept.
  void Decide(const EventPtr& decision, Beginnings beginnings = Beginnings::kTold);
  // Call it when all news were heard that were there when the last decisions were made: what these
  // decisions found in their place, and has not ended since, was no flow.
  void SettleDisputes();
  void Hear(const FlowNews& news, BootTime now, WallTime wall);
  // Flows whose decision has not come in time are told of.
  void TellLate(BootTime now);

  // All flows are told anew: BeginListing(), List() for each, then Hear() for the news that came
  // meanwhile; at EndListing() those that nobody spoke of have ended.
  void BeginListing() { ++listing_; }
  void List(const TrackedFlow& tracked);
  void EndListing();

  // Whose flows those without an owner are is looked up once: they are named by this.
  std::vector<TrackedFlow> TakeUnowned(BootTime now);
  void SetOwner(const FlowName& name, const EventPtr& owner);

  // For each flow, and each decision that no flow belongs to (yet): TCP that is not tracked.
  void ForEach(const std::function<void(const Flow& flow)>& each) const;
  void ForEachUntracked(const std::function<void(const EventPtr& decision)>& each) const;
  // The flow with all that was just listed of it; nullopt: it is not followed.
  std::optional<Flow> Describe(const TrackedFlow& listed) const;
  // The sources from which several datagram flows were begun.
  std::unordered_set<Endpoint> SharedPorts() const;
  void ForgetDecision(const EventPtr& decision);

  std::size_t Size() const { return flows_.size(); }
  bool HasFresh() const { return !fresh_.empty(); }
  std::uint64_t Beyond() const { return beyond_; }

 private:
  // The ends of a packet, whichever way it went.
  struct Ends {
    IpProtocol protocol;
    Endpoint lower;
    Endpoint upper;
    friend bool operator==(const Ends&, const Ends&) = default;
  };
  struct HashEnds {  // not noexcept: see the hash of FlowName
    std::size_t operator()(const Ends& ends) const;
  };
  struct Alone {
    EventPtr decision;
    std::uint64_t number;  // in order_
  };
  using Flows = std::unordered_map<FlowName, FlowRecord>;
  using Followed = Flows::value_type;

  static Ends EndsOf(IpProtocol protocol, const Endpoint& a, const Endpoint& b);
  static std::vector<Ends> NamesOf(const TrackedFlow& tracked);
  static std::vector<Ends> OtherNamesOf(const TrackedFlow& tracked);

  static TrackedFlow Tracked(const Followed& flow) { return flow.second.Tracked(flow.first); }
  static Flow Whole(const Followed& flow) { return flow.second.Whole(flow.first); }

  Followed* Find(const FlowName& name);
  Followed* Add(const TrackedFlow& tracked);
  void Remove(Flows::iterator found);
  void Join(const FlowName& name, FlowRecord& record, const TrackedFlow& tracked);
  static bool MayJoin(const FlowName& name, const FlowRecord& record, const Event& decision);
  Followed* FlowOf(const Ends& ends, const Event& decision);
  void TellBegan(Followed& flow);
  bool Presume(const Event& decision);
  static bool MayPresume(const Connection& connection);
  static FlowName PresumedNameOf(const Connection& connection);
  bool TakePresumed(const FlowName& name, FlowRecord& record, const Ends& ends);
  void Adopt(Followed& flow, const TrackedFlow& news);
  void Keep(const Ends& ends, const EventPtr& decision);

  const OnNote on_note_;
  bool tells_all_ = true;
  const std::size_t most_flows_;
  const std::size_t most_decisions_;
  Flows flows_;
  DecisionPatterns patterns_;
  // Of flows that a packet may have other ends of than those they began with: up to two for each.
  std::unordered_multimap<Ends, Followed*, HashEnds> by_other_ends_;
  std::unordered_map<Ends, Alone, HashEnds> decisions_;  // without a flow
  std::deque<std::pair<std::uint64_t, Ends>> order_;     // of decisions_, the longest known first
  std::uint64_t next_number_ = 1;
  std::deque<std::pair<BootTime, FlowName>> fresh_;  // not told of yet
  // Where a decision was presumed to be a flow, and another connection of the same ends was
  // decided.
  std::unordered_map<FlowName, EventPtr> disputed_;
  std::uint32_t listing_ = 0;
  std::uint64_t beyond_ = 0;
};

}  // namespace procwall
