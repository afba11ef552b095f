// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/pending_call.h"

#include <utility>

namespace procwall {
namespace {

grpc::Status Ending() { return {grpc::StatusCode::UNAVAILABLE, "procwalld is ending"}; }

}  // namespace

PendingCall::~PendingCall() { Finish(Ending()); }

bool PendingCall::IsWanted() const {
  const std::lock_guard lock(mutex_);
  return !is_finished_ && !context_.IsCancelled();
}

void PendingCall::Finish(const grpc::Status& status) {
  const std::lock_guard lock(mutex_);
  if (std::exchange(is_finished_, true)) return;
  reactor_->Finish(status);
}

void PendingCall::FinishWith(const std::function<void()>& fill) {
  const std::lock_guard lock(mutex_);
  if (std::exchange(is_finished_, true)) return;
  fill();
  reactor_->Finish(grpc::Status::OK);
}

PendingCallPtr PendingCalls::Begin(grpc::CallbackServerContext& context) {
  auto call = std::make_shared<PendingCall>(context);
  {
    const std::lock_guard lock(mutex_);
    if (!is_closed_) {
      std::erase_if(calls_, [](const auto& other) { return other.expired(); });
      calls_.push_back(call);
      return call;
    }
  }
  call->Finish(Ending());
  return call;
}

void PendingCalls::Close() {
  std::vector<std::weak_ptr<PendingCall>> calls;
  {
    const std::lock_guard lock(mutex_);
    is_closed_ = true;
    calls = std::exchange(calls_, {});
  }
  for (const auto& waiting : calls) {
    if (const PendingCallPtr call = waiting.lock()) call->Finish(Ending());
  }
}

}  // namespace procwall
