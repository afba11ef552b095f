// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "attribution/names.h"
#include "base/clock.h"
#include "net/connection.h"
#include "net/dns_stream.h"

namespace procwall {

// Who has asked a name server what: the queries and connections that were let through and may still
// be answered. An answer is a datagram of the same addresses and ports with the same id and name;
// whatever comes over a connection is an answer. Remembered for kPatience and kStreamPatience. At
// most kMaxQueries, of which one program can have a quarter: beyond, its oldest are forgotten, and
// their answers are nobody's; at most kMaxStreams, each with a message that is not whole at most.
// Thread rule: one thread only.
class DnsQueries {
 public:
  static constexpr std::chrono::seconds kPatience{30};
  static constexpr std::chrono::minutes kStreamPatience{5};
  static constexpr std::size_t kMaxQueries = 8192;
  static constexpr std::size_t kMaxStreams = 64;

  explicit DnsQueries(const Clock& clock) : clock_(clock) {}

  // A query leaves.
  void Ask(const FlowKey& flow, std::uint16_t id, std::string_view name, NameAsker asker);
  // A connection to a name server begins.
  void Connect(const FlowKey& flow, NameAsker asker);

  // Who asked what is answered. An asker without a program: nobody knows. nullopt: it answers
  // nothing that was asked on this flow, though something was: it is made up, or came twice.
  std::optional<NameAsker> Answered(const FlowKey& flow, std::uint16_t id, std::string_view name);

  // The connection that answers come from, whoever began it.
  struct Stream {
    DnsStream messages{};
    NameAsker asker{};
    BootTime forgotten_at{};
  };
  Stream& StreamOf(const FlowKey& flow);

  std::size_t Size() const { return queries_.size(); }

 private:
  // Ordered, not hashed: local programs choose most of it.
  using Flow = std::tuple<IpProtocol, Endpoint, Endpoint>;
  using Key = std::pair<Flow, std::uint16_t>;
  struct Query {
    std::string name;
    NameAsker asker;
    std::uint64_t number;  // counts
  };
  // In the order of asking: what it points to may have been answered or asked anew since.
  struct Asked {
    Key key;
    std::uint64_t number;
    BootTime forgotten_at;
  };
  using Line = std::deque<Asked>;

  static Flow FlowOf(const FlowKey& flow) { return {flow.protocol, flow.local, flow.remote}; }
  void ForgetOld(Line& line, std::size_t most);
  bool HasAskedOn(const Flow& flow) const;

  const Clock& clock_;
  std::map<Key, Query> queries_;
  std::map<std::string, Line, std::less<>> lines_;  // by program
  std::map<Flow, Stream> streams_;
  std::uint64_t asked_ = 0;
};

}  // namespace procwall
