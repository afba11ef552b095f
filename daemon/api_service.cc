// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/api_service.h"

#include <poll.h>
#include <pthread.h>
#include <pwd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <thread>
#include <utility>

#include <fmt/format.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/server_posix.h>

#include "base/unique_fd.h"
#include "daemon/api_socket.h"
#include "daemon/question_reactor.h"
#include "daemon/watch_reactor.h"
#include "procwall/v1/procwall.grpc.pb.h"

namespace procwall {
namespace {

constexpr std::string_view kUnixScheme = "unix:";

grpc::Status StatusOf(const ExplainRefusal& refusal) {
  switch (refusal.kind) {
    case ExplainRefusal::Kind::kNotFound:
      return {grpc::StatusCode::NOT_FOUND, refusal.what};
    case ExplainRefusal::Kind::kInvalid:
      return {grpc::StatusCode::INVALID_ARGUMENT, refusal.what};
    case ExplainRefusal::Kind::kOverloaded:
      return {grpc::StatusCode::RESOURCE_EXHAUSTED, refusal.what};
  }
  return {grpc::StatusCode::INTERNAL, refusal.what};
}

grpc::Status Forbidden(Role needed) {
  return {grpc::StatusCode::PERMISSION_DENIED,
          fmt::format("this needs the role \"{}\": be root, or a member of the group that the "
                      "daemon's configuration names for it",
                      RoleName(needed))};
}

// For people: who answered. The number when there is no name.
std::string UserName(uid_t uid) {
  std::array<char, 4096> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  const int failed = ::getpwuid_r(uid, &entry, buffer.data(), buffer.size(), &found);
  return failed == 0 && found != nullptr ? std::string(found->pw_name) : std::to_string(uid);
}

// A call that ends before it begins.
class RefusingQuestions final
    : public grpc::ServerBidiReactor<v1::QuestionsRequest, v1::QuestionsResponse> {
 public:
  explicit RefusingQuestions(const grpc::Status& why) { Finish(why); }
  void OnDone() override { delete this; }
};

// A stream that ends at once.
template <typename Response>
class RefusingReactor final : public grpc::ServerWriteReactor<Response> {
 public:
  explicit RefusingReactor(const grpc::Status& status) { this->Finish(status); }
  void OnDone() override { delete this; }
};

class Service final : public v1::Procwall::CallbackService {
 public:
  Service(const ApiSources& sources, const ApiSocket& socket, Watchers& watchers,
          ProcessWatchers* process_watchers, QuestionCalls& questions)
      : log_(sources.log),
        processes_(sources.processes),
        why_no_processes_(sources.why_no_processes),
        status_(sources.status),
        explanations_(sources.explanations),
        desk_(sources.desk),
        socket_(socket),
        watchers_(watchers),
        process_watchers_(process_watchers),
        questions_(questions) {}

  grpc::ServerWriteReactor<v1::WatchResponse>* Watch(grpc::CallbackServerContext* /*context*/,
                                                     const v1::WatchRequest* request) override {
    return new WatchReactor(log_, watchers_, request->recent());  // deletes itself in OnDone()
  }

  grpc::ServerWriteReactor<v1::WatchProcessesResponse>* WatchProcesses(
      grpc::CallbackServerContext* /*context*/,
      const v1::WatchProcessesRequest* /*request*/) override {
    if (process_watchers_ == nullptr) {
      return new RefusingReactor<v1::WatchProcessesResponse>(
          {grpc::StatusCode::FAILED_PRECONDITION,
           "nobody tells this daemon of processes: " + why_no_processes_});
    }
    return new ProcessWatchReactor(*processes_, *process_watchers_, 0);  // deletes itself
  }

  grpc::ServerUnaryReactor* Status(grpc::CallbackServerContext* context,
                                   const v1::StatusRequest* /*request*/,
                                   v1::StatusResponse* response) override {
    *response = status_.Status();
    response->set_watchers(static_cast<std::uint32_t>(watchers_.Size()));
    response->set_askers(static_cast<std::uint32_t>(desk_.AskerCount()));
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }

  grpc::ServerUnaryReactor* ListRules(grpc::CallbackServerContext* context,
                                      const v1::ListRulesRequest* /*request*/,
                                      v1::ListRulesResponse* response) override {
    *response = status_.ListRules();
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }

  grpc::ServerUnaryReactor* Explain(grpc::CallbackServerContext* context,
                                    const v1::ExplainRequest* request,
                                    v1::ExplainResponse* response) override {
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    // All three live until Finish().
    explanations_.Explain({.request = *request,
                           .is_wanted = [context] { return !context->IsCancelled(); },
                           .answer =
                               [reactor, response](ExplainAnswer answer) {
                                 if (answer) response->Swap(&*answer);
                                 reactor->Finish(answer ? grpc::Status::OK
                                                        : StatusOf(answer.error()));
                               }});
    return reactor;
  }

  grpc::ServerBidiReactor<v1::QuestionsRequest, v1::QuestionsResponse>* Questions(
      grpc::CallbackServerContext* context) override {
    const ApiPeer peer = socket_.PeerOf(context->peer());
    // Both delete themselves in OnDone().
    if (peer.role < Role::kAnswer) return new RefusingQuestions(Forbidden(Role::kAnswer));
    return new QuestionReactor(desk_, log_, questions_, UserName(peer.uid));
  }

 private:
  EventLog& log_;
  ProcessLog* processes_;
  const std::string why_no_processes_;
  const StatusSource& status_;
  ExplainSource& explanations_;
  QuestionDesk& desk_;
  const ApiSocket& socket_;
  Watchers& watchers_;
  ProcessWatchers* process_watchers_;  // null: there are none
  QuestionCalls& questions_;
};

class GrpcApiServer final : public ApiServer {
 public:
  GrpcApiServer(const ApiSources& sources, std::unique_ptr<ApiSocket> socket, const Wakeup& wakeup)
      : socket_(std::move(socket)),
        watchers_(sources.log),
        process_watchers_(sources.processes != nullptr
                              ? std::make_unique<ProcessWatchers>(*sources.processes)
                              : nullptr),
        service_(sources, *socket_, watchers_, process_watchers_.get(), questions_),
        wakeup_(wakeup) {}

  ~GrpcApiServer() override {
    socket_->Stop();  // nobody new
    stopping_.store(true);
    wakeup_.Wake();
    if (nudger_.joinable()) nudger_.join();
    watchers_.Close();
    questions_.Close();
    if (process_watchers_) process_watchers_->Close();
    if (server_) server_->Shutdown(std::chrono::system_clock::now() + std::chrono::seconds(1));
  }

  bool Serve() {
    grpc::ServerBuilder builder;
    builder.RegisterService(&service_);
    builder.SetMaxReceiveMessageSize(1 << 20);
    server_ = builder.BuildAndStart();
    if (!server_) return false;
    socket_->Start([this](UniqueFd client) {
      grpc::AddInsecureChannelFromFd(server_.get(), client.Release());
    });
    nudger_ = std::thread([this] { NudgeWatchers(); });
    return true;
  }

 private:
  void NudgeWatchers() {
    ::pthread_setname_np(::pthread_self(), "ui-nudger");
    while (!stopping_.load()) {
      pollfd waiting{wakeup_.UnsafeFd(), POLLIN, 0};
      if (::poll(&waiting, 1, -1) < 0 && errno != EINTR) return;
      wakeup_.Clear();
      watchers_.Nudge();
      if (process_watchers_) process_watchers_->Nudge();
    }
  }

  std::unique_ptr<ApiSocket> socket_;
  Watchers watchers_;
  QuestionCalls questions_;
  std::unique_ptr<ProcessWatchers> process_watchers_;  // null: nobody tells of processes
  Service service_;
  const Wakeup& wakeup_;
  std::unique_ptr<grpc::Server> server_;
  std::atomic<bool> stopping_{false};
  std::thread nudger_;
};

}  // namespace

tl::expected<std::unique_ptr<ApiServer>, std::string> ApiServer::Start(const std::string& address,
                                                                       const ApiSources& sources,
                                                                       const Wakeup& wakeup,
                                                                       const RoleGroups& groups) {
  if (!address.starts_with(kUnixScheme)) {
    return tl::unexpected(fmt::format("API address \"{}\": only unix:/path is supported", address));
  }
  auto socket = ApiSocket::Listen(address.substr(kUnixScheme.size()), groups);
  if (!socket) return tl::unexpected(socket.error());
  auto server = std::make_unique<GrpcApiServer>(sources, *std::move(socket), wakeup);
  if (!server->Serve()) return tl::unexpected<std::string>("gRPC does not start");
  return server;
}

}  // namespace procwall
