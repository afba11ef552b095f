// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
// Watchers that do nothing with what they are told, so that only the daemon's part of watching is
// measured: each has a connection of its own and reads as fast as it can.
//
//   watch_load ADDRESS COUNT    prints "ready" when all listen; at the end of its input it prints
//                               how many messages they got, as {"messages": N, "bytes": M},
//                               and ends.
#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/codegen/rpc_method.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/sync_stream.h>

namespace {

// One open call of Watch, whose messages are not even parsed.
class Watcher {
 public:
  explicit Watcher(const std::string& address)
      : channel_(MakeChannel(address)),
        method_("/procwall.v1.Procwall/Watch", grpc::internal::RpcMethod::SERVER_STREAMING),
        reader_(grpc::internal::ClientReaderFactory<grpc::ByteBuffer>::Create(
            channel_.get(), method_, &context_, EmptyRequest())) {}

  bool Listens() {
    grpc::ByteBuffer first;
    return reader_->Read(&first);
  }
  void Run() {
    thread_ = std::thread([this] {
      grpc::ByteBuffer message;
      while (reader_->Read(&message)) {
        ++messages_;
        bytes_ += message.Length();
      }
    });
  }
  void End() {
    context_.TryCancel();
    thread_.join();
    (void)reader_->Finish();
  }
  // After End().
  std::uint64_t Messages() const { return messages_; }
  std::uint64_t Bytes() const { return bytes_; }

 private:
  static std::shared_ptr<grpc::Channel> MakeChannel(const std::string& address) {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
  }
  static grpc::ByteBuffer EmptyRequest() {
    const grpc::Slice empty("");
    return {&empty, 1};
  }

  grpc::ClientContext context_;
  const std::shared_ptr<grpc::Channel> channel_;
  const grpc::internal::RpcMethod method_;
  std::unique_ptr<grpc::ClientReader<grpc::ByteBuffer>> reader_;
  std::uint64_t messages_ = 0;
  std::uint64_t bytes_ = 0;
  std::thread thread_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("usage: watch_load ADDRESS COUNT\n", stderr);
    return 2;
  }
  std::vector<std::unique_ptr<Watcher>> watchers;
  for (long i = std::strtol(argv[2], nullptr, 10); i > 0; --i) {
    watchers.push_back(std::make_unique<Watcher>(argv[1]));
    if (!watchers.back()->Listens()) {
      std::fputs("watch_load: no daemon listens there\n", stderr);
      return 1;
    }
  }
  for (const auto& watcher : watchers) watcher->Run();
  std::puts("ready");
  std::fflush(stdout);
  while (std::getchar() != EOF) {
  }
  std::uint64_t messages = 0;
  std::uint64_t bytes = 0;
  for (const auto& watcher : watchers) {
    watcher->End();
    messages += watcher->Messages();
    bytes += watcher->Bytes();
  }
  std::printf("{\"messages\": %" PRIu64 ", \"bytes\": %" PRIu64 "}\n", messages, bytes);
  return 0;
}
