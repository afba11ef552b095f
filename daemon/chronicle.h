// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include <tl/expected.hpp>

#include "daemon/daemon_status.h"
#include "daemon/journal.h"
#include "daemon/journal_archive.h"
#include "daemon/metrics_report.h"
#include "daemon/metrics_server.h"
#include "daemon/sinks.h"

namespace procwall {

// What it works with. Everything referred to must outlive it.
struct ChronicleParts {
  const Settings& settings;
  EventLog& events;
  const Clock& clock;
  const Counters& counters;
  const RuleKeeper& rules;
  DaemonStatus& status;  // is told of the journal and the sinks
};

// What the daemon keeps and tells of what happened, beyond its own UIs: the journal and whoever
// asks about it, the sinks, the metrics. Thread rule: construct and destroy on one thread.
class Chronicle {
 public:
  // A journal that cannot be kept is no error. The error is for people.
  static tl::expected<std::unique_ptr<Chronicle>, std::string> Start(const ChronicleParts& parts);

  // A flow has ended. From any thread; never waits.
  void Append(v1::FlowNote ended) { journal_->Append(std::move(ended)); }
  JournalSource& Archive() { return *archive_; }
  // As ApiSources wants it; valid as long as this.
  std::function<std::string(std::uint32_t watchers)> Metrics() const;

  // Serves them by HTTP while the returned object lives; null: nobody wants it. `watchers` is asked
  // on the server's threads.
  tl::expected<std::unique_ptr<MetricsServer>, std::string> ServeMetrics(
      std::function<std::uint32_t()> watchers) const;

 private:
  Chronicle(const ChronicleParts& parts, std::unique_ptr<Journal> journal,
            std::unique_ptr<Sinks> sinks);

  const Settings& settings_;
  std::unique_ptr<Journal> journal_;
  std::unique_ptr<Sinks> sinks_;
  MetricsReport report_;
  std::unique_ptr<JournalArchive> archive_;
};

}  // namespace procwall
