// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <optional>

#include "tests/lab/hard_case/case_run.h"

namespace procwall {

// Where a second program finds what it was given: systemd's first descriptor, and the next.
inline constexpr int kGivenSocket = 3;
inline constexpr int kGivenLine = 4;

// Two connected ends; each close-on-exec, so that a program has only the one it was given.
struct Line {
  int mine = -1;
  int theirs = -1;
};
Line OpenLine();
void Tell(int line);       // one byte
void AwaitWord(int line);  // one byte, or the end
void AwaitEnd(int line);   // the other end has closed: its process is gone
void SendDescriptor(int line, int fd);
int ReceiveDescriptor(int line);

// Becomes `run.other` in its part `part`, with `socket` and `line` where it expects them (-1:
// none).
[[noreturn]] void BecomeOther(const CaseRun& run, const char* part, int socket, int line);
// The same in a child; its pid. Closes `line` here.
int StartOther(const CaseRun& run, const char* part, int socket, int line);

}  // namespace procwall
