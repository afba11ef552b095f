// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <tl/expected.hpp>

#include "base/bounded_queue.h"
#include "base/clock.h"
#include "base/wakeup.h"
#include "daemon/event_log.h"
#include "daemon/fact_gatherer.h"
#include "daemon/flow_accounting.h"
#include "daemon/flow_book.h"
#include "daemon/flow_cutter.h"
#include "daemon/flow_filter.h"
#include "daemon/flow_log.h"
#include "daemon/flow_owners.h"
#include "daemon/flow_source.h"
#include "daemon/judgement.h"
#include "daemon/shared_rules.h"
#include "net/flow_news.h"
#include "net/netlink.h"

namespace procwall {

// What the keeper works with. Everything referred to must outlive it.
struct FlowKeeperParts {
  EventLog& events;
  FlowLog& log;  // told of what becomes of flows while somebody listens
  const SharedRules& rules;
  const Clock& clock;
  const FactGatherer* facts = nullptr;               // knows the network profile; null: nobody does
  std::function<void(const FlowNote&)> on_end = {};  // on the keeper's thread; must not wait
  std::size_t buffer_bytes = std::size_t{4} << 20;   // of conntrack's news
  FlowAccounting::Consent accounting = FlowAccounting::Consent::kNo;
};

// The kernel's doors that the keeper goes through. Each a socket of its own.
struct FlowKeeperDoors {
  FlowNewsSocket news;
  NetlinkSocket dumps;
  FlowCutter cutter;
  Procfs procfs;
  SocketDiag diag;
};

// Keeps the book of live flows: what conntrack tells of them, what was decided about them, and
// whose they are. When the rules have changed, each flow is judged again as it was when it began,
// and exactly those that a rule denies now are cut; an event tells of each. What no rule decides
// any more goes on. Of flows that begin and change conntrack tells only while somebody listens to
// the log, for that costs the packets; else a decision stands for its flow until it ends, or all
// are read. Bounds: those of FlowBook, and kMostQuestions that wait. If conntrack tells faster than
// it is read, what was lost is counted and all flows are read again. Works on a thread of its own,
// "flows", and never waits for another. Thread rule: construct and destroy on one thread; all else
// from any.
class FlowKeeper final : public FlowSource {
 public:
  static constexpr std::size_t kMostQuestions = 16;
  static constexpr std::size_t kMostCutAtOnce = 10000;
  // Conntrack is listened to in batches: a storm of connections must not wake us for each.
  static constexpr std::chrono::milliseconds kPace{10};
  static constexpr std::chrono::milliseconds kBusy{50};
  static constexpr std::chrono::milliseconds kIdle{500};
  static constexpr std::chrono::seconds kBetweenLookups{1};
  // What decisions stand for is compared with conntrack's table, if there were any: so often, and
  // sooner after kManyDecided.
  static constexpr std::chrono::seconds kBetweenComparisons{60};
  static constexpr std::chrono::seconds kSoonestComparison{10};
  static constexpr std::size_t kManyDecided = FlowBook::kMostFlows / 4;

  // The error is for people: why this kernel's flows cannot be followed.
  static tl::expected<std::unique_ptr<FlowKeeper>, std::string> Start(const FlowKeeperParts& parts);
  FlowKeeper(const FlowKeeperParts& parts, FlowKeeperDoors doors, Wakeup asked);
  ~FlowKeeper() override;

  void RulesChanged();
  void List(FlowListQuestion question) override;
  void Cut(FlowCutQuestion question) override;

  // For people: what is not as it could be. Empty: nothing.
  std::vector<std::string> Notes() const;
  std::uint64_t Overruns() const { return overruns_.load(); }

 private:
  using Task = std::function<void()>;

  void Run();
  bool Sleep(std::chrono::milliseconds pause, bool also_news) const;
  void Ask(Task task, const std::function<void(FlowRefusal)>& refuse);
  std::size_t NoteDecisions();
  bool HearNews();
  std::size_t CatchUp();
  void Compare(std::size_t decided);
  enum class Keep : std::uint8_t { kNothing, kAll };
  std::vector<TrackedFlow> ReadAll(Keep keep = Keep::kNothing);
  void LookUpOwners();
  PacketsFacts FactsNow() const;
  void JudgeAgain();
  void JudgeUntracked(const RuleSet& rules, const JudgementTime& now);
  void CutDenied(const Flow& flow, const Judgement& judged, FlowCutter::Port port);
  void Tell(FlowNote::What what, const Flow& flow);
  std::vector<Flow> Live(const FlowFilter& filter);
  FlowListQuestion::Answer Listed(const v1::ListFlowsRequest& request);
  FlowCutQuestion::Answer CutAll(const v1::CutFlowsRequest& request);

  FlowKeeperParts parts_;
  const FlowAccounting accounting_;
  FlowKeeperDoors doors_;
  FlowOwners owners_;
  FlowBook book_;
  std::uint64_t position_ = 0;  // in the EventLog
  bool must_read_all_ = true;
  std::atomic<bool> readable_{true};  // the last dump was answered
  BootTime looked_up_{};
  FlowNewsSocket::News heard_ = FlowNewsSocket::News::kEnds;
  std::size_t decided_ = 0;  // since all were read
  BootTime compared_{};
  std::atomic<std::uint64_t> overruns_{0};
  std::atomic<std::uint64_t> undecodable_{0};
  std::atomic<std::uint64_t> beyond_{0};
  std::atomic<std::uint64_t> missed_{0};  // decisions that came faster than they were read
  BoundedQueue<Task> tasks_;
  const std::shared_ptr<const Wakeup> asked_;
  std::atomic<bool> rules_changed_{false};
  std::atomic<bool> stopping_{false};
  std::thread thread_;  // last: it uses all of the above
};

// What is told of a cut: who, where to, and what denies it.
Event CutEventOf(const Flow& flow, const Judgement& judged, WallTime now);

}  // namespace procwall
