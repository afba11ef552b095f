// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace procwall {

// A mount of one mount namespace.
struct Mount {
  std::uint64_t id = 0;      // unique while it, or a file that was opened through it, lives
  std::uint64_t device = 0;  // a dev_t: the kernel's s_dev of its file system (see FileIdOfKernel)
  std::string point;         // where it is mounted, as the owner of the text sees it
  std::string type;          // "ext4", "fuse.sshfs", ...

  friend bool operator==(const Mount&, const Mount&) = default;
};

// /proc/PID/mountinfo, proc(5). A total function: what is not understood is left out, and all that
// follows kMaxMounts of them. Ordinary users choose mount points and types of FUSE.
inline constexpr std::size_t kMaxMounts = 65536;
std::vector<Mount> ParseMountInfo(std::string_view text);

// Null when it is not there.
const Mount* FindMount(const std::vector<Mount>& mounts, std::uint64_t id);

// Whether a lookup that enters `point` may have to wait for another machine, a user's program, or
// an automounter: there is a mount, and not all that are there are of a file system that is known
// to be local.
bool MayBlock(const std::vector<Mount>& mounts, std::string_view point);

}  // namespace procwall
