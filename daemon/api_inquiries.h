// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <functional>
#include <memory>
#include <string>

#include <grpcpp/grpcpp.h>
#include <tl/expected.hpp>

#include "daemon/api_worker.h"
#include "daemon/pending_call.h"
#include "daemon/rule_tester.h"
#include "daemon/status_source.h"
#include "procwall/v1/procwall.pb.h"

namespace procwall {

// The API's calls about this host that cost more than a look: its sockets, its health, a test of
// the rules. They are answered on the thread "api-worker", unless nobody waits any more when their
// turn comes; at most kMostApiTasks wait. Thread rule: from any thread. The references must outlive
// it, and `calls` must be closed first.
class ApiInquiries {
 public:
  // `tester`: null where rules are not tested; a test's.
  static tl::expected<std::unique_ptr<ApiInquiries>, std::string> Start(const StatusSource& status,
                                                                        const RuleTester* tester,
                                                                        PendingCalls& calls);

  grpc::ServerUnaryReactor* ListConnections(grpc::CallbackServerContext& context,
                                            const v1::ListConnectionsRequest& request,
                                            v1::ListConnectionsResponse& response);
  grpc::ServerUnaryReactor* Diagnose(grpc::CallbackServerContext& context,
                                     v1::DiagnoseResponse& response);
  grpc::ServerUnaryReactor* TestRules(grpc::CallbackServerContext& context,
                                      const v1::TestRulesRequest& request,
                                      v1::TestRulesResponse& response);
  grpc::ServerUnaryReactor* ReplayRules(grpc::CallbackServerContext& context,
                                        const v1::ReplayRulesRequest& request,
                                        v1::ReplayRulesResponse& response);

 private:
  ApiInquiries(const StatusSource& status, const RuleTester* tester, PendingCalls& calls,
               Wakeup asked);
  grpc::ServerUnaryReactor* Do(grpc::CallbackServerContext& context,
                               std::function<void(PendingCall&)> task);

  const StatusSource& status_;
  const RuleTester* const tester_;
  PendingCalls& calls_;
  ApiWorker worker_;  // last: its thread uses all of the above
};

}  // namespace procwall
