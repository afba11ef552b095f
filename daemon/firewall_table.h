// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "daemon/settings.h"
#include "daemon/system_firewall_file.h"
#include "net/flow_mark.h"

namespace procwall {

// What the rules that feed our queues must do.
struct FirewallRules {
  std::uint16_t queue_number = 0;
  std::uint16_t queues = 1;     // from that number on; the kernel chooses by a packet's addresses
  bool bypass = true;           // packets pass while nobody listens on their queue
  bool incoming = false;        // what comes to this host from others, too
  bool forwarded = false;       // what this host passes on for others (containers), too
  bool loopback = true;         // what this host sends to itself, on its way out
  FlowMark flow_mark = 0;       // flows that have it are not queued, see flow_marks.h; 0: none
  bool looks_into_tls = false;  // but of TCP flows that have it, what the client says is queued
  // Of system-fw.json: packets meet them before they are queued. Null: none.
  std::shared_ptr<const SystemFirewall> system{};
};

// The rules of ours in the kernel's packet filter: outgoing TCP SYNs, the first packets of every
// other outgoing flow until it is marked or answered, and incoming DNS answers go to our queues; on
// wish the same of incoming and forwarded flows. Nobody else's rules are touched.
// Standing as long as the object lives; the destructor removes every trace, unless they were to
// stay. What a killed predecessor left behind is taken over in one step: where it holds packets
// back, none passes between. Blocks (it runs the nft or iptables programs): not for the
// packet threads. One thread only.
class FirewallTable {
 public:
  virtual ~FirewallTable() = default;
  virtual FirewallKind Kind() const = 0;

  // What of our rules is gone because somebody flushed them, for people; empty: all of it stands.
  // Asks the kernel, no program: some 20 us. The error: they cannot be looked at, and why.
  virtual tl::expected<std::string, std::string> Missing() { return {}; }
  // Puts them back, once each.
  virtual tl::expected<void, std::string> PutBack() { return {}; }
  // Puts these in the place of those that stand; an error leaves those in place. Tables are
  // replaced whole, so no packet passes between.
  virtual tl::expected<void, std::string> Replace(const FirewallRules& rules) {
    (void)rules;
    return {};
  }
  // What of the system rules does not stand, and why: lines of their file; 0: all of them.
  virtual std::vector<RuleError> Refused() const { return {}; }
  // Readable when somebody changed the kernel's rules; -1: nobody tells.
  virtual int UnsafeNewsFd() const { return -1; }

  // From now on they outlive the object: until RemoveFirewall() or the next InstallFirewall().
  void Stay() { stays_ = true; }

 protected:
  bool Stays() const { return stays_; }

 private:
  bool stays_ = false;
};

// Puts the rules in place, all or none. kAuto: the first of nft, iptables-legacy, iptables-nft that
// this kernel can do. The error says what was tried and why it failed, for people.
tl::expected<std::unique_ptr<FirewallTable>, std::string> InstallFirewall(
    FirewallKind kind, const FirewallRules& rules);

// Removes every trace of such rules, whoever left them and whatever program they were made with.
// Nothing is wrong with there being none.
void RemoveFirewall();

}  // namespace procwall
