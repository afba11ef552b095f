// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/dns_traffic.h"

#include <linux/netfilter.h>

#include <utility>
#include <vector>

namespace procwall {
namespace {

constexpr std::uint8_t kSyn = 2;
constexpr std::uint8_t kAck = 16;
constexpr std::size_t kMaxOfASegment = 64;  // answers

void ReadDatagram(const Packet& packet, const FlowKey& flow, DnsQueries& queries,
                  const LearnAnswer& learn) {
  const auto answer = ParseDnsMessage(packet.payload);
  if (!answer || !answer->is_response || answer->questions.empty()) return;
  const auto asker = queries.Answered(flow, answer->id, answer->questions.front());
  if (asker) learn(*answer, *asker);
}

void ReadSegment(const QueuedPacket& queued, const Packet& packet, const FlowKey& flow,
                 DnsQueries& queries, const LearnAnswer& learn) {
  const bool is_syn = (packet.tcp_flags & kSyn) != 0;
  if (!is_syn && packet.payload.empty()) return;
  DnsQueries::Stream& stream = queries.StreamOf(flow);
  if (is_syn) return stream.messages.Begin(packet.tcp_sequence);
  const bool is_cut = queued.original_size > queued.payload.size();
  std::vector<DnsMessage> answers;
  stream.messages.Append(packet.tcp_sequence, packet.payload,
                         is_cut ? DnsStream::Copied::kCut : DnsStream::Copied::kWhole,
                         [&](Bytes message) {
                           auto answer = ParseDnsMessage(message);
                           if (!answer || !answer->is_response) return;
                           if (answers.size() < kMaxOfASegment)
                             answers.push_back(*std::move(answer));
                         });
  // What is learnt may let other connections begin, and this one be forgotten.
  const NameAsker asker = stream.asker;
  for (const DnsMessage& answer : answers) learn(answer, asker);
}

}  // namespace

bool IsDnsAnswer(const QueuedPacket& queued, const Packet& packet) {
  if (queued.hook != NF_INET_LOCAL_IN || packet.source.port != kDnsPort) return false;
  const bool is_segment = packet.protocol == IpProtocol::kTcp && (packet.tcp_flags & kAck) != 0;
  return packet.protocol == IpProtocol::kUdp || is_segment;
}

DnsQuestion QuestionOf(const Packet& packet) {
  if (packet.protocol != IpProtocol::kUdp || packet.destination.port != kDnsPort) return {};
  Result<DnsMessage> query = ParseDnsMessage(packet.payload);
  if (!query || query->is_response || query->questions.empty()) return {};
  return {query->id, std::move(query->questions.front())};
}

void ReadDnsAnswers(const QueuedPacket& queued, const Packet& packet, DnsQueries& queries,
                    const LearnAnswer& learn) {
  const FlowKey flow = KeyOf(ConnectionOf(packet, Direction::kIncoming));
  if (packet.protocol == IpProtocol::kTcp) return ReadSegment(queued, packet, flow, queries, learn);
  ReadDatagram(packet, flow, queries, learn);
}

}  // namespace procwall
