// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/api_inquiries.h"

#include <utility>
#include <vector>

#include "attribution/procfs.h"
#include "attribution/socket_diag.h"
#include "attribution/socket_table.h"
#include "daemon/api_refusal.h"
#include "daemon/connection_page.h"
#include "daemon/evidence_message.h"
#include "diagnosis/examination.h"

namespace procwall {
namespace {

v1::LiveSocket ToMessage(const SocketWithOwners& entry) {
  const SocketEntry& socket = entry.socket;
  v1::LiveSocket message;
  message.set_protocol(ProtocolName(socket.protocol, socket.family));
  v1::Socket& told = *message.mutable_socket();
  told.set_inode(socket.inode);
  told.set_cookie(socket.cookie);
  told.set_state(SocketStateName(socket.state));
  told.set_uid(socket.uid);
  told.set_local_ip(socket.local.address.ToString());
  told.set_local_port(socket.local.port);
  if (socket.IsConnected()) {
    told.set_remote_ip(socket.remote.address.ToString());
    told.set_remote_port(socket.remote.port);
  }
  for (const ProcessPtr& owner : entry.owners) {
    *message.add_holders() = procwall::ToMessage(*owner);
  }
  return message;
}

struct FoundPage {
  std::vector<SocketWithOwners> sockets;
  std::string next;
};

// Only who holds the sockets of this page is looked for.
Result<FoundPage> FindPage(const std::optional<SocketPlace>& after, std::size_t size) {
  SocketDiag diag = PROCWALL_TRY(SocketDiag::Open());
  const Procfs procfs = PROCWALL_TRY(Procfs::Open());
  SocketPage page = PageOf(PROCWALL_TRY(DumpAllSockets(diag)), after, size);
  return FoundPage{FindOwners(std::move(page.sockets), procfs, SystemClock()),
                   std::move(page.next)};
}

}  // namespace

tl::expected<std::unique_ptr<ApiInquiries>, std::string> ApiInquiries::Start(
    const StatusSource& status, const RuleTester* tester, PendingCalls& calls) {
  auto asked = Wakeup::Create();
  if (!asked) return tl::unexpected(asked.error().ToString());
  return std::unique_ptr<ApiInquiries>(new ApiInquiries(status, tester, calls, *std::move(asked)));
}

ApiInquiries::ApiInquiries(const StatusSource& status, const RuleTester* tester,
                           PendingCalls& calls, Wakeup asked)
    : status_(status),
      tester_(tester),
      calls_(calls),
      worker_("api-worker", kMostApiTasks, std::move(asked),
              [](const std::deque<std::function<void()>>& tasks) {
                for (const auto& task : tasks) task();
              }) {}

grpc::ServerUnaryReactor* ApiInquiries::Do(grpc::CallbackServerContext& context,
                                           std::function<void(PendingCall&)> task) {
  const PendingCallPtr call = calls_.Begin(context);
  grpc::ServerUnaryReactor* const reactor = call->Reactor();  // `context` may be gone after TryAsk
  const bool is_asked = worker_.TryAsk([call, task = std::move(task)] {
    if (call->IsWanted()) return task(*call);
    call->Finish({grpc::StatusCode::CANCELLED, "nobody waits for it"});
  });
  if (!is_asked) call->Finish(Overloaded("too many ask at once: try again"));
  return reactor;
}

grpc::ServerUnaryReactor* ApiInquiries::ListConnections(grpc::CallbackServerContext& context,
                                                        const v1::ListConnectionsRequest& request,
                                                        v1::ListConnectionsResponse& response) {
  std::optional<SocketPlace> after;
  if (!request.page_token().empty()) {
    after = ParsePageToken(request.page_token());
    if (!after) {
      const PendingCallPtr call = calls_.Begin(context);
      call->Finish(Refusal(grpc::StatusCode::INVALID_ARGUMENT,
                           "this is no page_token: send next_page_token of the page before, as it "
                           "came",
                           "INVALID", "field", "page_token"));
      return call->Reactor();
    }
  }
  return Do(context, [after, size = request.page_size(), &response](PendingCall& call) {
    const auto page = FindPage(after, size);
    if (!page) {
      return call.Finish(Refusal(grpc::StatusCode::INTERNAL, page.error().ToString(), "KERNEL"));
    }
    call.FinishWith([&] {
      response.mutable_sockets()->Reserve(static_cast<int>(page->sockets.size()));
      for (const SocketWithOwners& socket : page->sockets) {
        *response.add_sockets() = ToMessage(socket);
      }
      response.set_next_page_token(page->next);
    });
  });
}

grpc::ServerUnaryReactor* ApiInquiries::Diagnose(grpc::CallbackServerContext& context,
                                                 v1::DiagnoseResponse& response) {
  return Do(context, [this, &response](PendingCall& call) {
    const std::string json = DiagnosisJson(Examine(status_.Status()));
    call.FinishWith([&] { response.set_json(json); });
  });
}

grpc::ServerUnaryReactor* ApiInquiries::TestRules(grpc::CallbackServerContext& context,
                                                  const v1::TestRulesRequest& request,
                                                  v1::TestRulesResponse& response) {
  return Do(context, [this, request, &response](PendingCall& call) {
    if (tester_ == nullptr) return call.Finish({grpc::StatusCode::UNIMPLEMENTED, "not here"});
    auto answer = tester_->Test(request);
    if (!answer) return call.Finish(StatusOf(answer.error()));
    call.FinishWith([&] { response.Swap(&*answer); });
  });
}

grpc::ServerUnaryReactor* ApiInquiries::ReplayRules(grpc::CallbackServerContext& context,
                                                    const v1::ReplayRulesRequest& request,
                                                    v1::ReplayRulesResponse& response) {
  return Do(context, [this, request, &response](PendingCall& call) {
    if (tester_ == nullptr) return call.Finish({grpc::StatusCode::UNIMPLEMENTED, "not here"});
    auto answer = tester_->Replay(request);
    if (!answer) return call.Finish(StatusOf(answer.error()));
    call.FinishWith([&] { response.Swap(&*answer); });
  });
}

}  // namespace procwall
