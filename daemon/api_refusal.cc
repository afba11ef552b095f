// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/api_refusal.h"

#include <fmt/format.h>

#include "base/printable.h"
#include "procwall/v1/refusal.pb.h"

namespace procwall {

grpc::Status Refusal(grpc::StatusCode code, const std::string& what, const std::string& reason,
                     const std::string& key, const std::string& value) {
  wire::ErrorInfo info;
  info.set_reason(reason);
  info.set_domain(kErrorDomain);
  if (!key.empty()) (*info.mutable_metadata())[key] = value;
  wire::Status details;
  details.set_code(code);
  details.set_message(what);
  wire::Detail& detail = *details.add_details();
  detail.set_type_url("type.googleapis.com/google.rpc.ErrorInfo");
  detail.set_value(info.SerializeAsString());
  return {code, what, details.SerializeAsString()};
}

grpc::Status Forbidden(Role needed) {
  return Refusal(grpc::StatusCode::PERMISSION_DENIED,
                 fmt::format("this needs the role \"{}\": be root, or a member of the group that "
                             "the daemon's configuration names for it",
                             RoleName(needed)),
                 "ROLE_NEEDED", "role", RoleName(needed));
}

grpc::Status Overloaded(const std::string& what) {
  return Refusal(grpc::StatusCode::RESOURCE_EXHAUSTED, what, "OVERLOADED");
}

grpc::Status InvalidRequest(const std::string& what) {
  return Refusal(grpc::StatusCode::INVALID_ARGUMENT, what, "INVALID");
}

grpc::Status NotOffered(const std::string& what, const std::string& reason) {
  return Refusal(grpc::StatusCode::FAILED_PRECONDITION, what, reason);
}

grpc::Status TooManyWatchers() {
  return Refusal(grpc::StatusCode::RESOURCE_EXHAUSTED, "too many watchers", "TOO_MANY_WATCHERS");
}

grpc::Status StatusOf(const ExplainRefusal& refusal) {
  switch (refusal.kind) {
    case ExplainRefusal::Kind::kNotFound:
      return Refusal(grpc::StatusCode::NOT_FOUND, refusal.what, "NOT_KEPT");
    case ExplainRefusal::Kind::kInvalid:
      return InvalidRequest(refusal.what);
    case ExplainRefusal::Kind::kOverloaded:
      return Overloaded(refusal.what);
  }
  return Refusal(grpc::StatusCode::INTERNAL, refusal.what, "UNKNOWN");
}

grpc::Status StatusOf(const RuleRefusal& refusal, const std::string& rule) {
  const auto refuse = [&](grpc::StatusCode code, const char* reason) {
    return Refusal(code, Printable(refusal.what), reason, "rule", Printable(rule));
  };
  switch (refusal.kind) {
    case RuleRefusal::Kind::kInvalid:
      return refuse(grpc::StatusCode::INVALID_ARGUMENT, "RULE_INVALID");
    case RuleRefusal::Kind::kNotFound:
      return refuse(grpc::StatusCode::NOT_FOUND, "RULE_NOT_FOUND");
    case RuleRefusal::Kind::kExists:
      return refuse(grpc::StatusCode::ALREADY_EXISTS, "RULE_EXISTS");
    case RuleRefusal::Kind::kUnexpected:
      return refuse(grpc::StatusCode::FAILED_PRECONDITION, "RULE_TESTS_FAIL");
    case RuleRefusal::Kind::kFailed:
      return refuse(grpc::StatusCode::INTERNAL, "RULE_NOT_SAVED");
  }
  return refuse(grpc::StatusCode::INTERNAL, "UNKNOWN");
}

grpc::Status StatusOf(const JournalRefusal& refusal) {
  switch (refusal.kind) {
    case JournalRefusal::Kind::kNoJournal:
      return NotOffered(refusal.what, "NO_JOURNAL");
    case JournalRefusal::Kind::kInvalid:
      return InvalidRequest(refusal.what);
    case JournalRefusal::Kind::kOverloaded:
      return Overloaded(refusal.what);
    case JournalRefusal::Kind::kTooSlow:
      return Refusal(grpc::StatusCode::RESOURCE_EXHAUSTED, refusal.what, "TAKES_TOO_LONG");
    case JournalRefusal::Kind::kFailed:
      return Refusal(grpc::StatusCode::INTERNAL, refusal.what, "JOURNAL_NOT_READ");
  }
  return Refusal(grpc::StatusCode::INTERNAL, refusal.what, "UNKNOWN");
}

grpc::Status StatusOf(const FlowRefusal& refusal) {
  switch (refusal.kind) {
    case FlowRefusal::Kind::kInvalid:
      return InvalidRequest(refusal.what);
    case FlowRefusal::Kind::kOverloaded:
      return Overloaded(refusal.what);
    case FlowRefusal::Kind::kUnavailable:
      return NotOffered(refusal.what, "NO_FLOWS");
  }
  return Refusal(grpc::StatusCode::INTERNAL, refusal.what, "UNKNOWN");
}

}  // namespace procwall
