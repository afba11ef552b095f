// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <string>

#include "diagnosis/diagnosis.h"
#include "procwall/v1/procwall.pb.h"

namespace procwall {

// Why no daemon has told of itself, for people.
struct NoDaemon {
  std::string why;
  bool is_hidden = false;  // there may be one that we may not ask
};

// Looks at this host as the calling process sees it: the kernel's tiers, who goes below the
// firewall, who else is one. Walks over all processes: 10 to 100 ms; never on a thread that others
// wait for. `status`: what a daemon here says of itself.
Diagnosis Examine(v1::StatusResponse status);
Diagnosis Examine(NoDaemon no_daemon);

}  // namespace procwall
