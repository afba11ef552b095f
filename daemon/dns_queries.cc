// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/dns_queries.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace procwall {
namespace {

constexpr std::size_t kMostOfAProgram = DnsQueries::kMaxQueries / 4;
constexpr std::size_t kMaxPrograms = 1024;  // that wait for answers

}  // namespace

// From the front of the line: what is too old, was answered, or is too much.
void DnsQueries::ForgetOld(Line& line, std::size_t most) {
  const BootTime now = clock_.Now();
  while (!line.empty()) {
    const Asked& first = line.front();
    const auto query = queries_.find(first.key);
    const bool is_open = query != queries_.end() && query->second.number == first.number;
    if (is_open && first.forgotten_at > now && line.size() <= most) return;
    if (is_open) queries_.erase(query);
    line.pop_front();
  }
}

void DnsQueries::Ask(const FlowKey& flow, std::uint16_t id, std::string_view name,
                     NameAsker asker) {
  if (lines_.size() >= kMaxPrograms || queries_.size() >= kMaxQueries) {
    for (auto line = lines_.begin(); line != lines_.end();) {
      ForgetOld(line->second, kMostOfAProgram);
      line = line->second.empty() ? lines_.erase(line) : std::next(line);
    }
    if (lines_.size() >= kMaxPrograms || queries_.size() >= kMaxQueries) return;
  }
  Line& line = lines_[asker.program];
  ForgetOld(line, kMostOfAProgram - 1);
  const Key key{FlowOf(flow), id};
  line.push_back({key, ++asked_, clock_.Now() + kPatience});
  queries_.insert_or_assign(key, Query{std::string(name), std::move(asker), asked_});
}

bool DnsQueries::HasAskedOn(const Flow& flow) const {
  const auto first = queries_.lower_bound({flow, 0});
  return first != queries_.end() && first->first.first == flow;
}

std::optional<NameAsker> DnsQueries::Answered(const FlowKey& flow, std::uint16_t id,
                                              std::string_view name) {
  const auto query = queries_.find({FlowOf(flow), id});
  if (query == queries_.end()) {
    return HasAskedOn(FlowOf(flow)) ? std::nullopt : std::optional(NameAsker());
  }
  if (query->second.name != name) return std::nullopt;
  // It stays until it is forgotten: the same answer may come twice, and the first may be forged.
  return query->second.asker;
}

void DnsQueries::Connect(const FlowKey& flow, NameAsker asker) {
  Stream& stream = StreamOf(flow);
  stream.messages = {};
  stream.asker = std::move(asker);
}

DnsQueries::Stream& DnsQueries::StreamOf(const FlowKey& flow) {
  const BootTime now = clock_.Now();
  const auto known = streams_.find(FlowOf(flow));
  if (known == streams_.end() && streams_.size() >= kMaxStreams) {
    streams_.erase(
        std::min_element(streams_.begin(), streams_.end(), [](const auto& a, const auto& b) {
          return a.second.forgotten_at < b.second.forgotten_at;
        }));
  }
  Stream& stream = known == streams_.end() ? streams_[FlowOf(flow)] : known->second;
  if (stream.forgotten_at <= now) stream = {};
  stream.forgotten_at = now + kStreamPatience;
  return stream;
}

}  // namespace procwall
