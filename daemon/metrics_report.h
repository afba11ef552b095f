// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <prometheus/metric_family.h>

#include "daemon/counters.h"
#include "daemon/rule_keeper.h"
#include "daemon/sinks.h"
#include "daemon/status_source.h"

namespace procwall {

// What the metrics are made of; all of it must outlive the report.
struct MetricsParts {
  const StatusSource& status;
  const Counters& counters;
  std::function<RuleKeeper::Reloads()> reloads;
  std::function<std::vector<SinkState>()> sinks;
};

// All that is counted, in Prometheus' model: docs/METRICS.md lists it. Thread rule: from any
// thread.
class MetricsReport {
 public:
  // Only the rules with the most hits get a series of their own.
  static constexpr std::size_t kMostRules = 200;

  explicit MetricsReport(MetricsParts parts) : parts_(std::move(parts)) {}

  std::vector<prometheus::MetricFamily> Families(std::uint32_t watchers) const;
  // In the text form, version 0.0.4.
  std::string Text(std::uint32_t watchers) const;

 private:
  MetricsParts parts_;
};

}  // namespace procwall
