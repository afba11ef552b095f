// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/metrics_server.h"

#include <exception>
#include <utility>

#include <fmt/format.h>
#include <prometheus/exposer.h>
#include <prometheus/metric_family.h>

#include "daemon/metrics_address.h"

namespace procwall {
namespace {

class Collected final : public prometheus::Collectable {
 public:
  explicit Collected(MetricsServer::Collect collect) : collect_(std::move(collect)) {}
  std::vector<prometheus::MetricFamily> Collect() const override { return collect_(); }

 private:
  const MetricsServer::Collect collect_;
};

}  // namespace

tl::expected<std::unique_ptr<MetricsServer>, std::string> MetricsServer::Start(
    const std::string& address, Collect collect) {
  const auto endpoint = ParseMetricsAddress(address);
  if (!endpoint) return tl::unexpected(endpoint.error());
  try {
    // A client that says nothing is left alone after a second.
    auto exposer = std::make_unique<prometheus::Exposer>(
        std::vector<std::string>{"listening_ports", endpoint->ToString(), "num_threads", "2",
                                 "request_timeout_ms", "1000", "enable_keep_alive", "no"});
    auto collectable = std::make_shared<Collected>(std::move(collect));
    exposer->RegisterCollectable(collectable);
    return std::unique_ptr<MetricsServer>(
        new MetricsServer(std::move(exposer), std::move(collectable)));
  } catch (const std::exception& error) {
    return tl::unexpected(fmt::format(
        "metrics address {}: cannot be listened at (is it taken?): {}", address, error.what()));
  }
}

MetricsServer::MetricsServer(std::unique_ptr<prometheus::Exposer> exposer,
                             std::shared_ptr<prometheus::Collectable> collectable)
    : collectable_(std::move(collectable)), exposer_(std::move(exposer)) {}

MetricsServer::~MetricsServer() = default;

}  // namespace procwall
