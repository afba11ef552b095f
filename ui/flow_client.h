// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <functional>
#include <mutex>
#include <optional>

#include <tl/expected.hpp>

#include "ui/daemon_client.h"

namespace procwall {

// Asks a procwalld about flows. Thread rule: one thread only, but for Cancel(). The client must
// outlive it.
class FlowClient {
 public:
  explicit FlowClient(DaemonClient& client) : client_(client) {}

  tl::expected<v1::ListFlowsResponse, DaemonError> List(const v1::ListFlowsRequest& request);
  tl::expected<v1::CutFlowsResponse, DaemonError> Cut(const v1::FlowFilter& filter);

  // What becomes of flows, until `on_response` says kEnough, Cancel() is called (both: nullopt) or
  // the daemon ends it (an error).
  using Continue = DaemonClient::Continue;
  using OnResponse = std::function<Continue(const v1::WatchFlowsResponse&)>;
  std::optional<DaemonError> Watch(const v1::FlowFilter& filter, const OnResponse& on_response);

  // Ends a watch, now or as soon as it begins. From any thread.
  void Cancel();

 private:
  DaemonClient& client_;
  std::mutex mutex_;
  bool cancelled_ = false;                   // guarded by mutex_
  grpc::ClientContext* watching_ = nullptr;  // guarded by mutex_
};

}  // namespace procwall
