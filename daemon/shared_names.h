// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "attribution/names.h"
#include "base/clock.h"
#include "base/guarded.h"
#include "daemon/dns_queries.h"
#include "daemon/dns_traffic.h"
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

  // The clock must outlive it.
  explicit SharedNames(const Clock& clock) : state_(std::make_unique<State>(clock)) {}

  void Learn(const DnsMessage& answer, const NameAsker& asker = {},
             NameSource source = NameSource::kDns) {
    (*state_.Lock())->names.Learn(answer, asker, source);
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
  };
  Guarded<std::unique_ptr<State>> state_;
};

}  // namespace procwall
