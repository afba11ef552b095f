// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "tests/lab/hard_case/cases.h"
#include "tests/lab/hard_case/other_program.h"

namespace procwall {
namespace {

constexpr unsigned kPollMicroseconds = 200;
constexpr int kBindAttempts = 5000;

// A socket bound to a port on every address; 0 lets the kernel choose.
int Bound(const CaseRun& run, int option, std::uint16_t port) {
  const int fd = OpenSocket(run.transport, run.peer.Family());
  const int on = 1;
  if (option != 0) ::setsockopt(fd, SOL_SOCKET, option, &on, sizeof on);
  const Peer any = AnyAddress(run.peer.Family(), port);
  for (int i = 0; ::bind(fd, any.Pointer(), any.size) != 0 && errno == EADDRINUSE; ++i) {
    if (i == kBindAttempts) break;
    ::usleep(kPollMicroseconds);
  }
  return fd;
}

int BothSend(const CaseRun& run, int option, const char* part) {
  const int fd = Bound(run, option, 0);
  CaseRun other = run;
  other.local_port = LocalPort(fd);
  const Line line = OpenLine();
  StartOther(other, part, -1, line.theirs);
  AwaitWord(line.mine);  // bound: the last one to be
  SendAndTell(fd, run, run.peer);
  Tell(line.mine);
  Stay();
  return 0;
}
int TwinsByAddress(const CaseRun& run) { return BothSend(run, SO_REUSEADDR, "second-by-address"); }
int TwinsByPort(const CaseRun& run) { return BothSend(run, SO_REUSEPORT, "second-by-port"); }

int Second(const CaseRun& run, int option) {
  const int fd = Bound(run, option, run.local_port);
  Tell(kGivenLine);
  AwaitWord(kGivenLine);
  const auto port = static_cast<std::uint16_t>(run.peer.Port() + 1);
  const int code = SendAndTell(fd, run, run.peer.WithPort(port));
  Stay();
  return code;
}
int SecondByAddress(const CaseRun& run) { return Second(run, SO_REUSEADDR); }
int SecondByPort(const CaseRun& run) { return Second(run, SO_REUSEPORT); }

// The one that sent is gone at once; what is left is the socket of the one that did not send.
int OnlyIdleTwinLeft(const CaseRun& run) {
  const int fd = Bound(run, SO_REUSEADDR, 0);
  CaseRun other = run;
  other.local_port = LocalPort(fd);
  const Line line = OpenLine();
  StartOther(other, "idle-twin", -1, line.theirs);
  AwaitWord(line.mine);
  ::_exit(SendAndTell(fd, run, run.peer));
}

int IdleTwin(const CaseRun& run) {
  Bound(run, SO_REUSEADDR, run.local_port);
  Tell(kGivenLine);
  Stay();
  return 0;
}

// The port is free again after one packet, and another program takes it.
int PortInherited(const CaseRun& run) {
  const int fd = Bound(run, 0, 0);
  CaseRun other = run;
  other.local_port = LocalPort(fd);
  const Line line = OpenLine();
  StartOther(other, "heir", -1, line.theirs);
  AwaitWord(line.mine);
  const int code = SendAndTell(fd, run, run.peer);
  ::close(fd);
  ::_exit(code);
}

int Heir(const CaseRun& run) {
  Tell(kGivenLine);
  Bound(run, 0, run.local_port);
  Stay();
  return 0;
}

}  // namespace

std::span<const CasePart> SharedPortCases() {
  static constexpr std::array kCases = {
      CasePart{"reuse-address", TwinsByAddress},      CasePart{"reuse-port", TwinsByPort},
      CasePart{"second-by-address", SecondByAddress}, CasePart{"second-by-port", SecondByPort},
      CasePart{"reuse-gone", OnlyIdleTwinLeft},       CasePart{"idle-twin", IdleTwin},
      CasePart{"port-again", PortInherited},          CasePart{"heir", Heir},
  };
  return kCases;
}

}  // namespace procwall
