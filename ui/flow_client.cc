// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/flow_client.h"

#include <chrono>

namespace procwall {

tl::expected<v1::ListFlowsResponse, DaemonError> FlowClient::List(
    const v1::ListFlowsRequest& request) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + DaemonClient::kDeadline);
  v1::ListFlowsResponse response;
  const grpc::Status status = client_.Stub().ListFlows(&context, request, &response);
  if (!status.ok()) return tl::unexpected(client_.ErrorOf(status));
  return response;
}

tl::expected<v1::CutFlowsResponse, DaemonError> FlowClient::Cut(const v1::FlowFilter& filter) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + DaemonClient::kDeadline);
  v1::CutFlowsRequest request;
  *request.mutable_filter() = filter;
  v1::CutFlowsResponse response;
  const grpc::Status status = client_.Stub().CutFlows(&context, request, &response);
  if (!status.ok()) return tl::unexpected(client_.ErrorOf(status));
  return response;
}

std::optional<DaemonError> FlowClient::Watch(const v1::FlowFilter& filter,
                                             const OnResponse& on_response) {
  grpc::ClientContext context;
  {
    const std::lock_guard lock(mutex_);
    if (cancelled_) return {};
    watching_ = &context;
  }
  v1::WatchFlowsRequest request;
  *request.mutable_filter() = filter;
  const auto reader = client_.Stub().WatchFlows(&context, request);
  v1::WatchFlowsResponse response;
  bool enough = false;
  bool listening = false;
  while (!enough && reader->Read(&response)) {
    listening = true;
    enough = on_response(response) == Continue::kEnough;
  }
  if (enough) context.TryCancel();
  const grpc::Status status = reader->Finish();

  const std::lock_guard lock(mutex_);
  watching_ = nullptr;
  if (enough || cancelled_) return {};
  if (!listening && !status.ok()) return client_.ErrorOf(status);
  return DaemonError{"procwalld went away: the watch ended",
                     "See what became of it: `procwall status`."};
}

void FlowClient::Cancel() {
  const std::lock_guard lock(mutex_);
  cancelled_ = true;
  if (watching_ != nullptr) watching_->TryCancel();
}

}  // namespace procwall
