// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <string>

#include <tl/expected.hpp>

#include "base/clock.h"
#include "base/unique_fd.h"
#include "daemon/conntrack_watch.h"
#include "daemon/fact_gatherer.h"
#include "daemon/firewall_guard.h"
#include "daemon/interception.h"
#include "daemon/packet_threads.h"
#include "daemon/queue_losses.h"
#include "daemon/renewal.h"
#include "daemon/rule_changes.h"
#include "daemon/rule_keeper.h"
#include "daemon/settings.h"
#include "daemon/shared_rules.h"
#include "daemon/system_rules.h"

namespace procwall {

// Blocks TERM, INT, HUP and QUIT in this thread and all that it starts; the descriptor is readable
// when one came. PIPE is ignored, and CHLD is as programs expect it.
tl::expected<UniqueFd, std::string> BlockEndingSignals();

// What the main thread looks after.
struct MainThreadDuties {
  const UniqueFd& signals;  // of BlockEndingSignals()
  int rules_fd;             // of RuleKeeper::Follow(); -1: changes are not followed
  RuleKeeper& rules;
  RuleChanges& changes;
  const SharedRules& in_force;
  Renewal& renewal;
  Interception& interception;
  FirewallGuard& firewall;
  SystemRules& system_rules;
  const Settings& settings;
  QueueLosses& losses;
  ConntrackWatch& conntrack;
  const PacketThreads& packets;
  const FactGatherer& facts;
  const Clock& clock;
};

// The main thread's life: signals, rule changes and what they mean for flows, rules of ours that
// somebody removed, the kernel's loss counters. Returns when a signal came: empty; else why the
// daemon can do its work no longer.
std::string RunMainThread(const MainThreadDuties& duties);

}  // namespace procwall
