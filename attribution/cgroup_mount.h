// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace procwall {

// Where cgroup v2 is mounted: /sys/fs/cgroup, or /sys/fs/cgroup/unified beside v1 (hybrid), or
// anywhere else; nullopt: nowhere. The mount that shows most of the tree: its root, if there is
// one.
std::optional<std::string> FindCgroupMount();

// The same from the text of /proc/self/mountinfo (proc(5)). Pure, total.
std::optional<std::string> CgroupMountOf(std::string_view mountinfo);

}  // namespace procwall
