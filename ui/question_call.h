// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include <grpcpp/grpcpp.h>

#include "base/guarded.h"
#include "base/wakeup.h"
#include "procwall/v1/procwall.grpc.pb.h"

namespace procwall {

// One Questions call to the daemon, read on a thread of its own. Thread rule: one thread only.
class QuestionCall {
 public:
  // Says hello under this name. `heard` is readable when there is something new; it and the stub
  // must outlive the call.
  QuestionCall(v1::Procwall::Stub& stub, const std::string& name, const Wakeup& heard);
  ~QuestionCall();  // hangs up
  QuestionCall(const QuestionCall&) = delete;
  QuestionCall& operator=(const QuestionCall&) = delete;

  struct Heard {
    std::deque<v1::QuestionsResponse> responses{};
    std::optional<grpc::Status> ended{};  // no more will come
  };
  Heard TakeAll();
  void Say(const v1::QuestionsRequest& request) { stream_->Write(request); }

 private:
  void Read();

  const Wakeup& heard_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReaderWriter<v1::QuestionsRequest, v1::QuestionsResponse>> stream_;
  Guarded<Heard> news_;
  std::thread reader_;  // last: it uses all of the above
};

}  // namespace procwall
