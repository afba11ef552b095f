// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/grpcpp.h>

namespace procwall {

// A GUI without a face: a gRPC server that answers calls by their paths, keeps what it was told,
// and sends what the test wants on the stream.
class FakeGui final : public grpc::CallbackGenericService {
 public:
  struct Reply {
    grpc::StatusCode status = grpc::StatusCode::OK;
    std::string bytes{};
    bool never = false;
  };
  using Answers = std::function<Reply(const std::string& method, const std::string& request)>;
  struct Said {
    std::string method{};
    std::string bytes{};
  };

  // `address`: as grpc::ServerBuilder takes it.
  FakeGui(const std::string& address, Answers answers) : answers_(std::move(answers)) {
    grpc::ServerBuilder builder;
    builder.AddListeningPort(address, grpc::InsecureServerCredentials());
    builder.RegisterCallbackGenericService(this);
    server_ = builder.BuildAndStart();
  }
  ~FakeGui() override { End(); }

  void End() {
    if (server_) server_->Shutdown(std::chrono::system_clock::now());
    server_.reset();
  }
  // What was said to that method, the stream's messages included, when there are `count` of them;
  // fewer if they do not come.
  std::vector<std::string> WaitFor(const std::string& method, std::size_t count = 1) {
    std::unique_lock lock(mutex_);
    const auto said = [&] {
      std::vector<std::string> found;
      for (const Said& one : said_) {
        if (one.method == method) found.push_back(one.bytes);
      }
      return found;
    };
    changed_.wait_for(lock, std::chrono::seconds(10), [&] { return said().size() >= count; });
    return said();
  }
  // Sends it on the stream once there is one.
  void Notify(std::string bytes) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::seconds(10), [&] { return stream_ != nullptr; });
    if (stream_ != nullptr) stream_->Send(std::move(bytes));
  }

  grpc::ServerGenericBidiReactor* CreateReactor(
      grpc::GenericCallbackServerContext* context) override {
    return new Call(*this, context->method());  // deletes itself
  }

 private:
  class Call final : public grpc::ServerGenericBidiReactor {
   public:
    Call(FakeGui& gui, std::string method) : gui_(gui), method_(std::move(method)) {
      if (IsStream()) gui_.SetStream(this);
      StartRead(&incoming_);
    }
    void Send(std::string bytes) {
      outgoing_.push_back(Buffer(bytes));
      if (outgoing_.size() == 1) StartWrite(&outgoing_.front());
    }
    void OnReadDone(bool ok) override {
      if (!ok) return IsStream() ? FinishOnce(grpc::Status::OK) : void();
      const std::string request = Bytes(incoming_);
      gui_.Hear({method_, request});
      if (IsStream()) return StartRead(&incoming_);
      const Reply reply = gui_.answers_(method_, request);
      if (reply.never) return;
      if (reply.status != grpc::StatusCode::OK) return FinishOnce({reply.status, "no"});
      outgoing_.push_back(Buffer(reply.bytes));
      if (!finished_.exchange(true)) {
        StartWriteAndFinish(&outgoing_.front(), {}, grpc::Status::OK);
      }
    }
    void OnWriteDone(bool ok) override {
      if (!IsStream() || !ok) return;
      const std::lock_guard lock(gui_.mutex_);
      outgoing_.pop_front();
      if (!outgoing_.empty()) StartWrite(&outgoing_.front());
    }
    void OnCancel() override {
      if (!IsStream()) FinishOnce(grpc::Status::CANCELLED);
    }
    void OnDone() override {
      if (IsStream()) gui_.SetStream(nullptr);
      delete this;
    }

   private:
    // A call may be cancelled while it is being answered; gRPC lets it end but once.
    void FinishOnce(const grpc::Status& status) {
      if (!finished_.exchange(true)) Finish(status);
    }
    bool IsStream() const { return method_ == "/protocol.UI/Notifications"; }
    static grpc::ByteBuffer Buffer(const std::string& bytes) {
      const grpc::Slice slice(bytes);
      return {&slice, 1};
    }
    static std::string Bytes(const grpc::ByteBuffer& buffer) {
      grpc::Slice slice;
      if (!buffer.DumpToSingleSlice(&slice).ok()) return "";
      return {static_cast<const char*>(static_cast<const void*>(slice.begin())), slice.size()};
    }

    FakeGui& gui_;
    const std::string method_;
    grpc::ByteBuffer incoming_;
    std::deque<grpc::ByteBuffer> outgoing_;
    std::atomic<bool> finished_ = false;
  };

  void Hear(Said said) {
    const std::lock_guard lock(mutex_);
    said_.push_back(std::move(said));
    changed_.notify_all();
  }
  void SetStream(Call* stream) {
    const std::lock_guard lock(mutex_);
    stream_ = stream;
    changed_.notify_all();
  }

  const Answers answers_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Said> said_;
  Call* stream_ = nullptr;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace procwall
