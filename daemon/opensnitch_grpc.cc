// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/opensnitch_grpc.h"

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <utility>

#include <fmt/format.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include "base/printable.h"

namespace procwall {
namespace {

grpc::ByteBuffer BufferOf(const std::string& bytes) {
  const grpc::Slice slice(bytes);
  return {&slice, 1};
}

std::string BytesOf(const grpc::ByteBuffer& buffer) {
  grpc::Slice slice;
  if (!buffer.Valid() || !buffer.DumpToSingleSlice(&slice).ok()) return "";
  return {static_cast<const char*>(static_cast<const void*>(slice.begin())), slice.size()};
}

CallResult ResultOf(const grpc::Status& status) {
  switch (status.error_code()) {
    case grpc::StatusCode::OK:
      return CallResult::kOk;
    case grpc::StatusCode::UNIMPLEMENTED:
      return CallResult::kNoSuchMethod;
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return CallResult::kTimedOut;
    default:
      return CallResult::kFailed;
  }
}

std::string ReasonOf(const grpc::Status& status) {
  if (status.ok()) return "";
  return fmt::format("{} (gRPC status {})", Printable(status.error_message()),
                     static_cast<int>(status.error_code()));
}

// What gRPC's threads put in and the link's thread takes out. Bounded by the calls in flight and
// the one message of the stream that is read at a time.
class Inbox {
 public:
  explicit Inbox(std::shared_ptr<const Wakeup> arrived) : arrived_(std::move(arrived)) {}

  // A call or the stream begins. Its end is told by PutLast().
  void Begin() {
    const std::lock_guard lock(mutex_);
    ++under_way_;
  }
  void Put(Arrival arrival) {
    {
      const std::lock_guard lock(mutex_);
      arrivals_.push_back(std::move(arrival));
    }
    arrived_->Wake();
  }
  void PutLast(Arrival arrival) {
    {
      const std::lock_guard lock(mutex_);
      arrivals_.push_back(std::move(arrival));
      if (--under_way_ == 0) idle_.notify_all();
    }
    arrived_->Wake();
  }
  std::deque<Arrival> Take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(arrivals_, {});
  }
  void WaitUntilIdle() {
    std::unique_lock lock(mutex_);
    idle_.wait(lock, [this] { return under_way_ == 0; });
  }

 private:
  const std::shared_ptr<const Wakeup> arrived_;
  std::mutex mutex_;
  // State below is protected by mutex_.
  std::condition_variable idle_;
  std::deque<Arrival> arrivals_;
  std::size_t under_way_ = 0;
};

// One call under way; lives until gRPC has ended it.
struct UnaryCall {
  grpc::ClientContext context;
  grpc::ByteBuffer request;
  grpc::ByteBuffer reply;
};

// gRPC ends the queue of its callbacks with the last channel that has used it, and 1.51 may free it
// twice then: seen under ASan. So one channel, to nobody, has used it and is never given up: there
// is no last one, however often a GUI comes and goes.
const std::shared_ptr<grpc::Channel>& CallbackQueueKeeper() {
  static const auto* const kept = [] {
    auto* const channel = new std::shared_ptr<grpc::Channel>(
        grpc::CreateChannel("unix:/nonexistent", grpc::InsecureChannelCredentials()));
    auto call = std::make_shared<UnaryCall>();
    call->context.set_deadline(std::chrono::system_clock::now());
    call->request = BufferOf("");
    grpc::GenericStub(*channel).UnaryCall(&call->context, "/nobody", {}, &call->request,
                                          &call->reply, [call](const grpc::Status&) {});
    return channel;
  }();
  return *kept;
}

// The stream; lives until gRPC has ended it, and as long as the wire holds it.
class Stream final : public grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  explicit Stream(std::shared_ptr<Inbox> inbox) : inbox_(std::move(inbox)) {}

  void Start(grpc::GenericStub& stub, const char* method, std::shared_ptr<Stream> self) {
    self_ = std::move(self);
    inbox_->Begin();
    stub.PrepareBidiStreamingCall(&context_, method, {}, this);
    AddHold();  // for the writes that come from outside of reactions
    StartRead(&incoming_);
    StartCall();
  }
  bool Write(const std::string& message) {
    const std::lock_guard lock(mutex_);
    if (ended_ || waiting_.size() >= kMostWaitingReplies) return false;
    waiting_.push_back(BufferOf(message));
    if (!writing_) WriteNextLocked();
    return true;
  }
  // The last message has been taken.
  void ReadNext() {
    const std::lock_guard lock(mutex_);
    if (!ended_) StartRead(&incoming_);
  }
  void Cancel() {
    {
      const std::lock_guard lock(mutex_);
      EndLocked();
    }
    context_.TryCancel();
  }

  void OnReadDone(bool ok) override {
    if (ok) {
      inbox_->Put(StreamSaid{BytesOf(incoming_)});
      return;
    }
    const std::lock_guard lock(mutex_);
    EndLocked();
  }
  void OnWriteDone(bool ok) override {
    const std::lock_guard lock(mutex_);
    writing_ = false;
    if (!ok || ended_) return;
    waiting_.pop_front();
    if (!waiting_.empty()) WriteNextLocked();
  }
  void OnDone(const grpc::Status& status) override {
    const auto last = std::move(self_);  // may end us
    inbox_->PutLast(StreamEnded{status.ok(), ReasonOf(status)});
  }

 private:
  void WriteNextLocked() {
    writing_ = true;
    StartWrite(&waiting_.front());
  }
  // Nothing is begun any more: gRPC may finish.
  void EndLocked() {
    if (std::exchange(ended_, true)) return;
    RemoveHold();
  }

  grpc::ClientContext context_;
  const std::shared_ptr<Inbox> inbox_;
  std::shared_ptr<Stream> self_;
  grpc::ByteBuffer incoming_;

  std::mutex mutex_;
  // State below is protected by mutex_.
  std::deque<grpc::ByteBuffer> waiting_;  // the first of them is being written
  bool writing_ = false;
  bool ended_ = false;
};

class GrpcGuiWire final : public GuiWire {
 public:
  GrpcGuiWire(std::shared_ptr<grpc::Channel> channel, std::shared_ptr<const Wakeup> arrived)
      : channel_(std::move(channel)),
        stub_(channel_),
        inbox_(std::make_shared<Inbox>(std::move(arrived))),
        keeper_(CallbackQueueKeeper()) {}

  ~GrpcGuiWire() override {
    for (const auto& [number, call] : calls_) call->context.TryCancel();
    if (stream_) stream_->Cancel();
    // gRPC's completion queue goes with the last channel: none may go while a call is under way,
    // and none on a thread of gRPC's. What is cancelled ends at once.
    inbox_->WaitUntilIdle();
  }

  std::uint64_t Call(const char* method, std::string request,
                     std::chrono::milliseconds timeout) override {
    const std::uint64_t number = next_call_++;
    auto call = std::make_shared<UnaryCall>();
    call->context.set_deadline(std::chrono::system_clock::now() + timeout);
    call->request = BufferOf(request);
    calls_.emplace(number, call);
    inbox_->Begin();
    stub_.UnaryCall(&call->context, method, {}, &call->request, &call->reply,
                    [call, number, inbox = inbox_](const grpc::Status& status) {
                      inbox->PutLast(CallEnded{number, ResultOf(status),
                                               status.ok() ? BytesOf(call->reply) : std::string(),
                                               ReasonOf(status)});
                    });
    return number;
  }

  void Cancel(std::uint64_t call) override {
    if (const auto found = calls_.find(call); found != calls_.end()) {
      found->second->context.TryCancel();
    }
  }

  void OpenStream(const char* method) override {
    if (stream_) stream_->Cancel();
    stream_ = std::make_shared<Stream>(inbox_);
    stream_->Start(stub_, method, stream_);
  }

  bool Write(std::string message) override { return stream_ && stream_->Write(message); }

  std::deque<Arrival> Take() override {
    std::deque<Arrival> arrivals = inbox_->Take();
    for (const Arrival& arrival : arrivals) {
      if (const auto* ended = std::get_if<CallEnded>(&arrival)) calls_.erase(ended->call);
      if (stream_ && std::holds_alternative<StreamSaid>(arrival)) stream_->ReadNext();
    }
    return arrivals;
  }

 private:
  const std::shared_ptr<grpc::Channel> channel_;
  grpc::GenericStub stub_;
  const std::shared_ptr<Inbox> inbox_;
  const std::shared_ptr<grpc::Channel> keeper_;
  std::uint64_t next_call_ = 1;
  std::map<std::uint64_t, std::shared_ptr<UnaryCall>> calls_;  // under way
  std::shared_ptr<Stream> stream_;
};

}  // namespace

std::unique_ptr<GuiWire> MakeGuiWire(std::shared_ptr<grpc::Channel> channel,
                                     std::shared_ptr<const Wakeup> arrived) {
  return std::make_unique<GrpcGuiWire>(std::move(channel), std::move(arrived));
}

}  // namespace procwall
