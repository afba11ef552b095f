// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/api_service.h"

#include <grp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <thread>
#include <utility>

#include <fmt/format.h>
#include <grpcpp/grpcpp.h>

#include "base/unique_fd.h"
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

class Service final : public v1::Procwall::CallbackService {
 public:
  Service(const ApiSources& sources, Watchers& watchers)
      : log_(sources.log),
        status_(sources.status),
        explanations_(sources.explanations),
        watchers_(watchers) {}

  grpc::ServerWriteReactor<v1::WatchResponse>* Watch(grpc::CallbackServerContext* /*context*/,
                                                     const v1::WatchRequest* request) override {
    return new WatchReactor(log_, watchers_, request->recent());  // deletes itself in OnDone()
  }

  grpc::ServerUnaryReactor* Status(grpc::CallbackServerContext* context,
                                   const v1::StatusRequest* /*request*/,
                                   v1::StatusResponse* response) override {
    *response = status_.Status();
    response->set_watchers(static_cast<std::uint32_t>(watchers_.Size()));
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

 private:
  EventLog& log_;
  const StatusSource& status_;
  ExplainSource& explanations_;
  Watchers& watchers_;
};

// Does somebody answer on this socket already?
bool IsAnswered(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(static_cast<char*>(address.sun_path), path.data(), path.size());
  const UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const int connected =
      ::connect(socket.UnsafeFd(), static_cast<const sockaddr*>(static_cast<const void*>(&address)),
                sizeof(address));
  return connected == 0 || errno == EAGAIN;  // EAGAIN: too many wait for its answer
}

tl::expected<void, std::string> PreparePath(const std::string& path) {
  if (path.empty() || path.front() != '/' || path.size() >= sizeof(sockaddr_un{}.sun_path)) {
    return tl::unexpected(fmt::format("\"{}\" is not an absolute path of at most {} bytes", path,
                                      sizeof(sockaddr_un{}.sun_path) - 1));
  }
  struct stat existing {};
  if (::lstat(path.c_str(), &existing) == 0) {
    if (!S_ISSOCK(existing.st_mode))
      return tl::unexpected(fmt::format("{} exists and is not a socket", path));
    if (IsAnswered(path))
      return tl::unexpected(fmt::format("another procwalld answers on {}", path));
  }
  std::error_code error;
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), error);
  if (error)
    return tl::unexpected(fmt::format("cannot create the folder of {}: {}", path, error.message()));
  return {};
}

// Who may connect: root, and the group "procwall" where there is one.
void LimitAccess(const std::string& path) {
  const struct group* const group =
      ::getgrnam("procwall");  // NOLINT(concurrency-mt-unsafe): before any thread asks
  const bool shared = group && ::lchown(path.c_str(), static_cast<uid_t>(-1), group->gr_gid) == 0;
  ::chmod(path.c_str(), shared ? 0660 : 0600);
}

class GrpcApiServer final : public ApiServer {
 public:
  GrpcApiServer(const ApiSources& sources, const Wakeup& wakeup)
      : watchers_(sources.log), service_(sources, watchers_), wakeup_(wakeup) {}

  ~GrpcApiServer() override {
    stopping_.store(true);
    wakeup_.Wake();
    if (nudger_.joinable()) nudger_.join();
    watchers_.Close();
    if (server_) server_->Shutdown(std::chrono::system_clock::now() + std::chrono::seconds(1));
    if (!path_.empty()) ::unlink(path_.c_str());
  }

  tl::expected<void, std::string> Listen(const std::string& address) {
    if (!address.starts_with(kUnixScheme)) {
      return tl::unexpected(
          fmt::format("API address \"{}\": only unix:/path is supported", address));
    }
    const std::string path = address.substr(kUnixScheme.size());
    if (auto prepared = PreparePath(path); !prepared) return prepared;
    const mode_t before = ::umask(0177);  // nobody else may connect between bind and chmod
    grpc::ServerBuilder builder;
    builder.AddListeningPort(kUnixScheme.data() + path, grpc::InsecureServerCredentials());
    builder.RegisterService(&service_);
    builder.SetMaxReceiveMessageSize(1 << 20);
    server_ = builder.BuildAndStart();
    ::umask(before);
    if (!server_)
      return tl::unexpected(fmt::format(
          "cannot listen on {}: {}", path,
          std::strerror(errno)));  // NOLINT(concurrency-mt-unsafe): at start, one thread
    path_ = path;
    LimitAccess(path);
    nudger_ = std::thread([this] { NudgeWatchers(); });
    return {};
  }

 private:
  void NudgeWatchers() {
    ::pthread_setname_np(::pthread_self(), "ui-nudger");
    while (!stopping_.load()) {
      pollfd waiting{wakeup_.UnsafeFd(), POLLIN, 0};
      if (::poll(&waiting, 1, -1) < 0 && errno != EINTR) return;
      wakeup_.Clear();
      watchers_.Nudge();
    }
  }

  Watchers watchers_;
  Service service_;
  const Wakeup& wakeup_;
  std::string path_;  // set once we own it
  std::unique_ptr<grpc::Server> server_;
  std::atomic<bool> stopping_{false};
  std::thread nudger_;
};

}  // namespace

tl::expected<std::unique_ptr<ApiServer>, std::string> ApiServer::Start(const std::string& address,
                                                                       const ApiSources& sources,
                                                                       const Wakeup& wakeup) {
  auto server = std::make_unique<GrpcApiServer>(sources, wakeup);
  if (auto listening = server->Listen(address); !listening)
    return tl::unexpected(listening.error());
  return server;
}

}  // namespace procwall
