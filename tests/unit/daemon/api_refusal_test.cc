// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/api_refusal.h"

#include <gtest/gtest.h>

#include "tests/unit/daemon/refusal_info.h"

namespace procwall {
namespace {

TEST(Refusal, HasACodeASentenceAndDetailsForPrograms) {
  const grpc::Status status =
      Refusal(grpc::StatusCode::NOT_FOUND, "it is gone", "GONE", "what", "it");
  EXPECT_EQ(status.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(status.error_message(), "it is gone");
  const wire::ErrorInfo info = InfoIn(status);
  EXPECT_EQ(info.reason(), "GONE");
  EXPECT_EQ(info.domain(), "procwall");
  EXPECT_EQ(info.metadata().at("what"), "it");
}

TEST(Forbidden, NamesTheRoleThatIsNeeded) {
  const grpc::Status status = Forbidden(Role::kAdminister);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_NE(status.error_message().find("\"administer\""), std::string::npos);
  EXPECT_EQ(InfoIn(status).metadata().at("role"), "administer");
}

TEST(StatusOf, TellsEveryKindOfRuleRefusalApart) {
  using Kind = RuleRefusal::Kind;
  for (const auto& [kind, code] :
       {std::pair(Kind::kInvalid, grpc::StatusCode::INVALID_ARGUMENT),
        std::pair(Kind::kNotFound, grpc::StatusCode::NOT_FOUND),
        std::pair(Kind::kExists, grpc::StatusCode::ALREADY_EXISTS),
        std::pair(Kind::kUnexpected, grpc::StatusCode::FAILED_PRECONDITION),
        std::pair(Kind::kFailed, grpc::StatusCode::INTERNAL)}) {
    const grpc::Status status = StatusOf(RuleRefusal{kind, "why\n"}, "na\nme");
    EXPECT_EQ(status.error_code(), code);
    EXPECT_EQ(status.error_message(), R"(why\x0a)");
    EXPECT_EQ(InfoIn(status).metadata().at("rule"), R"(na\x0ame)");
  }
}

TEST(StatusOf, TellsEveryKindOfJournalRefusalApart) {
  using Kind = JournalRefusal::Kind;
  const struct {
    Kind kind;
    grpc::StatusCode code;
    const char* reason;
  } kCases[] = {{Kind::kNoJournal, grpc::StatusCode::FAILED_PRECONDITION, "NO_JOURNAL"},
                {Kind::kInvalid, grpc::StatusCode::INVALID_ARGUMENT, "INVALID"},
                {Kind::kOverloaded, grpc::StatusCode::RESOURCE_EXHAUSTED, "OVERLOADED"},
                {Kind::kTooSlow, grpc::StatusCode::RESOURCE_EXHAUSTED, "TAKES_TOO_LONG"},
                {Kind::kFailed, grpc::StatusCode::INTERNAL, "JOURNAL_NOT_READ"}};
  for (const auto& [kind, code, reason] : kCases) {
    const grpc::Status status = StatusOf(JournalRefusal{kind, "why"});
    EXPECT_EQ(status.error_code(), code);
    EXPECT_EQ(status.error_message(), "why");
    EXPECT_EQ(ReasonIn(status), reason);
  }
}

TEST(StatusOf, TellsEveryKindOfFlowRefusalApart) {
  using Kind = FlowRefusal::Kind;
  const struct {
    Kind kind;
    grpc::StatusCode code;
    const char* reason;
  } kCases[] = {{Kind::kInvalid, grpc::StatusCode::INVALID_ARGUMENT, "INVALID"},
                {Kind::kOverloaded, grpc::StatusCode::RESOURCE_EXHAUSTED, "OVERLOADED"},
                {Kind::kUnavailable, grpc::StatusCode::FAILED_PRECONDITION, "NO_FLOWS"}};
  for (const auto& [kind, code, reason] : kCases) {
    const grpc::Status status = StatusOf(FlowRefusal{kind, "why"});
    EXPECT_EQ(status.error_code(), code);
    EXPECT_EQ(status.error_message(), "why");
    EXPECT_EQ(ReasonIn(status), reason);
  }
}

}  // namespace
}  // namespace procwall
