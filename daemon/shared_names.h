// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "attribution/names.h"
#include "base/clock.h"
#include "base/guarded.h"
#include "daemon/dns_queries.h"
#include "daemon/dns_traffic.h"
#include "daemon/lanes.h"
#include "net/connection.h"
#include "net/dns_message.h"
#include "net/ip_address.h"
#include "net/packet.h"
#include "net/packet_queue.h"

namespace procwall {

// What all packet threads know of names: who has asked, and what was answered. A query, its answer
// and the connection that follows may come up by different queues. Thread rule: all methods from
// any thread; the lock is held for one lookup or one packet.
class SharedNames {
 public:
  struct Name {
    std::string text{};
    NameSource source = NameSource::kNone;
  };
  struct Answer {
    DnsMessage message;
    NameAsker asker;
  };

  // Addresses that have got names since somebody looked last.
  struct News {
    std::uint64_t position = 0;  // look from here the next time
    bool too_many = false;       // any address may be among them
    std::vector<IpAddress> addresses{};

    bool MayBeAbout(const IpAddress& address) const {
      return too_many || std::ranges::find(addresses, address) != addresses.end();
    }
  };
  static constexpr std::size_t kMostNews = 256;

  // The clock must outlive it. `lanes` are woken when there is news, if there are several.
  explicit SharedNames(const Clock& clock, std::optional<Lanes> lanes = std::nullopt)
      : lanes_(std::move(lanes)), state_(std::make_unique<State>(clock)) {}

  void Learn(const DnsMessage& answer, const NameAsker& asker = {},
             NameSource source = NameSource::kDns) {
    {
      const auto state = state_.Lock();
      (*state)->names.Learn(answer, asker, source);
      for (const DnsMessage::Address& record : answer.addresses) {
        (*state)->news.push_back(record.address);
        if ((*state)->news.size() > kMostNews) (*state)->news.pop_front();
      }
      learned_.fetch_add(answer.addresses.size(), std::memory_order_relaxed);
    }
    if (lanes_ && lanes_->Count() > 1) lanes_->WakeAll();
  }
  // Of any packet thread.
  bool HasNews(std::uint64_t since) const {
    return learned_.load(std::memory_order_relaxed) != since;
  }
  News NewsSince(std::uint64_t position) {
    const auto state = state_.Lock();
    const std::uint64_t learned = learned_.load(std::memory_order_relaxed);
    const auto& news = (*state)->news;
    const std::uint64_t count = std::min<std::uint64_t>(learned - position, news.size());
    return {learned,
            count < learned - position,
            {news.end() - static_cast<std::ptrdiff_t>(count), news.end()}};
  }
  // `asker()` says for whom; it is called only if there is a name at all.
  template <typename AskerSource>
  Name NameOf(const IpAddress& address, const AskerSource& asker) {
    const auto state = state_.Lock();
    if (!(*state)->names.Knows(address)) return {};
    const Names::Name known = (*state)->names.NameOf(address, asker());
    return {std::string(known.text), known.source};
  }
  bool Knows(const IpAddress& address) { return (*state_.Lock())->names.Knows(address); }

  // A query leaves; a connection to a name server begins.
  void NoteQuery(const FlowKey& flow, std::uint16_t id, std::string_view name, NameAsker asker) {
    (*state_.Lock())->queries.Ask(flow, id, name, std::move(asker));
  }
  void NoteConnection(const FlowKey& flow, NameAsker asker) {
    (*state_.Lock())->queries.Connect(flow, std::move(asker));
  }
  // What in the packet answers what was asked. Not learnt yet.
  std::vector<Answer> AnswersIn(const QueuedPacket& queued, const Packet& packet) {
    std::vector<Answer> answers;
    const auto state = state_.Lock();
    ReadDnsAnswers(queued, packet, (*state)->queries,
                   [&](const DnsMessage& message, const NameAsker& asker) {
                     answers.push_back({message, asker});
                   });
    return answers;
  }

 private:
  struct State {
    explicit State(const Clock& clock) : names(clock), queries(clock) {}
    Names names;
    DnsQueries queries;
    std::deque<IpAddress> news;  // the last of them
  };
  const std::optional<Lanes> lanes_;
  std::atomic<std::uint64_t> learned_{0};  // addresses; changes under the lock
  Guarded<std::unique_ptr<State>> state_;
};

}  // namespace procwall
