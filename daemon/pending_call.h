// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include <grpcpp/grpcpp.h>

namespace procwall {

// One call of the API that is answered later, from another thread; at the latest, when nobody holds
// it any more, with UNAVAILABLE. Thread rule: all methods from any thread.
class PendingCall {
 public:
  explicit PendingCall(grpc::CallbackServerContext& context)
      : context_(context), reactor_(context.DefaultReactor()) {}
  ~PendingCall();
  PendingCall(const PendingCall&) = delete;
  PendingCall& operator=(const PendingCall&) = delete;

  // What gRPC is to be given; lives at least until the call is answered.
  grpc::ServerUnaryReactor* Reactor() const { return reactor_; }

  // Somebody still waits for the answer: not cancelled, not answered, in its time.
  bool IsWanted() const;
  // The first answer counts. `fill` writes the response, whose message lives until then; it must
  // not call back.
  void Finish(const grpc::Status& status);
  void FinishWith(const std::function<void()>& fill);

 private:
  grpc::CallbackServerContext& context_;
  grpc::ServerUnaryReactor* const reactor_;
  mutable std::mutex mutex_;
  bool is_finished_ = false;  // guarded by mutex_; then context and reactor may be gone
};
using PendingCallPtr = std::shared_ptr<PendingCall>;

// All calls that wait: gRPC's server cannot end before they are answered, and whoever has them (the
// main thread's queue of rule changes) may not come to it any more. Thread rule: from any thread.
class PendingCalls {
 public:
  // After Close(), it is answered already.
  PendingCallPtr Begin(grpc::CallbackServerContext& context);
  // Answers all that wait with UNAVAILABLE.
  void Close();

 private:
  std::mutex mutex_;
  std::vector<std::weak_ptr<PendingCall>> calls_;
  bool is_closed_ = false;
};

}  // namespace procwall
