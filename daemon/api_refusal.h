// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <string>

#include <grpcpp/grpcpp.h>

#include "daemon/api_role.h"
#include "daemon/explain_source.h"
#include "daemon/flow_source.h"
#include "daemon/journal_source.h"
#include "daemon/rule_changes.h"

namespace procwall {

// How the API says no: a status code, a sentence for people, and details for programs: a
// google.rpc.Status that holds one google.rpc.ErrorInfo, as gRPC's own tools read them.

inline constexpr const char* kErrorDomain = "procwall";

// `reason` is for programs: "ROLE_NEEDED". `key` and `value`: what it is about; an empty key is
// none. Texts that strangers control must be printable already.
grpc::Status Refusal(grpc::StatusCode code, const std::string& what, const std::string& reason,
                     const std::string& key = {}, const std::string& value = {});

grpc::Status Forbidden(Role needed);  // PERMISSION_DENIED, ROLE_NEEDED
grpc::Status Overloaded(const std::string& what);
grpc::Status InvalidRequest(const std::string& what);
// FAILED_PRECONDITION: this daemon does not do it. `reason`: "NO_JOURNAL".
grpc::Status NotOffered(const std::string& what, const std::string& reason);
grpc::Status TooManyWatchers();
grpc::Status StatusOf(const ExplainRefusal& refusal);
grpc::Status StatusOf(const FlowRefusal& refusal);
grpc::Status StatusOf(const JournalRefusal& refusal);
grpc::Status StatusOf(const RuleRefusal& refusal, const std::string& rule);

// A stream that ends before it begins; deletes itself.
template <typename Response>
class RefusingReactor final : public grpc::ServerWriteReactor<Response> {
 public:
  explicit RefusingReactor(const grpc::Status& status) { this->Finish(status); }
  void OnDone() override { delete this; }
};

}  // namespace procwall
