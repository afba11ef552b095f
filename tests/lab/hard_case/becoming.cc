// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/sched.h>

#include <array>
#include <csignal>

#include "tests/lab/hard_case/cases.h"
#include "tests/lab/hard_case/other_program.h"

namespace procwall {
namespace {

constexpr uid_t kNobody = 65534;

std::uint16_t NextPort(const CaseRun& run) {
  return static_cast<std::uint16_t>(run.peer.Port() + 1);
}

// Sends, and is another program before anybody can look.
int ExecEarly(const CaseRun& run) {
  const int fd = OpenSocket(run.transport, run.peer.Family());
  SendAndTell(fd, run, run.peer);
  BecomeOther(run, "stay-idle", fd, -1);
}

// Sends, sees that the packet was let through, and becomes another program.
int ExecLate(const CaseRun& run) {
  const int fd = OpenSocket(run.transport, run.peer.Family());
  SendAndTell(fd, run, run.peer);
  AwaitAnswer(fd);
  BecomeOther(run, "stay-idle", fd, -1);
}

// Makes the socket; the program that it becomes sends.
int ExecThenSend(const CaseRun& run) {
  BecomeOther(run, "use-given", OpenSocket(run.transport, run.peer.Family()), -1);
}

// Sends; the program that it becomes sends too, from a socket that it makes itself.
int ExecBetween(const CaseRun& run) {
  const int fd = OpenSocket(run.transport, run.peer.Family());
  SendAndTell(fd, run, run.peer);
  AwaitAnswer(fd);
  CaseRun next = run;
  next.peer = run.peer.WithPort(NextPort(run));
  BecomeOther(next, "stay", -1, -1);
}

// A child with a process id that is free; needs CAP_CHECKPOINT_RESTORE in the namespace.
int ForkWithPid(pid_t pid) {
  clone_args args{};
  args.exit_signal = SIGCHLD;
  args.set_tid = reinterpret_cast<std::uintptr_t>(&pid);  // the kernel's layout: an address as u64
  args.set_tid_size = 1;
  return static_cast<int>(::syscall(SYS_clone3, &args, sizeof args));
}

// A process sends and ends; at once another program has its process id, and sends too.
int PidReuse(const CaseRun& run) {
  const pid_t pid = ::fork();
  if (pid == 0) ::_exit(OpenAndSend(run));
  ::waitpid(pid, nullptr, 0);
  CaseRun next = run;
  next.peer = run.peer.WithPort(NextPort(run));
  const int child = ForkWithPid(pid);
  if (child == 0) BecomeOther(next, "stay", -1, -1);
  if (child < 0) AnnounceFailure(run, next.peer);
  Stay();
  return child < 0 ? 1 : 0;
}

bool BecomeNobody() { return ::setresuid(kNobody, kNobody, kNobody) == 0; }

// An ordinary user starts the other program, whose file is setuid root.
int StartSetuid(const CaseRun& run) {
  if (!BecomeNobody()) return 1;
  BecomeOther(run, "stay", -1, -1);
}

// The socket is root's, the sender is not root any more.
int DropPrivileges(const CaseRun& run) {
  const int fd = OpenSocket(run.transport, run.peer.Family());
  if (!BecomeNobody()) return 1;
  const int code = SendAndTell(fd, run, run.peer);
  Stay();
  return code;
}

}  // namespace

std::span<const CasePart> BecomingCases() {
  static constexpr std::array kCases = {
      CasePart{"exec-early", ExecEarly},        CasePart{"exec-late", ExecLate},
      CasePart{"exec-then-send", ExecThenSend}, CasePart{"exec-between", ExecBetween},
      CasePart{"pid-reuse", PidReuse},          CasePart{"setuid", StartSetuid},
      CasePart{"drop-uid", DropPrivileges},
  };
  return kCases;
}

}  // namespace procwall
