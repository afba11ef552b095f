// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include <tl/expected.hpp>

#include "daemon/settings.h"
#include "net/flow_mark.h"

namespace procwall {

// What the rules that feed our queue must do.
struct FirewallRules {
  std::uint16_t queue_number = 0;
  bool bypass = true;      // packets pass while nobody listens on the queue
  bool forwarded = false;  // what this host passes on for others (containers), too
  FlowMark flow_mark = 0;  // flows that have it are not queued, see flow_marks.h; 0: none
};

// The rules of ours in the kernel's packet filter: outgoing TCP SYNs, the first packets of every
// other outgoing flow until it is marked or answered, and incoming DNS answers go to our queue; on
// wish the same of forwarded flows. Nobody else's rules are touched.
// Standing as long as the object lives; the destructor removes every trace. What a killed
// predecessor left behind is replaced. Blocks (it runs the nft or iptables programs): not for the
// packet thread. One thread only.
class FirewallTable {
 public:
  virtual ~FirewallTable() = default;
  virtual FirewallKind Kind() const = 0;
};

// Puts the rules in place, all or none. kAuto: the first of nft, iptables-legacy, iptables-nft that
// this kernel can do. The error says what was tried and why it failed, for people.
tl::expected<std::unique_ptr<FirewallTable>, std::string> InstallFirewall(
    FirewallKind kind, const FirewallRules& rules);

}  // namespace procwall
