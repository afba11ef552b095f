// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/api_refusal.h"

#include <gtest/gtest.h>

#include "procwall/v1/refusal.pb.h"

namespace procwall {
namespace {

wire::ErrorInfo InfoIn(const grpc::Status& status) {
  wire::Status details;
  EXPECT_TRUE(details.ParseFromString(status.error_details()));
  EXPECT_EQ(details.code(), static_cast<int>(status.error_code()));
  EXPECT_EQ(details.message(), status.error_message());
  wire::ErrorInfo info;
  EXPECT_EQ(details.details_size(), 1);
  EXPECT_EQ(details.details(0).type_url(), "type.googleapis.com/google.rpc.ErrorInfo");
  EXPECT_TRUE(info.ParseFromString(details.details(0).value()));
  return info;
}

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

}  // namespace
}  // namespace procwall
