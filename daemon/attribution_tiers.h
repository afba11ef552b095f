// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <memory>
#include <string>

#include <tl/expected.hpp>

#include "attribution/kernel_witness.h"
#include "attribution/process_table.h"
#include "attribution/socket_witness.h"
#include "base/clock.h"
#include "base/wakeup.h"
#include "daemon/event_log.h"
#include "daemon/finder.h"
#include "daemon/lanes.h"
#include "daemon/process_news.h"
#include "daemon/process_watcher.h"
#include "daemon/settings.h"

namespace procwall {

// Whoever can tell on this host who sent a packet: the witness, if it may run; the table of
// processes, kept by the best source of news; and the finder, for what these do not know. What is
// missing is logged and done without. Thread rule: construct and destroy on one thread, when nobody
// uses any of them; each has a rule of its own.
class AttributionTiers {
 public:
  // `lanes` hear of the finder's answers, `noted` is woken for who watches processes. All must
  // outlive it. Refuses, with the reason, only what no host can do without: /proc, say.
  static tl::expected<std::unique_ptr<AttributionTiers>, std::string> Start(
      const Settings& settings, const Clock& clock, const Lanes& lanes, const Wakeup& noted);

  // One that saw nothing, where none runs.
  const SocketWitness& Witness() const;
  const KernelWitness* WitnessIfAny() const { return witness_ ? witness_->get() : nullptr; }
  std::string WhyNoWitness() const { return witness_ ? std::string() : witness_.error(); }
  // No packet is looked up in the socket tables but those of sockets older than the daemon.
  bool SeesEverything() const;

  ProcessWatcher& Programs() const { return *watcher_; }
  Finder& Search() const { return *finder_; }

  // What processes do, for whoever watches. Null: nobody tells, and why.
  ProcessLog* News() { return news_.source != nullptr ? &log_ : nullptr; }
  const std::string& NewsName() const { return news_.name; }
  const std::string& WhyNoNews() const { return news_.why_not; }

 private:
  using MaybeWitness = tl::expected<std::unique_ptr<KernelWitness>, std::string>;

  AttributionTiers(MaybeWitness witness, const Clock& clock, const Wakeup& noted);

  const MaybeWitness witness_;
  const BlindWitness blind_;
  ProcessTable processes_;
  ProcessLog log_;
  const ProcessNews news_;
  std::unique_ptr<ProcessWatcher> watcher_;
  std::unique_ptr<Finder> finder_;  // last: it uses the rest
};

}  // namespace procwall
