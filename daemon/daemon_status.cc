// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/daemon_status.h"

#include <unistd.h>

#include <chrono>
#include <string>
#include <utility>

#include "base/free_memory.h"
#include "base/printable.h"
#include "daemon/version.h"
#include "rules/recorded_event.h"

namespace procwall {
namespace {

void Fill(const Counters& counters, v1::Counters& message) {
  message.set_packets(counters.packets.Get());
  message.set_allowed(counters.allowed.Get());
  message.set_denied(counters.denied.Get());
  message.set_rejected(counters.rejected.Get());
  message.set_parked(counters.parked.Get());
  message.set_asked(counters.asked.Get());
  message.set_questions(counters.questions.Get());
  message.set_dns_answers(counters.dns_answers.Get());
  message.set_unparsable(counters.unparsable.Get());
  message.set_unknown(counters.unknown.Get());
  message.set_lost_queue_full(counters.lost_queue_full.Get());
  message.set_lost_buffer_full(counters.lost_buffer_full.Get());
  message.set_undecodable(counters.undecodable.Get());
}

void Fill(const WitnessTable& table, v1::WitnessTable& message) {
  message.set_most(table.most);
  message.set_held(table.held);
  message.set_displaced(table.displaced);
}

void Fill(const KernelWitness* witness, const std::string& why_not, v1::Witness& message) {
  message.set_why_not(why_not);
  if (witness == nullptr) return;
  message.set_runs(true);
  for (const WitnessPart& part : witness->Parts()) {
    v1::WitnessPart& added = *message.add_parts();
    added.set_name(part.name);
    added.set_purpose(part.purpose);
    added.set_runs(part.runs);
    added.set_why_not(part.why_not);
  }
  const WitnessLosses losses = witness->Losses();
  message.set_lost_events(losses.events);
  message.set_lost_sockets(losses.sockets);
  Fill(witness->Sockets(), *message.mutable_sockets());
  Fill(witness->Flows(), *message.mutable_flows());
}

void Fill(const OpensnitchLink* link, const std::string& address, v1::OpensnitchGui& message) {
  message.set_address(Printable(address));
  if (link == nullptr) return;
  const GuiState state = link->State();
  message.set_connected(state.connected);
  if (state.dialect) message.set_dialect(GuiDialectName(*state.dialect));
  message.set_why_not(Printable(state.why_not));
  message.set_questions(state.asked);
  message.set_answers(state.answered);
}

void Fill(WallTime time, google::protobuf::Timestamp& message) {
  const auto since_epoch = time.time_since_epoch();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(since_epoch);
  message.set_seconds(seconds.count());
  message.set_nanos(static_cast<std::int32_t>((since_epoch - seconds).count()));
}

}  // namespace

DaemonStatus::DaemonStatus(const Settings& settings, const Clock& clock, const Counters& counters,
                           const RuleKeeper& keeper, const SharedRules& rules)
    : settings_(settings),
      counters_(counters),
      keeper_(keeper),
      rules_(rules),
      started_(clock.WallNow()) {}

void DaemonStatus::SetWitness(const KernelWitness* witness, std::string why_not) {
  witness_ = witness;
  why_no_witness_ = std::move(why_not);
}

void DaemonStatus::SetFlows(const FlowKeeper* flows, std::string why_not) {
  flows_ = flows;
  why_no_flows_ = std::move(why_not);
}

v1::StatusResponse DaemonStatus::Status() const {
  v1::StatusResponse status;
  status.set_version(kVersion);
  status.set_pid(::getpid());
  Fill(started_, *status.mutable_started());
  status.set_mode(settings_.mode == Mode::kObserve ? "observe" : "enforce");
  status.set_default_action(RuleActionName(settings_.default_action));
  status.set_rules_directory(Printable(settings_.rules_directory));
  status.set_config_file(Printable(settings_.config_file));
  status.set_rules(static_cast<std::uint32_t>(rules_.Copy()->Size()));
  status.set_refused_rule_files(static_cast<std::uint32_t>(keeper_.Listing()->refused_size()));
  status.set_firewall(FirewallKindName(firewall_.load()));
  status.set_queue_bypass(settings_.queue_bypass);
  status.set_queue_number(settings_.queue_number);
  status.set_receive_buffer_bytes(receive_buffer_bytes_.load());
  status.set_resident_bytes(ResidentBytes());
  Fill(counters_, *status.mutable_counters());
  Fill(witness_, why_no_witness_, *status.mutable_witness());
  Fill(gui_.load(), settings_.ui_socket, *status.mutable_opensnitch_gui());
  status.set_process_news(process_news_);
  for (Lane lane = 0; packets_ != nullptr && lane < packets_->Count(); ++lane) {
    v1::FirewallQueue& queue = *status.add_queues();
    queue.set_number(static_cast<std::uint32_t>(settings_.queue_number + lane));
    queue.set_packets(packets_->Packets(lane));
  }
  if (guard_ != nullptr) status.set_firewall_repairs(guard_->Repairs());
  if (notes_ != nullptr) {
    for (const std::string& note : notes_->All()) status.add_firewall_notes(Printable(note));
  }
  if (!why_no_flows_.empty()) {
    status.add_firewall_notes("flows are not followed: " + Printable(why_no_flows_));
  }
  if (flows_ != nullptr) {
    for (std::string& note : flows_->Notes()) status.add_firewall_notes(std::move(note));
  }
  status.set_metrics_address(settings_.metrics_address);
  if (journal_) *status.mutable_journal() = journal_();
  if (!sinks_) return status;
  for (const SinkState& sink : sinks_()) {
    status.add_sinks(sink.trouble.empty() ? sink.name : sink.name + " (" + sink.trouble + ")");
  }
  return status;
}

v1::ListRulesResponse DaemonStatus::ListRules() const {
  const auto listed = keeper_.Listing();
  v1::ListRulesResponse listing = *listed;
  listing.set_counts_hits(true);
  for (v1::Rule& rule : *listing.mutable_rules()) {
    const auto use = counters_.rule_hits.Find(Unprintable(rule.name()));
    if (!use) continue;
    rule.set_hits(use->hits);
    Fill(use->last, *rule.mutable_last_used());
  }
  return listing;
}

}  // namespace procwall
