// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

#include "tests/lab/hard_case/cases.h"
#include "tests/lab/hard_case/other_program.h"

namespace procwall {
namespace {

enum class Giver { kStays, kEnds };

// What the giver does when its socket has gone over. Ending closes its end of the line last.
int EndAs(Giver giver) {
  if (giver == Giver::kStays) Stay();
  ::_exit(0);
}

// SCM_RIGHTS: this program makes the socket, the other one uses it.
int Pass(const CaseRun& run, Giver giver) {
  const int fd = OpenSocket(run.transport, run.peer.Family());
  const Line line = OpenLine();
  StartOther(run, giver == Giver::kStays ? "receive" : "receive-last", -1, line.theirs);
  SendDescriptor(line.mine, fd);
  return EndAs(giver);
}
int PassAndStay(const CaseRun& run) { return Pass(run, Giver::kStays); }
int PassAndEnd(const CaseRun& run) { return Pass(run, Giver::kEnds); }

int Receive(const CaseRun& run) {
  const int code = SendAndTell(ReceiveDescriptor(kGivenLine), run, run.peer);
  Stay();
  return code;
}

int ReceiveWhenAlone(const CaseRun& run) {
  const int fd = ReceiveDescriptor(kGivenLine);
  AwaitEnd(kGivenLine);
  const int code = SendAndTell(fd, run, run.peer);
  Stay();
  return code;
}

// Socket activation: this program binds, the other one is started with the socket and uses it.
int Activate(const CaseRun& run, Giver giver) {
  const int fd = OpenSocket(run.transport, run.peer.Family());
  BindOrGiveUp(fd, run, AnyAddress(run.peer.Family(), 0));
  const Line line = OpenLine();
  StartOther(run, giver == Giver::kStays ? "use-given" : "use-given-last", fd, line.theirs);
  return EndAs(giver);
}
int ActivateAndStay(const CaseRun& run) { return Activate(run, Giver::kStays); }
int ActivateAndEnd(const CaseRun& run) { return Activate(run, Giver::kEnds); }

// The same with a connected socket: the other program sends without an address.
int GiveConnected(const CaseRun& run, Giver giver) {
  const int fd = OpenSocket(run.transport, run.peer.Family());
  ConnectOrGiveUp(fd, run);
  const Line line = OpenLine();
  StartOther(run, giver == Giver::kStays ? "use-connected" : "use-connected-last", fd, line.theirs);
  return EndAs(giver);
}
int GiveConnectedAndStay(const CaseRun& run) { return GiveConnected(run, Giver::kStays); }
int GiveConnectedAndEnd(const CaseRun& run) { return GiveConnected(run, Giver::kEnds); }

int UseGiven(const CaseRun& run) {
  const int code = SendAndTell(kGivenSocket, run, run.peer);
  Stay();
  return code;
}

int UseGivenWhenAlone(const CaseRun& run) {
  AwaitEnd(kGivenLine);
  return UseGiven(run);
}

int UseConnected(const CaseRun& run) {
  AnnounceSend(kGivenSocket, run, run.peer);
  const bool sent = SendConnected(kGivenSocket);
  if (!sent) AnnounceFailure(run, run.peer);
  Stay();
  return sent ? 0 : 1;
}

int UseConnectedWhenAlone(const CaseRun& run) {
  AwaitEnd(kGivenLine);
  return UseConnected(run);
}

// The other program holds the socket too, as its descriptor `kGivenSocket`, and is the younger one.
void LendTo(const CaseRun& run, int fd) {
  const Line line = OpenLine();
  StartOther(run, "hold", fd, line.theirs);
  AwaitWord(line.mine);
}

// This program uses it.
int Lend(const CaseRun& run) {
  const int fd = OpenSocket(run.transport, run.peer.Family());
  LendTo(run, fd);
  const int code = SendAndTell(fd, run, run.peer);
  Stay();
  return code;
}

// Twice: what was found out about the first packet must not mislead about the second.
int LendAndSendTwice(const CaseRun& run) {
  const int fd = OpenSocket(run.transport, run.peer.Family());
  LendTo(run, fd);
  const int code = SendAndTell(fd, run, run.peer);
  constexpr unsigned kUntilTheFirstIsJudged = 100'000;  // microseconds
  ::usleep(kUntilTheFirstIsJudged);
  SendAndTell(fd, run, run.peer.WithPort(static_cast<std::uint16_t>(run.peer.Port() + 1)));
  Stay();
  return code;
}

// Here the socket has another number than there.
int LendFromFar(const CaseRun& run) {
  constexpr int kFar = 200;
  const int near = OpenSocket(run.transport, run.peer.Family());
  const int fd = ::fcntl(near, F_DUPFD_CLOEXEC, kFar);
  ::close(near);
  LendTo(run, fd);
  const int code = SendAndTell(fd, run, run.peer);
  Stay();
  return code;
}

// Only the other program is left when anybody looks.
int LendAndEnd(const CaseRun& run) {
  const int fd = OpenSocket(run.transport, run.peer.Family());
  LendTo(run, fd);
  ::_exit(SendAndTell(fd, run, run.peer));
}

int Hold(const CaseRun&) {
  Tell(kGivenLine);
  Stay();
  return 0;
}

// A listener that the other program was given, and a client of it: this program.
int ActivateListener(const CaseRun& run) {
  const int listener = OpenSocket(run.transport, run.peer.Family());
  BindOrGiveUp(listener, run, run.peer);
  ::listen(listener, 1);
  StartOther(run, "stay-idle", listener, -1);
  const int code = OpenAndSend(run);
  Stay();
  return code;
}

// Both ends on this host: the other program waits at the address that this one sends to.
int ToOther(const CaseRun& run) {
  const Line line = OpenLine();
  StartOther(run, "serve", -1, line.theirs);
  AwaitWord(line.mine);
  const int code = OpenAndSend(run);
  Stay();
  return code;
}

int Serve(const CaseRun& run) {
  const int fd = OpenSocket(run.transport, run.peer.Family());
  BindOrGiveUp(fd, run, run.peer);
  if (IsTcp(run.transport)) ::listen(fd, 1);
  Tell(kGivenLine);
  Stay();
  return 0;
}

int StayIdle(const CaseRun&) {
  Stay();
  return 0;
}

}  // namespace

std::span<const CasePart> HandoverCases() {
  static constexpr std::array kCases = {
      CasePart{"pass", PassAndStay},
      CasePart{"pass-gone", PassAndEnd},
      CasePart{"receive", Receive},
      CasePart{"receive-last", ReceiveWhenAlone},
      CasePart{"activate", ActivateAndStay},
      CasePart{"activate-gone", ActivateAndEnd},
      CasePart{"use-given", UseGiven},
      CasePart{"use-given-last", UseGivenWhenAlone},
      CasePart{"give-connected", GiveConnectedAndStay},
      CasePart{"give-connected-gone", GiveConnectedAndEnd},
      CasePart{"use-connected", UseConnected},
      CasePart{"use-connected-last", UseConnectedWhenAlone},
      CasePart{"lend", Lend},
      CasePart{"lend-twice", LendAndSendTwice},
      CasePart{"lend-far", LendFromFar},
      CasePart{"lend-gone", LendAndEnd},
      CasePart{"hold", Hold},
      CasePart{"activate-listener", ActivateListener},
      CasePart{"to-other", ToOther},
      CasePart{"serve", Serve},
      CasePart{"stay-idle", StayIdle},
  };
  return kCases;
}

}  // namespace procwall
