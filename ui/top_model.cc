// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/top_model.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "record/event_words.h"
#include "ui/event_cells.h"

namespace procwall {
namespace {

TopTime TimeOf(const google::protobuf::Timestamp& time) {
  // Beyond that the clock's own type runs over.
  constexpr std::int64_t kMost = 9'000'000'000;
  const std::int64_t seconds = std::clamp<std::int64_t>(time.seconds(), 0, kMost);
  const std::int64_t nanos = std::clamp<std::int64_t>(time.nanos(), 0, 999'999'999);
  return TopTime(std::chrono::duration_cast<TopTime::duration>(std::chrono::seconds(seconds) +
                                                               std::chrono::nanoseconds(nanos)));
}

// "tcp" of "tcp6": conntrack knows no difference.
std::string_view Family(std::string_view protocol) {
  if (protocol.ends_with('6')) protocol.remove_suffix(1);
  return protocol;
}

std::string EndsText(std::string_view protocol, const std::string& src_ip, std::uint32_t src_port,
                     const std::string& dst_ip, std::uint32_t dst_port) {
  return fmt::format("{} {} {} {} {}", Family(protocol), src_ip, src_port, dst_ip, dst_port);
}

std::string EndsOf(const v1::Event& event) {
  return EndsText(event.protocol(), event.src_ip(), event.src_port(), event.dst_ip(),
                  event.dst_port());
}

std::string EndsOf(const v1::Flow& flow) {
  const v1::FlowEnds& ends = flow.original();
  return EndsText(flow.protocol(), ends.src_ip(), ends.src_port(), ends.dst_ip(), ends.dst_port());
}

std::string ProgramKey(const v1::Event& event) {
  if (!event.has_process()) {
    return event.unknown_reason().empty() ? "unknown" : "unknown: " + event.unknown_reason();
  }
  const auto name = [](const v1::Process& process) {
    return process.path().empty() ? std::string("(no executable)") : process.path();
  };
  std::string key = name(event.process());
  for (const v1::Process& other : event.alternatives()) key += " or " + name(other);
  return key;
}

std::string PlaceKey(const v1::Event& event) {
  return fmt::format("{} {}", DestinationCell(event).Render(Colours::kOff),
                     Family(event.protocol()));
}

// As ss(8) names it.
std::string ShortState(const std::string& state) {
  return state == "ESTABLISHED" ? "ESTAB" : state;
}

std::string Decided(const v1::Event& event) {
  if (event.cut()) return "cut";
  switch (event.action()) {
    case v1::ACTION_ALLOW:
      return "allowed";
    case v1::ACTION_DENY:
      return "denied";
    case v1::ACTION_REJECT:
      return "rejected";
    default:
      return ActionWord(event.action());
  }
}

std::string StateOf(const TopPlace& place, bool flows_are_told) {
  if (place.flows.empty()) {
    const bool has_ended = flows_are_told && place.event.action() == v1::ACTION_ALLOW;
    return has_ended && !place.event.cut() ? "ended" : Decided(place.event);
  }
  const std::string state = ShortState(place.flows.front().state());
  if (place.flows.size() == 1) return state;
  const bool same = std::ranges::all_of(
      place.flows, [&](const v1::Flow& flow) { return ShortState(flow.state()) == state; });
  return fmt::format("{} {}", place.counts.live, same ? state : "live");
}

}  // namespace

v1::Event EventOfFlow(const v1::Flow& flow, const std::set<std::string>& own_addresses) {
  const v1::FlowEnds& ends = flow.original();
  v1::Event event;
  event.set_protocol(flow.protocol());
  const bool is_ours = own_addresses.contains(ends.src_ip());
  const bool is_for_us = own_addresses.contains(ends.dst_ip());
  event.set_direction(is_ours ? "outgoing" : is_for_us ? "incoming" : "forwarded");
  event.set_src_ip(ends.src_ip());
  event.set_src_port(ends.src_port());
  event.set_dst_ip(ends.dst_ip());
  const bool has_ports =
      flow.protocol() != "icmp" && flow.protocol() != "icmp6" && flow.protocol() != "icmpv6";
  event.set_dst_port(has_ports ? ends.dst_port() : 0);
  if (event.direction() != "incoming") event.set_dst_host(flow.host());
  if (flow.has_process()) *event.mutable_process() = flow.process();
  event.set_confidence(flow.confidence());
  event.set_unknown_reason(flow.unknown_reason());
  event.set_action(v1::ACTION_ALLOW);
  event.set_judged_action(v1::ACTION_ALLOW);
  event.set_rule(flow.rule());
  if (!flow.rule().empty()) event.set_reason(v1::REASON_RULE);
  event.set_sequence(flow.sequence());
  return event;
}

void TopModel::OnEvent(const v1::Event& event) {
  const TopTime when = TimeOf(event.time());
  // Asked again, the daemon begins with what it has told already; one that was started anew counts
  // from 1, but later.
  const auto& [sequence, time] = newest_;
  if (event.sequence() <= sequence && when <= time) return;
  newest_ = {event.sequence(), std::max(when, time)};

  const Key key{ProgramKey(event), PlaceKey(event)};
  Place& place = PlaceOf(event, key);
  TopPlace& shown = place.shown;
  shown.event = event;
  shown.is_decided = true;
  shown.counts.last = std::max(shown.counts.last, when);
  const bool passed = event.action() == v1::ACTION_ALLOW && !event.cut();
  ++(passed ? shown.counts.allowed : shown.counts.denied);
  place.recent.Add(when);
  RememberEnds(EndsOf(event), key);
  if (places_.size() > kMaxPlaces) ForgetOldest();
}

TopModel::Place& TopModel::PlaceOf(const v1::Event& event, Key key) {
  Place& place = places_[key];
  if (place.shown.key.empty()) {
    place.shown.key = std::move(key.second);
    place.shown.event = event;
  }
  if (event.has_process() && place.pids.size() < kMaxPids) {
    place.pids.insert(event.process().pid());
  }
  return place;
}

void TopModel::RememberEnds(const std::string& ends, const Key& key) {
  const auto [known, is_new] = by_ends_.insert_or_assign(ends, key);
  if (!is_new) return;
  ends_.push_back(ends);
  if (ends_.size() <= kMaxEnds) return;
  by_ends_.erase(ends_.front());
  ends_.pop_front();
}

void TopModel::OnFlows(const std::vector<v1::Flow>& flows, TopTime now) {
  for (auto& [key, place] : places_) {
    TopCounts& counts = place.shown.counts;
    place.shown.flows.clear();
    counts.live = 0;
    counts.in_bytes = counts.out_bytes = std::nullopt;
    counts.in_rate = counts.out_rate = std::nullopt;
  }
  std::optional<double> seconds;
  if (flows_told_ && now > *flows_told_) {
    seconds = std::chrono::duration<double>(now - *flows_told_).count();
  }
  std::unordered_map<std::string, Moved> moved;
  for (const v1::Flow& flow : flows) OnFlow(flow, seconds, now, moved);
  moved_ = std::move(moved);
  flows_told_ = now;
  if (places_.size() > kMaxPlaces) ForgetOldest();
}

void TopModel::OnFlow(const v1::Flow& flow, std::optional<double> seconds, TopTime now,
                      std::unordered_map<std::string, Moved>& moved) {
  const v1::Event event = EventOfFlow(flow, own_addresses_);
  const std::string ends = EndsOf(flow);
  const auto known = by_ends_.find(ends);
  Place& place = known == by_ends_.end() ? PlaceOf(event, {ProgramKey(event), PlaceKey(event)})
                                         : PlaceOf(event, known->second);
  TopPlace& shown = place.shown;
  if (shown.flows.size() < kMaxFlowsOfPlace) shown.flows.push_back(flow);
  TopCounts& counts = shown.counts;
  ++counts.live;
  counts.last = now;
  if (!flow.has_sent_bytes() || !flow.has_received_bytes()) return;
  const bool is_incoming = shown.event.direction() == "incoming";
  const Moved total = is_incoming ? Moved{flow.sent_bytes(), flow.received_bytes()}
                                  : Moved{flow.received_bytes(), flow.sent_bytes()};
  counts.in_bytes = counts.in_bytes.value_or(0) + total.in;
  counts.out_bytes = counts.out_bytes.value_or(0) + total.out;
  const std::string id = fmt::format("{} {}", flow.id(), ends);
  if (seconds) {
    const auto before = moved_.find(id);
    const Moved old = before == moved_.end() ? Moved{} : before->second;
    const auto rate = [&](std::uint64_t now_bytes, std::uint64_t then) {
      return now_bytes > then ? static_cast<double>(now_bytes - then) / *seconds : 0.0;
    };
    counts.in_rate = counts.in_rate.value_or(0) + rate(total.in, old.in);
    counts.out_rate = counts.out_rate.value_or(0) + rate(total.out, old.out);
  }
  moved[id] = total;
}

void TopModel::OnNoFlows() {
  if (!flows_told_) return;
  OnFlows({}, *flows_told_);
  // What only flows told of, nobody tells of any more.
  std::erase_if(places_, [](const auto& entry) { return !entry.second.shown.is_decided; });
  moved_.clear();
  flows_told_.reset();
}

std::vector<TopProgram> TopModel::Programs(TopTime now) {
  Forget(now);
  std::vector<TopProgram> programs;
  for (const auto& [key, place] : places_) {
    if (programs.empty() || programs.back().key != key.first) {
      programs.emplace_back();
      programs.back().key = key.first;
    }
    TopProgram& program = programs.back();
    TopPlace shown = place.shown;
    shown.counts.per_second = place.recent.PerSecond(now);
    shown.state = StateOf(shown, flows_told_.has_value());
    if (program.places.empty() || shown.counts.last > program.counts.last) {
      program.event = shown.event;
    }
    for (const std::int32_t pid : place.pids) {
      if (program.pids.size() < kMaxPids) program.pids.insert(pid);
    }
    program.counts.Add(shown.counts);
    program.places.push_back(std::move(shown));
  }
  return programs;
}

void TopModel::Forget(TopTime now) {
  std::erase_if(places_, [&](const auto& entry) {
    const TopPlace& place = entry.second.shown;
    return place.flows.empty() && place.counts.last + kKeep < now;
  });
}

void TopModel::ForgetOldest() {
  std::vector<TopTime> times;
  times.reserve(places_.size());
  for (const auto& [key, place] : places_) times.push_back(place.shown.counts.last);
  const auto quarter = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 4);
  std::nth_element(times.begin(), quarter, times.end());
  // Of those that are as old as the quarter's end, only as many as must go.
  std::size_t surplus = times.size() / 4 + 1;
  std::erase_if(places_, [&](const auto& entry) {
    if (surplus == 0 || entry.second.shown.counts.last > *quarter) return false;
    --surplus;
    return true;
  });
}

}  // namespace procwall
