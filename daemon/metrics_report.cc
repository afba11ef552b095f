// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/metrics_report.h"

#include <algorithm>
#include <sstream>
#include <utility>

#include <prometheus/text_serializer.h>

#include "daemon/event_message.h"
#include "record/event_words.h"

namespace procwall {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using Labels = std::vector<ClientMetric::Label>;

// The families, one after the other.
class Collection {
 public:
  MetricFamily& Family(const char* name, MetricType type, const char* help) {
    MetricFamily family;
    family.name = name;
    family.help = help;
    family.type = type;
    return families_.emplace_back(std::move(family));
  }
  void Count(const char* name, std::uint64_t value, const char* help) {
    AddCount(Family(name, MetricType::Counter, help), {}, value);
  }
  void Gauge(const char* name, double value, const char* help) {
    AddGauge(Family(name, MetricType::Gauge, help), {}, value);
  }
  static void AddCount(MetricFamily& family, Labels labels, std::uint64_t value) {
    ClientMetric metric;
    metric.label = std::move(labels);
    metric.counter.value = static_cast<double>(value);
    family.metric.push_back(std::move(metric));
  }
  static void AddGauge(MetricFamily& family, Labels labels, double value) {
    ClientMetric metric;
    metric.label = std::move(labels);
    metric.gauge.value = value;
    family.metric.push_back(std::move(metric));
  }
  std::vector<MetricFamily> Take() { return std::move(families_); }

 private:
  std::vector<MetricFamily> families_;
};

void AddDaemon(const v1::StatusResponse& status, std::uint32_t watchers, Collection& all) {
  Collection::AddGauge(all.Family("procwall_build_info", MetricType::Gauge,
                                  "Always 1; the label tells the version."),
                       {{"version", status.version()}}, 1);
  all.Gauge("procwall_start_time_seconds", static_cast<double>(status.started().seconds()),
            "When the daemon was started, in seconds since 1970.");
  all.Gauge("procwall_enforcing", status.mode() == "enforce" ? 1 : 0,
            "1: verdicts are enforced; 0: it only observes.");
  all.Gauge("procwall_resident_bytes", static_cast<double>(status.resident_bytes()),
            "Memory of the daemon.");
  all.Gauge("procwall_watchers", watchers, "Clients that watch decisions now.");
  all.Gauge("procwall_askers", status.askers(), "UIs that answer questions now.");
  all.Count("procwall_firewall_repairs_total", status.firewall_repairs(),
            "How often our firewall rules were gone and were put back.");
}

void AddPackets(const v1::Counters& counters, Collection& all) {
  all.Count("procwall_packets_total", counters.packets(), "Packets received from the kernel.");
  all.Count("procwall_dns_answers_total", counters.dns_answers(),
            "DNS answers that were read for names and let through.");
  all.Count("procwall_unknown_total", counters.unknown(), "Decisions that know no program.");
  all.Count("procwall_unparsable_total", counters.unparsable(),
            "Decisions on packets whose headers could not be read.");
  all.Gauge("procwall_parked", static_cast<double>(counters.parked()),
            "Packets that wait now, for a search or for a person.");
  all.Gauge("procwall_asked", static_cast<double>(counters.asked()),
            "Packets that wait now for a person.");
  all.Gauge("procwall_questions", static_cast<double>(counters.questions()),
            "Questions that are open now.");
  MetricFamily& lost = all.Family("procwall_lost_packets_total", MetricType::Counter,
                                  "Packets that were dropped unseen, by where.");
  Collection::AddCount(lost, {{"where", "queue"}}, counters.lost_queue_full());
  Collection::AddCount(lost, {{"where", "buffer"}}, counters.lost_buffer_full());
  Collection::AddCount(lost, {{"where", "undecodable"}}, counters.undecodable());
}

void AddDecisions(const DecisionTally& tally, Collection& all) {
  MetricFamily& decisions = all.Family("procwall_decisions_total", MetricType::Counter,
                                       "Decisions by what was done and what decided.");
  for (std::size_t action = 0; action < DecisionTally::kActions; ++action) {
    for (std::size_t reason = 0; reason < DecisionTally::kReasons; ++reason) {
      const std::uint64_t count = tally.Decisions(action, reason);
      if (count == 0) continue;
      const v1::Reason why = reason == DecisionTally::kUnparsable
                                 ? v1::REASON_UNPARSABLE
                                 : ToMessage(static_cast<EventReason>(reason));
      Collection::AddCount(decisions,
                           {{"action", ActionWord(ToMessage(static_cast<RuleAction>(action)))},
                            {"reason", ReasonWord(why)}},
                           count);
    }
  }
}

void AddLatency(const DecisionTally& tally, Collection& all) {
  MetricFamily& family =
      all.Family("procwall_decision_latency_seconds", MetricType::Histogram,
                 "From receiving a packet to answering the kernel, without a person's time.");
  ClientMetric metric;
  std::uint64_t sum = 0;
  for (std::size_t bucket = 0; bucket < DecisionTally::kBounds.size(); ++bucket) {
    sum += tally.InBucket(bucket);
    metric.histogram.bucket.push_back(
        {sum, static_cast<double>(DecisionTally::kBounds[bucket].count()) / 1e9});
  }
  sum += tally.InBucket(DecisionTally::kBounds.size());
  metric.histogram.sample_count = sum;
  metric.histogram.sample_sum = static_cast<double>(tally.Total().count()) / 1e9;
  family.metric.push_back(std::move(metric));
}

void AddRules(const v1::StatusResponse& status, v1::ListRulesResponse listing,
              const RuleKeeper::Reloads& reloads, Collection& all) {
  all.Gauge("procwall_rules", status.rules(), "Rules in force.");
  all.Gauge("procwall_refused_rule_files", status.refused_rule_files(),
            "Rule files that cannot be used.");
  all.Count("procwall_rule_reloads_total", reloads.done, "How often rules came into force.");
  all.Count("procwall_rule_reload_failures_total", reloads.refused,
            "How often the directory's own tests refused new rules.");
  MetricFamily& family =
      all.Family("procwall_rule_hits_total", MetricType::Counter,
                 "Decisions of a rule; of one on trial, those that it would have made. Only of "
                 "the 200 rules with the most.");
  auto& rules = *listing.mutable_rules();
  std::stable_sort(rules.begin(), rules.end(),
                   [](const v1::Rule& a, const v1::Rule& b) { return a.hits() > b.hits(); });
  const auto count =
      std::min<std::size_t>(MetricsReport::kMostRules, static_cast<std::size_t>(rules.size()));
  for (std::size_t i = 0; i < count; ++i) {
    const v1::Rule& rule = rules[static_cast<int>(i)];
    Collection::AddCount(family, {{"rule", rule.name()}, {"action", rule.action()}}, rule.hits());
  }
}

void AddWitness(const v1::Witness& witness, Collection& all) {
  all.Gauge("procwall_witness_running", witness.runs() ? 1 : 0, "1: the kernel witness runs.");
  MetricFamily& lost = all.Family("procwall_witness_lost_total", MetricType::Counter,
                                  "Notes of the kernel witness that were lost.");
  Collection::AddCount(lost, {{"what", "event"}}, witness.lost_events());
  Collection::AddCount(lost, {{"what", "socket"}}, witness.lost_sockets());
  const v1::WitnessTable& sockets = witness.sockets();
  const v1::WitnessTable& flows = witness.flows();
  MetricFamily& entries = all.Family("procwall_witness_entries", MetricType::Gauge,
                                     "What the kernel witness remembers.");
  Collection::AddGauge(entries, {{"what", "socket"}}, sockets.held());
  Collection::AddGauge(entries, {{"what", "flow"}}, flows.held());
  MetricFamily& room = all.Family("procwall_witness_room", MetricType::Gauge,
                                  "What the kernel witness has room for.");
  Collection::AddGauge(room, {{"what", "socket"}}, sockets.most());
  Collection::AddGauge(room, {{"what", "flow"}}, flows.most());
  MetricFamily& displaced =
      all.Family("procwall_witness_displaced_total", MetricType::Counter,
                 "What the kernel witness forgot because its tables were full, at least.");
  Collection::AddCount(displaced, {{"what", "socket"}}, sockets.displaced());
  Collection::AddCount(displaced, {{"what", "flow"}}, flows.displaced());
}

void AddJournal(const v1::Journal& journal, Collection& all) {
  all.Gauge("procwall_journal_running", journal.path().empty() ? 0 : 1, "1: a journal is kept.");
  all.Gauge("procwall_journal_entries", static_cast<double>(journal.entries()),
            "Entries of the journal.");
  all.Gauge("procwall_journal_bytes", static_cast<double>(journal.bytes()),
            "Size of the journal's file.");
  all.Count("procwall_journal_lost_total", journal.lost(),
            "Entries that could not be written to the journal.");
}

void AddSinks(const std::vector<SinkState>& sinks, Collection& all) {
  MetricFamily& written = all.Family("procwall_sink_written_total", MetricType::Counter,
                                     "Events that were handed to a sink.");
  for (const SinkState& sink : sinks) {
    Collection::AddCount(written, {{"sink", sink.name}}, sink.written);
  }
  MetricFamily& lost = all.Family("procwall_sink_lost_total", MetricType::Counter,
                                  "Events that a sink did not take.");
  for (const SinkState& sink : sinks) Collection::AddCount(lost, {{"sink", sink.name}}, sink.lost);
}

}  // namespace

std::vector<prometheus::MetricFamily> MetricsReport::Families(std::uint32_t watchers) const {
  const v1::StatusResponse status = parts_.status.Status();
  Collection all;
  AddDaemon(status, watchers, all);
  AddPackets(status.counters(), all);
  AddDecisions(parts_.counters.decisions, all);
  AddLatency(parts_.counters.decisions, all);
  AddRules(status, parts_.status.ListRules(), parts_.reloads(), all);
  AddWitness(status.witness(), all);
  AddJournal(status.journal(), all);
  AddSinks(parts_.sinks(), all);
  return all.Take();
}

std::string MetricsReport::Text(std::uint32_t watchers) const {
  std::ostringstream text;
  prometheus::TextSerializer().Serialize(text, Families(watchers));
  return text.str();
}

}  // namespace procwall
