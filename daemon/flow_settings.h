// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>

namespace procwall {

// What the configuration says of flows, under "Procwall". Read by daemon/config.cc.
struct FlowSettings {
  // "FlowAccounting": may the daemon let the kernel count what flows move? It is a setting of the
  // host's, so not without consent.
  bool accounting = false;
  std::uint32_t buffer_bytes = 4U << 20;  // "FlowBuffer": for what conntrack tells of flows
};

}  // namespace procwall
