// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/evidence_message.h"

#include <chrono>
#include <memory>

#include <gtest/gtest.h>

#include "tests/support/message_text.h"

namespace procwall {
namespace {

RankedSocket ASocket() {
  RankedSocket ranked;
  ranked.rank = SocketRank::kSameFlow;
  ranked.socket.local = {IpAddress::V4({10, 0, 0, 2}), 40000};
  ranked.socket.remote = {IpAddress::V4({192, 0, 2, 1}), 443};
  ranked.socket.state = SocketState::kSynSent;
  ranked.socket.inode = 4711;
  ranked.socket.cookie = 9;
  ranked.socket.uid = 1000;
  return ranked;
}

TEST(EvidenceMessage, TellsWhatWasAskedAndWhatAnswered) {
  Evidence evidence;
  evidence.socket_source = SocketSource::kExact;
  evidence.holder_source = HolderSource::kWalk;
  evidence.socket = ASocket();
  evidence.candidates = 1;
  evidence.holders = 2;
  evidence.all_holders_known = true;
  evidence.uid_agrees = false;
  evidence.note = "so it is";
  EXPECT_TRUE(Says(ToMessage(evidence), R"(
    lookup: "exact" holder_from: "walk"
    socket {
      inode: 4711 cookie: 9 state: "SYN-SENT" uid: 1000 rank: "same-flow"
      rank_reason: "protocol, both addresses and both ports are those of the packet"
      local_ip: "10.0.0.2" local_port: 40000 remote_ip: "192.0.2.1" remote_port: 443
    }
    considered: 1 holders: 2 all_holders_known: true uid_agrees: false note: "so it is")"));
}

TEST(EvidenceMessage, TellsWhatTheWitnessSaw) {
  Evidence evidence;
  evidence.socket_source = SocketSource::kWitness;
  evidence.holder_source = HolderSource::kWitness;
  evidence.hook = WitnessHook::kConnect;
  evidence.cookie = 9;
  evidence.age = std::chrono::microseconds(300);
  EXPECT_TRUE(Says(ToMessage(evidence), R"(
    lookup: "witness" holder_from: "witness" hook: "connect" cookie: 9 age { nanos: 300000 })"));
}

TEST(EvidenceMessage, TellsTheAlternatives) {
  Process process;
  process.id = {7, 1};
  process.path = "/bin/\xff";
  RankedSocket listener = ASocket();
  listener.socket.remote = {};
  listener.rank = SocketRank::kSamePort;
  Evidence evidence;
  evidence.alternatives = {
      {listener, nullptr, AlternativeReason::kOtherConnection},
      {{}, std::make_shared<const Process>(process), AlternativeReason::kSentBefore}};
  EXPECT_TRUE(Says(ToMessage(evidence), R"(
    lookup: "none" holder_from: "none"
    alternatives {
      socket {
        inode: 4711 cookie: 9 state: "SYN-SENT" uid: 1000 rank: "same-port"
        rank_reason: "only protocol and local port are those of the packet"
        local_ip: "10.0.0.2" local_port: 40000
      }
      reason: "other-connection" sentence: "rejected, because it has another connection"
    }
    alternatives {
      process { pid: 7 path: "/bin/\\xff" }
      reason: "sent-before"
      sentence: "it sent the same flow moments before, and the packet may be one of its own"
    })"));
}

}  // namespace
}  // namespace procwall
