// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/opensnitch_statistics.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace procwall {
namespace {

std::string UserOf(const Event& event) {
  if (event.connection->uid) return std::to_string(*event.connection->uid);
  const auto& processes = event.attribution.processes;
  return processes.empty() ? std::string() : std::to_string(processes.front()->uid);
}

}  // namespace

void TopHits::Count(const std::string& what) {
  if (what.empty()) return;
  if (const auto known = hits_.find(what); known != hits_.end()) {
    ++known->second;
    return;
  }
  if (hits_.size() >= kKept) {
    hits_.erase(std::min_element(hits_.begin(), hits_.end(),
                                 [](const auto& a, const auto& b) { return a.second < b.second; }));
  }
  hits_.emplace(what, 1);
}

GuiStatistics::Hits TopHits::Top(std::size_t most) const {
  if (hits_.size() <= most) return hits_;
  std::vector<std::pair<std::string, std::uint64_t>> sorted(hits_.begin(), hits_.end());
  const auto end = sorted.begin() + static_cast<std::ptrdiff_t>(most);
  std::partial_sort(sorted.begin(), end, sorted.end(),
                    [](const auto& a, const auto& b) { return a.second > b.second; });
  return {sorted.begin(), end};
}

void OpensnitchStatistics::Add(const EventPtr& event) {
  (event->rule ? rule_hits_ : rule_misses_) += 1;
  if (!event->connection) return;  // it has nothing that its GUI could show
  const Connection& connection = *event->connection;
  by_protocol_.Count(ProtocolName(connection.protocol, connection.Family()));
  by_address_.Count(connection.Destination().address.ToString());
  by_host_.Count(event->host);
  by_port_.Count(std::to_string(connection.Destination().port));
  by_user_.Count(UserOf(*event));
  const auto& processes = event->attribution.processes;
  if (!processes.empty()) by_program_.Count(RulePath(*processes.front()));

  // Decisions made together have one time; the GUI tells them apart by it.
  last_time_ = std::max(event->time.time_since_epoch().count(), last_time_ + 1);
  waiting_.push_back({event, last_time_});
  if (waiting_.size() > limits_.events) waiting_.pop_front();
}

GuiStatistics OpensnitchStatistics::Collect() {
  sent_until_ = last_time_;
  GuiStatistics statistics;
  statistics.rule_hits = rule_hits_;
  statistics.rule_misses = rule_misses_;
  statistics.by_protocol = by_protocol_.Top(limits_.hits);
  statistics.by_address = by_address_.Top(limits_.hits);
  statistics.by_host = by_host_.Top(limits_.hits);
  statistics.by_port = by_port_.Top(limits_.hits);
  statistics.by_user = by_user_.Top(limits_.hits);
  statistics.by_program = by_program_.Top(limits_.hits);
  statistics.events.assign(waiting_.begin(), waiting_.end());
  return statistics;
}

void OpensnitchStatistics::OnDelivered() {
  while (!waiting_.empty() && waiting_.front().unix_nanoseconds <= sent_until_) {
    waiting_.pop_front();
  }
}

}  // namespace procwall
