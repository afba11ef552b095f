// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "attribution/kernel_witness.h"
#include "base/clock.h"
#include "daemon/counters.h"
#include "daemon/firewall_guard.h"
#include "daemon/flow_keeper.h"
#include "daemon/opensnitch_link.h"
#include "daemon/packet_threads.h"
#include "daemon/rule_keeper.h"
#include "daemon/settings.h"
#include "daemon/sinks.h"
#include "daemon/status_source.h"

namespace procwall {

// Answers the API's questions about the daemon. The references must outlive it.
// Thread rule: all methods from any thread, SetWitness() before it is asked.
class DaemonStatus final : public StatusSource {
 public:
  DaemonStatus(const Settings& settings, const Clock& clock, const Counters& counters,
               const RuleKeeper& keeper, const SharedRules& rules);

  void SetFirewall(FirewallKind kind) { firewall_.store(kind); }
  // See ProcessNews; before anybody asks.
  void SetProcessNews(std::string name) { process_news_ = std::move(name); }
  // Null: it does not run, and why.
  void SetWitness(const KernelWitness* witness, std::string why_not);
  // It must outlive this, or be taken back with null.
  void SetGui(const OpensnitchLink* link) { gui_.store(link); }
  // What tells of the journal, and of what events are written to; before anybody asks.
  void SetJournal(std::function<v1::Journal()> journal) { journal_ = std::move(journal); }
  void SetSinks(std::function<std::vector<SinkState>()> sinks) { sinks_ = std::move(sinks); }
  // It must outlive this. Null: flows are not followed, and why.
  void SetFlows(const FlowKeeper* flows, std::string why_not);
  void SetReceiveBufferBytes(std::size_t bytes) { receive_buffer_bytes_.store(bytes); }
  // All three must outlive this; before anybody asks.
  void SetPackets(const PacketThreads* packets) { packets_ = packets; }
  void SetFirewallGuard(const FirewallGuard* guard, const FirewallNotes* notes) {
    guard_ = guard;
    notes_ = notes;
  }

  v1::StatusResponse Status() const override;
  v1::ListRulesResponse ListRules() const override;

 private:
  const Settings& settings_;
  const Counters& counters_;
  const RuleKeeper& keeper_;
  const SharedRules& rules_;
  const KernelWitness* witness_ = nullptr;
  std::string why_no_witness_;
  std::string process_news_;
  std::function<v1::Journal()> journal_;           // empty: nobody tells
  std::function<std::vector<SinkState>()> sinks_;  // likewise
  const PacketThreads* packets_ = nullptr;
  const FirewallGuard* guard_ = nullptr;
  const FirewallNotes* notes_ = nullptr;
  const FlowKeeper* flows_ = nullptr;
  std::string why_no_flows_;
  const WallTime started_;
  std::atomic<const OpensnitchLink*> gui_{nullptr};
  std::atomic<FirewallKind> firewall_{FirewallKind::kNone};
  std::atomic<std::size_t> receive_buffer_bytes_{0};
};

}  // namespace procwall
