// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>

#include "attribution/host_files.h"
#include "attribution/procfs.h"

namespace procwall {

// A process, and the stamp of the program it was running while it was described.
struct Description {
  Process process;
  ExecStamp stamp;

  friend bool operator==(const Description&, const Description&) = default;
};

struct DescriptionExtent {
  bool ancestors = true;
};

// Everything /proc says about a process, of one program: when another is executed meanwhile, the
// reading starts again; kBusy after a few times. Bounded: the first kMaxCmdlineBytes of its
// arguments, and kMaxAncestors ancestors. kGone when it is dead, or only its parent has yet to
// notice. Reads its memory (the arguments), which the process can delay, and looks for its
// executable (see ReadExecutable): never on the packet thread.
inline constexpr std::size_t kMaxCmdlineBytes = 65536;
Result<Description> DescribeProcess(const ProcessHandle& handle, HostFiles& host,
                                    DescriptionExtent extent = {});
// Likewise, for one process alone: opens the host's files by itself.
Result<Description> DescribeProcess(const ProcessHandle& handle, DescriptionExtent extent = {});

}  // namespace procwall
