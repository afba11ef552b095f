// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <string>
#include <string_view>

namespace procwall {

// Where a process belongs, as the names of its control groups tell.
struct CgroupFacts {
  // docker, podman, containerd, cri-o, Kubernetes: the id, 64 digits; LXC, Incus, systemd-nspawn:
  // the name; Flatpak: the application, "org.mozilla.firefox"; Snap: "snap.firefox". Empty: none.
  std::string container;
  // The unit of the system's systemd; a user's own are written behind that user's,
  // "user@1000.service/app.slice/x.service" as "user@1000.service/x.service". Empty: none.
  std::string unit;

  friend bool operator==(const CgroupFacts&, const CgroupFacts&) = default;
};

// /proc/PID/cgroup, cgroups(7): version 1, version 2, and both at once. A total function.
//
// The outermost names count, as in systemd: whom a group is given to makes others below it as he
// likes, a user "cups.service" below user@1000.service, a container any below its own. For the same
// reason a container's name below user@UID.service is that user's word.
CgroupFacts ParseCgroup(std::string_view text);

}  // namespace procwall
