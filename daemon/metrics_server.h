// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <prometheus/collectable.h>
#include <tl/expected.hpp>

namespace prometheus {
class Exposer;
}  // namespace prometheus

namespace procwall {

// Serves metrics to Prometheus by HTTP, at /metrics. Two threads of the library's own. Thread rule:
// construct and destroy on one thread; `collect` is called on those.
class MetricsServer {
 public:
  using Collect = std::function<std::vector<prometheus::MetricFamily>()>;

  // The error names the address and the reason, for people.
  static tl::expected<std::unique_ptr<MetricsServer>, std::string> Start(const std::string& address,
                                                                         Collect collect);
  ~MetricsServer();

 private:
  MetricsServer(std::unique_ptr<prometheus::Exposer> exposer,
                std::shared_ptr<prometheus::Collectable> collectable);

  std::shared_ptr<prometheus::Collectable> collectable_;  // the exposer knows it weakly
  std::unique_ptr<prometheus::Exposer> exposer_;
};

}  // namespace procwall
