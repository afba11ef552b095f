// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/chronicle.h"

#include <utility>

namespace procwall {

tl::expected<std::unique_ptr<Chronicle>, std::string> Chronicle::Start(
    const ChronicleParts& parts) {
  auto journal = Journal::Start(parts.events, parts.clock, parts.settings.journal);
  if (!journal) return tl::unexpected(journal.error());
  auto sinks = Sinks::Start(parts.settings.sinks, parts.events, parts.clock);
  if (!sinks) return tl::unexpected(sinks.error());
  std::unique_ptr<Chronicle> chronicle(
      new Chronicle(parts, *std::move(journal), *std::move(sinks)));
  auto archive = JournalArchive::Start([raw = chronicle->journal_.get()] { return raw->State(); },
                                       parts.clock);
  if (!archive) return tl::unexpected("journal: " + archive.error());
  chronicle->archive_ = *std::move(archive);
  return chronicle;
}

Chronicle::Chronicle(const ChronicleParts& parts, std::unique_ptr<Journal> journal,
                     std::unique_ptr<Sinks> sinks)
    : settings_(parts.settings),
      journal_(std::move(journal)),
      sinks_(std::move(sinks)),
      report_({.status = parts.status,
               .counters = parts.counters,
               .reloads = [&rules = parts.rules] { return rules.CountReloads(); },
               .sinks = [this] { return sinks_->States(); }}) {
  parts.status.SetJournal([this] { return journal_->State(); });
  parts.status.SetSinks([this] { return sinks_->States(); });
}

std::function<std::string(std::uint32_t)> Chronicle::Metrics() const {
  return [this](std::uint32_t watchers) { return report_.Text(watchers); };
}

tl::expected<std::unique_ptr<MetricsServer>, std::string> Chronicle::ServeMetrics(
    std::function<std::uint32_t()> watchers) const {
  if (settings_.metrics_address.empty()) return nullptr;
  return MetricsServer::Start(settings_.metrics_address, [this, watchers = std::move(watchers)] {
    return report_.Families(watchers());
  });
}

}  // namespace procwall
