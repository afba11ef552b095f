// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <vector>

#include "attribution/attribution.h"
#include "attribution/conclude.h"
#include "attribution/procfs.h"
#include "attribution/program_source.h"
#include "attribution/send_trace.h"
#include "attribution/traced_process.h"
#include "base/clock.h"
#include "net/connection.h"

namespace procwall {

// So much longer than SendBound allows for may a packet have been on its way to us, where a virtual
// machine's processors are taken away meanwhile: 113 us were seen where it allows for 100.
inline constexpr std::chrono::milliseconds kUncountedDelay{1};
// Whoever else asked for the route so long before the packet was sent may have sent it, too.
inline constexpr std::chrono::milliseconds kRouteDoubt{200};

// When a packet was sent: not before `after` (the epoch: not known), and before it was received.
struct SendTime {
  BootTime after{};
  BootTime received{};
};

// Settles doubts that sockets and their holders leave open, by what the sender itself did: it asked
// for the packet's route, or, where its socket is connected and asks no more, or is UDP-Lite's,
// whose ports the kernel does not tell with its questions, it sent a datagram. TCP over IPv6 asks
// before it has a port: there whoever connected a socket that is gone is known by its end.
// For the finder's threads: it reads /proc of a few processes. The references must outlive it.
class DoubtSettler {
 public:
  static constexpr std::size_t kMaxSenders = 128;  // that are looked at; more: still a doubt

  DoubtSettler(SendTrace& trace, ProgramSource& programs, const Procfs& procfs, const Clock& clock)
      : trace_(trace), programs_(programs), procfs_(procfs), clock_(clock) {}

  // `attribution`, what was concluded from `findings`, becomes likely if it was ambiguous, or
  // unknown for want of a process, and one process alone can have sent the packet. It stays as it
  // was where
  // - several asked for the route (TCP over IPv6: connected), nobody did, or it is not known who;
  // - its socket is connected, and another holder sent datagrams at that time, or may not have
  //   returned from sending one yet, or somebody who may have held it then, or nobody did;
  // - its socket is gone, and may have been connected while another process sent datagrams, or the
  //   kernel's own;
  // - it is UDP-Lite's, and the socket is held, or another process sent datagrams or asked for a
  //   route to that host;
  // - that process has executed another program since, is another user's, lives in another network
  //   namespace, is the kernel's, or is not known.
  void Settle(Attribution& attribution, const Findings& findings, const Connection& connection,
              const SendTime& sent) const;

  // Whether this one may have sent it as another program than it runs: it executed one about then,
  // and, of datagrams, did not do so before the first that it is known to have sent since.
  bool MayHaveSentAsAnother(Pid pid, const Connection& connection, const SendTime& sent) const;

  // Whether one of them asked for the route before it executed the program that it runs: then the
  // packet took longer to us than anybody allowed for, and may be of the program before.
  bool AskedAsAnother(const std::vector<Pid>& pids, const Connection& connection,
                      const SendTime& sent) const;

 private:
  std::optional<std::vector<TracedProcess>> SendersAround(const SendTime& sent) const;
  ProcessPtr SenderOf(const Attribution& attribution, const Findings& findings,
                      const Connection& connection, const SendTime& sent) const;
  ProcessPtr AskerOfRoute(const Attribution& attribution, const Connection& connection,
                          const SendTime& sent, bool is_connected) const;
  ProcessPtr OnlySender(const Connection& connection, const SendTime& sent) const;
  ProcessPtr OnlyConnector(const Connection& connection, const SendTime& sent,
                           bool was_there) const;
  bool SentTheOneThatIsGone(const RouteAsker& asker, const SendTime& sent,
                            bool may_be_connected) const;
  ProcessPtr SenderAmong(const Candidate& socket, const SendTime& sent) const;
  bool MayHold(Pid pid, const std::vector<ProcessPtr>& holders, const SocketEntry& socket,
               BootTime deadline) const;
  ProcessPtr ProgramSince(Pid pid, BootTime since) const;

  SendTrace& trace_;
  ProgramSource& programs_;
  const Procfs& procfs_;
  const Clock& clock_;
};

}  // namespace procwall
