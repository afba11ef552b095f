// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/api_service.h"

#include <poll.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <thread>
#include <utility>

#include <fmt/format.h>
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/resource_quota.h>
#include <grpcpp/server_posix.h>

#include "base/background_thread.h"
#include "base/unique_fd.h"
#include "daemon/api_access.h"
#include "daemon/api_config.h"
#include "daemon/api_inquiries.h"
#include "daemon/api_refusal.h"
#include "daemon/api_rules.h"
#include "daemon/api_socket.h"
#include "daemon/api_tls.h"
#include "daemon/event_watchers.h"
#include "daemon/flow_filter.h"
#include "daemon/pending_call.h"
#include "daemon/question_reactor.h"
#include "daemon/watch_reactor.h"
#include "procwall/v1/procwall.grpc.pb.h"

namespace procwall {
namespace {

constexpr std::string_view kUnixScheme = "unix:";
constexpr std::chrono::milliseconds kLeastTimeBetweenNudges{10};

// A call that ends before it begins.
class RefusingQuestions final
    : public grpc::ServerBidiReactor<v1::QuestionsRequest, v1::QuestionsResponse> {
 public:
  explicit RefusingQuestions(const grpc::Status& why) { Finish(why); }
  void OnDone() override { delete this; }
};

// Watch is answered in bytes: see EventWatchers.
using RawWatchService = v1::Procwall::WithRawCallbackMethod_Watch<v1::Procwall::CallbackService>;

class Service final : public RawWatchService {
 public:
  Service(const ApiSources& sources, const ApiAccess& access, PendingCalls& pending,
          ApiInquiries& inquiries, EventWatchers& watchers, ProcessWatchers* process_watchers,
          FlowWatchers* flow_watchers, QuestionCalls& questions)
      : log_(sources.log),
        processes_(sources.processes),
        why_no_processes_(sources.why_no_processes),
        flows_(sources.flows),
        flow_log_(sources.flow_log),
        why_no_flows_(sources.why_no_flows),
        status_(sources.status),
        explanations_(sources.explanations),
        desk_(sources.desk),
        access_(access),
        settings_(sources.settings),
        rules_(sources.rule_changes, sources.status, pending),
        inquiries_(inquiries),
        journal_(sources.journal),
        metrics_(sources.metrics),
        watchers_(watchers),
        process_watchers_(process_watchers),
        flow_watchers_(flow_watchers),
        questions_(questions) {}

  grpc::ServerWriteReactor<grpc::ByteBuffer>* Watch(grpc::CallbackServerContext* /*context*/,
                                                    const grpc::ByteBuffer* request) override {
    v1::WatchRequest wanted;
    grpc::ByteBuffer bytes = *request;
    const grpc::Status read =
        grpc::SerializationTraits<v1::WatchRequest>::Deserialize(&bytes, &wanted);
    // Both delete themselves in OnDone().
    if (!read.ok()) {
      return new RefusingReactor<grpc::ByteBuffer>(InvalidRequest("this is no WatchRequest"));
    }
    return new EventReactor(log_, watchers_, wanted.recent());
  }

  grpc::ServerWriteReactor<v1::WatchProcessesResponse>* WatchProcesses(
      grpc::CallbackServerContext* /*context*/,
      const v1::WatchProcessesRequest* /*request*/) override {
    if (process_watchers_ == nullptr) {
      return new RefusingReactor<v1::WatchProcessesResponse>(NotOffered(
          "nobody tells this daemon of processes: " + why_no_processes_, "NO_PROCESS_NEWS"));
    }
    return new ProcessWatchReactor(*processes_, *process_watchers_, 0);  // deletes itself
  }

  grpc::ServerUnaryReactor* ListFlows(grpc::CallbackServerContext* context,
                                      const v1::ListFlowsRequest* request,
                                      v1::ListFlowsResponse* response) override {
    if (flows_ == nullptr) return Answer(context, NoFlows());
    grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
    flows_->List(FlowQuestionOf(*request, *response, *context, *reactor));
    return reactor;
  }

  grpc::ServerUnaryReactor* CutFlows(grpc::CallbackServerContext* context,
                                     const v1::CutFlowsRequest* request,
                                     v1::CutFlowsResponse* response) override {
    if (const auto refused = access_.WhyNot(*context, Role::kAdminister)) {
      return Answer(context, *refused);
    }
    if (flows_ == nullptr) return Answer(context, NoFlows());
    grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
    flows_->Cut(FlowQuestionOf(*request, *response, *context, *reactor));
    return reactor;
  }

  grpc::ServerWriteReactor<v1::WatchFlowsResponse>* WatchFlows(
      grpc::CallbackServerContext* /*context*/, const v1::WatchFlowsRequest* request) override {
    using Refusing = RefusingReactor<v1::WatchFlowsResponse>;
    if (flow_watchers_ == nullptr) return new Refusing(NoFlows());
    auto filter = FlowFilter::Create(request->filter());
    if (!filter) return new Refusing(InvalidRequest(filter.error()));
    return new FlowWatchReactor(
        *flow_log_, *flow_watchers_, 0,
        [filter = *std::move(filter)](const FlowNote& note) { return filter.Fits(note); });
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
                                      const v1::ListRulesRequest* request,
                                      v1::ListRulesResponse* response) override {
    return Answer(context, rules_.List(*request, *response));
  }

  grpc::ServerUnaryReactor* GetRule(grpc::CallbackServerContext* context,
                                    const v1::GetRuleRequest* request,
                                    v1::Rule* response) override {
    return Answer(context, rules_.Get(*request, *response));
  }

  grpc::ServerUnaryReactor* PutRule(grpc::CallbackServerContext* context,
                                    const v1::PutRuleRequest* request,
                                    v1::PutRuleResponse* response) override {
    if (const auto refused = access_.WhyNot(*context, Role::kAdminister)) {
      return Answer(context, *refused);
    }
    return rules_.Put(*context, *request, *response);
  }

  grpc::ServerUnaryReactor* RemoveRule(grpc::CallbackServerContext* context,
                                       const v1::RemoveRuleRequest* request,
                                       v1::RemoveRuleResponse* /*response*/) override {
    if (const auto refused = access_.WhyNot(*context, Role::kAdminister)) {
      return Answer(context, *refused);
    }
    return rules_.Remove(*context, *request);
  }

  grpc::ServerUnaryReactor* SetRuleEnabled(grpc::CallbackServerContext* context,
                                           const v1::SetRuleEnabledRequest* request,
                                           v1::SetRuleEnabledResponse* response) override {
    if (const auto refused = access_.WhyNot(*context, Role::kAdminister)) {
      return Answer(context, *refused);
    }
    return rules_.SetEnabled(*context, *request, *response);
  }

  grpc::ServerUnaryReactor* TestRules(grpc::CallbackServerContext* context,
                                      const v1::TestRulesRequest* request,
                                      v1::TestRulesResponse* response) override {
    return inquiries_.TestRules(*context, *request, *response);
  }

  grpc::ServerUnaryReactor* ReplayRules(grpc::CallbackServerContext* context,
                                        const v1::ReplayRulesRequest* request,
                                        v1::ReplayRulesResponse* response) override {
    if (const auto refused = access_.WhyNot(*context, Role::kAdminister)) {
      return Answer(context, *refused);
    }
    return inquiries_.ReplayRules(*context, *request, *response);
  }

  grpc::ServerUnaryReactor* ListConnections(grpc::CallbackServerContext* context,
                                            const v1::ListConnectionsRequest* request,
                                            v1::ListConnectionsResponse* response) override {
    return inquiries_.ListConnections(*context, *request, *response);
  }

  grpc::ServerUnaryReactor* Diagnose(grpc::CallbackServerContext* context,
                                     const v1::DiagnoseRequest* /*request*/,
                                     v1::DiagnoseResponse* response) override {
    return inquiries_.Diagnose(*context, *response);
  }

  grpc::ServerUnaryReactor* GetConfig(grpc::CallbackServerContext* context,
                                      const v1::GetConfigRequest* /*request*/,
                                      v1::GetConfigResponse* response) override {
    if (settings_ != nullptr) *response = ConfigMessage(*settings_);
    return Answer(context, grpc::Status::OK);
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

  grpc::ServerUnaryReactor* ReadJournal(grpc::CallbackServerContext* context,
                                        const v1::ReadJournalRequest* request,
                                        v1::ReadJournalResponse* response) override {
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    if (journal_ == nullptr) {
      reactor->Finish(NotOffered("no journal is kept", "NO_JOURNAL"));
      return reactor;
    }
    // All three live until Finish().
    journal_->Read({.request = *request,
                    .is_wanted = [context] { return !context->IsCancelled(); },
                    .answer =
                        [reactor, response](JournalAnswer answer) {
                          if (answer) response->Swap(&*answer);
                          reactor->Finish(answer ? grpc::Status::OK : StatusOf(answer.error()));
                        }});
    return reactor;
  }

  grpc::ServerUnaryReactor* GetMetrics(grpc::CallbackServerContext* context,
                                       const v1::GetMetricsRequest* /*request*/,
                                       v1::GetMetricsResponse* response) override {
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    if (metrics_) response->set_text(metrics_(static_cast<std::uint32_t>(watchers_.Size())));
    reactor->Finish(metrics_
                        ? grpc::Status::OK
                        : NotOffered("this daemon counts nothing for Prometheus", "NO_METRICS"));
    return reactor;
  }

  grpc::ServerBidiReactor<v1::QuestionsRequest, v1::QuestionsResponse>* Questions(
      grpc::CallbackServerContext* context) override {
    const ApiCaller caller = access_.CallerOf(*context);
    // Both delete themselves in OnDone().
    if (caller.role < Role::kAnswer) return new RefusingQuestions(Forbidden(Role::kAnswer));
    return new QuestionReactor(desk_, log_, questions_, caller.name);
  }

 private:
  static grpc::ServerUnaryReactor* Answer(grpc::CallbackServerContext* context,
                                          const grpc::Status& status) {
    grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
    reactor->Finish(status);
    return reactor;
  }

  grpc::Status NoFlows() const {
    return NotOffered("flows are not followed: " + why_no_flows_, "NO_FLOWS");
  }
  // All but the request live until Finish().
  template <typename Request, typename Response>
  static FlowQuestion<Request, Response> FlowQuestionOf(const Request& request, Response& response,
                                                        grpc::CallbackServerContext& context,
                                                        grpc::ServerUnaryReactor& reactor) {
    using Answer = typename FlowQuestion<Request, Response>::Answer;
    return {.request = request,
            .is_wanted = [&context] { return !context.IsCancelled(); },
            .answer =
                [&reactor, &response](Answer answer) {
                  if (answer) response.Swap(&*answer);
                  reactor.Finish(answer ? grpc::Status::OK : StatusOf(answer.error()));
                }};
  }

  EventLog& log_;
  ProcessLog* processes_;
  const std::string why_no_processes_;
  FlowSource* flows_;  // null: the kernel does not tell of them
  FlowLog* flow_log_;
  const std::string why_no_flows_;
  const StatusSource& status_;
  ExplainSource& explanations_;
  QuestionDesk& desk_;
  const ApiAccess& access_;
  const Settings* const settings_;  // null: not told
  ApiRules rules_;
  ApiInquiries& inquiries_;
  JournalSource* const journal_;  // null: none is kept
  const std::function<std::string(std::uint32_t)> metrics_;
  EventWatchers& watchers_;
  ProcessWatchers* process_watchers_;  // null: there are none
  FlowWatchers* flow_watchers_;        // likewise
  QuestionCalls& questions_;
};

void LimitClients(grpc::ServerBuilder& builder) {
  builder.SetMaxReceiveMessageSize(ApiLimits::kMaxRequestBytes);
  builder.SetMaxSendMessageSize(ApiLimits::kMaxResponseBytes);
  builder.SetResourceQuota(grpc::ResourceQuota("api")
                               .Resize(ApiLimits::kMaxTransportBytes)
                               .SetMaxThreads(ApiLimits::kMaxWaitingThreads));
  builder.SetSyncServerOption(grpc::ServerBuilder::SyncServerOption::NUM_CQS, 1);
  for (const auto& [name, value] :
       {std::pair(GRPC_ARG_MAX_CONCURRENT_STREAMS, ApiLimits::kMaxCallsPerConnection),
        std::pair(GRPC_ARG_MAX_METADATA_SIZE, ApiLimits::kMaxHeaderBytes),
        std::pair(GRPC_ARG_KEEPALIVE_TIME_MS, ApiLimits::kKeepaliveMs),
        std::pair(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, ApiLimits::kKeepaliveAnswerMs),
        std::pair(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1),
        std::pair(GRPC_ARG_MAX_CONNECTION_IDLE_MS, ApiLimits::kMaxIdleMs),
        std::pair(GRPC_ARG_ALLOW_REUSEPORT, 0)}) {
    builder.AddChannelArgument(name, value);
  }
}

class GrpcApiServer final : public ApiServer {
 public:
  GrpcApiServer(const ApiSources& sources, std::unique_ptr<ApiSocket> socket,
                CertificateRoles roles, std::unique_ptr<ApiInquiries> inquiries,
                std::unique_ptr<PendingCalls> pending, const Wakeup& wakeup)
      : pending_(std::move(pending)),
        inquiries_(std::move(inquiries)),
        socket_(std::move(socket)),
        access_(*socket_, std::move(roles)),
        watchers_(sources.log),
        process_watchers_(sources.processes != nullptr
                              ? std::make_unique<ProcessWatchers>(*sources.processes)
                              : nullptr),
        flow_watchers_(sources.flow_log != nullptr
                           ? std::make_unique<FlowWatchers>(*sources.flow_log)
                           : nullptr),
        service_(sources, access_, *pending_, *inquiries_, watchers_, process_watchers_.get(),
                 flow_watchers_.get(), questions_),
        wakeup_(wakeup) {}

  ~GrpcApiServer() override {
    socket_->Stop();  // nobody new
    stopping_.store(true);
    wakeup_.Wake();
    if (nudger_.joinable()) nudger_.join();
    watchers_.Close();
    questions_.Close();
    pending_->Close();
    if (process_watchers_) process_watchers_->Close();
    if (flow_watchers_) flow_watchers_->Close();
    if (server_) server_->Shutdown(std::chrono::system_clock::now() + std::chrono::seconds(1));
  }

  std::uint32_t WatcherCount() const override {
    return static_cast<std::uint32_t>(watchers_.Size());
  }

  // What went wrong, for people; empty: nothing.
  std::string Serve(const std::string& tcp_address, ApiTls over_tcp) {
    tls_files_ = std::move(over_tcp.files);
    grpc::ServerBuilder builder;
    builder.RegisterService(&service_);
    LimitClients(builder);
    int port = 0;
    if (over_tcp.credentials) builder.AddListeningPort(tcp_address, over_tcp.credentials, &port);
    server_ = builder.BuildAndStart();
    if (!tcp_address.empty() && port == 0) {
      return fmt::format(
          "Procwall.ApiTls.Address: cannot listen on {}: is it taken, or not of this "
          "host?",
          tcp_address);
    }
    if (!server_) return "gRPC does not start";
    socket_->Start([this](UniqueFd client) {
      grpc::AddInsecureChannelFromFd(server_.get(), client.Release());
    });
    nudger_ = std::thread([this] { NudgeWatchers(); });
    return "";
  }

 private:
  void NudgeWatchers() {
    BeginBackgroundThread("ui-nudger");
    while (!stopping_.load()) {
      pollfd waiting{wakeup_.UnsafeFd(), POLLIN, 0};
      if (::poll(&waiting, 1, -1) < 0 && errno != EINTR) return;
      wakeup_.Clear();
      watchers_.Nudge();
      if (process_watchers_) process_watchers_->Nudge();
      if (flow_watchers_) flow_watchers_->Nudge();
      // Under load many decisions are told at once: it costs less, and nobody sees the difference.
      std::this_thread::sleep_for(kLeastTimeBetweenNudges);
    }
  }

  const std::unique_ptr<PendingCalls> pending_;
  const std::unique_ptr<ApiInquiries> inquiries_;
  std::unique_ptr<ApiSocket> socket_;
  const ApiAccess access_;
  EventWatchers watchers_;
  QuestionCalls questions_;
  std::unique_ptr<ProcessWatchers> process_watchers_;  // null: nobody tells of processes
  std::unique_ptr<FlowWatchers> flow_watchers_;        // null: nobody tells of flows
  Service service_;
  const Wakeup& wakeup_;
  std::unique_ptr<TlsFiles> tls_files_;  // null: there is no TCP
  std::unique_ptr<grpc::Server> server_;
  std::atomic<bool> stopping_{false};
  std::thread nudger_;
};

}  // namespace

tl::expected<std::unique_ptr<ApiServer>, std::string> ApiServer::Start(const std::string& address,
                                                                       const ApiSources& sources,
                                                                       const Wakeup& wakeup,
                                                                       const RoleGroups& groups,
                                                                       const ApiTlsSettings& tls) {
  if (!address.starts_with(kUnixScheme)) {
    return tl::unexpected(fmt::format("API address \"{}\": only unix:/path is supported", address));
  }
  ApiTls over_tcp;
  if (!tls.address.empty()) {
    auto made = ServeTls(tls);
    if (!made) return tl::unexpected(made.error());
    over_tcp = *std::move(made);
  }
  auto socket = ApiSocket::Listen(address.substr(kUnixScheme.size()), groups);
  if (!socket) return tl::unexpected(socket.error());
  auto pending = std::make_unique<PendingCalls>();
  auto inquiries = ApiInquiries::Start(sources.status, sources.rule_tester, *pending);
  if (!inquiries) return tl::unexpected(inquiries.error());
  // Both are for every server that is built from here on.
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  grpc::EnableDefaultHealthCheckService(true);
  auto server = std::make_unique<GrpcApiServer>(sources, *std::move(socket), RolesOf(tls),
                                                *std::move(inquiries), std::move(pending), wakeup);
  if (std::string wrong = server->Serve(tls.address, std::move(over_tcp)); !wrong.empty()) {
    return tl::unexpected(std::move(wrong));
  }
  return server;
}

}  // namespace procwall
