// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>

#include <grpcpp/grpcpp.h>

#include "daemon/pending_call.h"
#include "daemon/rule_changes.h"
#include "daemon/status_source.h"
#include "procwall/v1/procwall.pb.h"

namespace procwall {

// The API's calls that read and change single rules. Whether the caller may is asked before. A
// change is answered when it is in force: by the main thread, never by gRPC's. At most kMostChanges
// are under way. Thread rule: from any thread. The references must outlive it, and `calls` must be
// closed first.
class ApiRules {
 public:
  static constexpr std::size_t kMostChanges = 256;

  // `changes`: null where nobody takes them; a test's.
  ApiRules(RuleChanges* changes, const StatusSource& status, PendingCalls& calls)
      : changes_(changes), status_(status), calls_(calls) {}

  grpc::Status List(const v1::ListRulesRequest& request, v1::ListRulesResponse& response) const;
  grpc::Status Get(const v1::GetRuleRequest& request, v1::Rule& response) const;
  grpc::ServerUnaryReactor* Put(grpc::CallbackServerContext& context,
                                const v1::PutRuleRequest& request, v1::PutRuleResponse& response);
  grpc::ServerUnaryReactor* Remove(grpc::CallbackServerContext& context,
                                   const v1::RemoveRuleRequest& request);
  grpc::ServerUnaryReactor* SetEnabled(grpc::CallbackServerContext& context,
                                       const v1::SetRuleEnabledRequest& request,
                                       v1::SetRuleEnabledResponse& response);

 private:
  // `response`: gets the rule as it is in force, if it is not null.
  grpc::ServerUnaryReactor* Change(grpc::CallbackServerContext& context, RuleChange change,
                                   std::function<v1::Rule*()> response);
  v1::Rule InForce(const Rule& rule) const;

  RuleChanges* const changes_;
  const StatusSource& status_;
  PendingCalls& calls_;
  const std::shared_ptr<std::atomic<std::size_t>> under_way_ =
      std::make_shared<std::atomic<std::size_t>>(0);
};

}  // namespace procwall
