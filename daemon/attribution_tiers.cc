// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
// Tested by tests/lab/doctor_test.py.
#include "daemon/attribution_tiers.h"

#include <algorithm>
#include <utility>

#include <spdlog/spdlog.h>

#include "attribution/procfs.h"

namespace procwall {
namespace {

// The witness, if it is wanted and can run; else why not.
tl::expected<std::unique_ptr<KernelWitness>, std::string> StartWitness(const Settings& settings,
                                                                       const Clock& clock) {
  if (!settings.witness) return tl::unexpected<std::string>("switched off");
  auto witness = KernelWitness::Start(
      clock, settings.forwarded ? WitnessScope::kAllNamespaces : WitnessScope::kOwnNamespace);
  if (!witness) {
    spdlog::warn("event=witness_missing reason=\"{}\"", witness.error());
    return witness;
  }
  for (const WitnessPart& part : (*witness)->Parts()) {
    if (part.runs) continue;
    spdlog::warn("event=witness_part_missing name={} reason=\"{}\"", part.name, part.why_not);
  }
  if (const Status scanned = (*witness)->ScanSockets(); !scanned) {
    spdlog::warn("event=witness_scan_failed reason=\"{}\"", scanned.error().ToString());
  }
  return witness;
}

}  // namespace

tl::expected<std::unique_ptr<AttributionTiers>, std::string> AttributionTiers::Start(
    const Settings& settings, const Clock& clock, const Lanes& lanes, const Wakeup& noted) {
  auto procfs = Procfs::Open();
  if (!procfs) return tl::unexpected("/proc: " + procfs.error().ToString());
  std::unique_ptr<AttributionTiers> tiers(
      new AttributionTiers(StartWitness(settings, clock), clock, noted));
  const ProcessNews& news = tiers->news_;
  spdlog::info("event=process_news source=\"{}\" why_not=\"{}\"", news.name, news.why_not);
  auto watcher = ProcessWatcher::Start(news.source, tiers->processes_, *std::move(procfs), clock,
                                       &tiers->log_, news.programs.get());
  if (!watcher) return tl::unexpected(watcher.error());
  tiers->watcher_ = *std::move(watcher);
  auto finder =
      Finder::Start(clock, lanes, *tiers->watcher_, TraceSends(tiers->WitnessIfAny(), clock));
  if (!finder) return tl::unexpected(finder.error());
  tiers->finder_ = *std::move(finder);
  return tiers;
}

AttributionTiers::AttributionTiers(MaybeWitness witness, const Clock& clock, const Wakeup& noted)
    : witness_(std::move(witness)),
      processes_(clock),
      log_(noted),
      news_(FindProcessNews(witness_ ? witness_->get() : nullptr, clock)) {}

const SocketWitness& AttributionTiers::Witness() const {
  if (witness_) return **witness_;
  return blind_;
}

bool AttributionTiers::SeesEverything() const {
  return witness_ && std::ranges::all_of((*witness_)->Parts(),
                                         [](const WitnessPart& part) { return part.runs; });
}

}  // namespace procwall
