// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <string>

#include "tests/lab/hard_case/peer.h"
#include "tests/lab/hard_case/transport.h"

namespace procwall {

// What one program of a hard case was told to do.
struct CaseRun {
  Transport transport = Transport::kUdp;
  std::string transport_word;
  Peer peer;
  std::string address;           // as given, so that another program can be told the same
  std::string other;             // the path of the second program; empty in cases of one
  std::uint16_t local_port = 0;  // that the second program shall use
};

// Says on stdout, in one line of JSON, that this very process is about to send from `fd` to `peer`.
// Before and not after: a process that wrote in between would not be a hard case.
void AnnounceSend(int fd, const CaseRun& run, const Peer& peer);
// Says that what was announced did not happen.
void AnnounceFailure(const CaseRun& run, const Peer& peer);

// AnnounceSend(), SendFirst() and if need be AnnounceFailure(): an exit code.
int SendAndTell(int fd, const CaseRun& run, const Peer& peer);
// OpenSocket() and SendAndTell().
int OpenAndSend(const CaseRun& run);

// Before anything is announced: end the program, and say that nothing will be sent.
void BindOrGiveUp(int fd, const CaseRun& run, const Peer& local);
void ConnectOrGiveUp(int fd, const CaseRun& run);

// Waits until stdin ends: the one who started all programs ends them.
void Stay();
// Waits until a connection stands or an answer came, at most two seconds.
void AwaitAnswer(int fd);

}  // namespace procwall
