// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/api_rules.h"

#include <filesystem>
#include <fstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "procwall/v1/refusal.pb.h"
#include "tests/unit/daemon/api_world.h"

namespace procwall {
namespace {

using testing::HasSubstr;

class ApiRulesTest : public ApiWorld {
 protected:
  grpc::Status Get(const std::string& name, v1::Rule& rule) const {
    grpc::ClientContext context;
    SetDeadline(context);
    v1::GetRuleRequest request;
    request.set_name(name);
    return stub->GetRule(&context, request, &rule);
  }
  grpc::Status Remove(const std::string& name) const {
    grpc::ClientContext context;
    SetDeadline(context);
    v1::RemoveRuleRequest request;
    request.set_name(name);
    v1::RemoveRuleResponse response;
    return stub->RemoveRule(&context, request, &response);
  }
  grpc::Status Enable(const std::string& name, bool enabled,
                      v1::SetRuleEnabledResponse& response) const {
    grpc::ClientContext context;
    SetDeadline(context);
    v1::SetRuleEnabledRequest request;
    request.set_name(name);
    request.set_enabled(enabled);
    return stub->SetRuleEnabled(&context, request, &response);
  }
};

TEST_F(ApiRulesTest, ARuleIsInForceAndInItsFileWhenPutIsAnswered) {
  ASSERT_EQ(Start(), "");
  v1::PutRuleResponse response;
  ASSERT_TRUE(Put(DenyRule("no-curl", "/usr/bin/curl"), false, &response).ok());
  EXPECT_EQ(response.rule().file(), "no-curl.json");
  EXPECT_EQ(rules.Copy()->Size(), 1U);
  EXPECT_TRUE(std::filesystem::exists(rules_path + "/no-curl.json"));
  v1::Rule found;
  ASSERT_TRUE(Get("no-curl", found).ok());
  EXPECT_EQ(found.operator_().data(), "/usr/bin/curl");
  EXPECT_NE(found.created(), "");
}

TEST_F(ApiRulesTest, AreListedInPages) {
  ASSERT_EQ(Start(), "");
  for (const char* name : {"a", "b", "c"}) ASSERT_TRUE(Put(DenyRule(name, "/bin/x")).ok());
  const auto list = [&](std::uint32_t size, const std::string& token,
                        v1::ListRulesResponse& response) {
    grpc::ClientContext context;
    SetDeadline(context);
    v1::ListRulesRequest request;
    request.set_page_size(size);
    request.set_page_token(token);
    return stub->ListRules(&context, request, &response);
  };
  v1::ListRulesResponse page;
  ASSERT_TRUE(list(2, "", page).ok());
  ASSERT_EQ(page.rules_size(), 2);
  const std::string token = page.next_page_token();
  ASSERT_TRUE(list(2, token, page).ok());
  ASSERT_EQ(page.rules_size(), 1);
  EXPECT_EQ(page.rules(0).name(), "c");
  EXPECT_EQ(page.next_page_token(), "");
  EXPECT_EQ(list(2, "forged", page).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(list(0, token, page).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  ASSERT_TRUE(Remove("b").ok());
  EXPECT_EQ(list(2, token, page).error_code(), grpc::StatusCode::ABORTED);
}

TEST_F(ApiRulesTest, ARuleForAWhileIsKeptInMemory) {
  ASSERT_EQ(Start(), "");
  v1::Rule rule = DenyRule("brief", "/usr/bin/curl");
  rule.set_duration("15m");
  v1::PutRuleResponse response;
  ASSERT_TRUE(Put(rule, false, &response).ok());
  EXPECT_EQ(response.rule().file(), "");
  EXPECT_EQ(response.rule().duration(), "15m");
  EXPECT_EQ(rules.Copy()->Size(), 1U);
}

TEST_F(ApiRulesTest, AShadowRuleIsPutAsOne) {
  ASSERT_EQ(Start(), "");
  v1::Rule rule = DenyRule("trial", "/usr/bin/curl");
  rule.set_is_shadow(true);
  v1::PutRuleResponse response;
  ASSERT_TRUE(Put(rule, false, &response).ok());
  EXPECT_TRUE(response.rule().is_shadow());
}

TEST_F(ApiRulesTest, OneOfThatNameIsReplacedOnlyIfThatIsWanted) {
  ASSERT_EQ(Start(), "");
  ASSERT_TRUE(Put(DenyRule("a", "/bin/x")).ok());
  const grpc::Status refused = Put(DenyRule("a", "/bin/y"));
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::ALREADY_EXISTS);
  EXPECT_THAT(refused.error_message(), HasSubstr("there is a rule \"a\" already"));
  v1::PutRuleResponse response;
  ASSERT_TRUE(Put(DenyRule("a", "/bin/y"), true, &response).ok());
  EXPECT_EQ(response.rule().operator_().data(), "/bin/y");
}

TEST_F(ApiRulesTest, WhatCannotBeARuleIsInvalidWithTheReason) {
  ASSERT_EQ(Start(), "");
  v1::Rule bad_action = DenyRule("a", "/bin/x");
  bad_action.set_action("perhaps");
  v1::Rule bad_pattern = DenyRule("a", "(");
  bad_pattern.mutable_operator_()->set_type("regexp");
  v1::Rule once = DenyRule("a", "/bin/x");
  once.set_duration("once");
  for (const auto& [rule, why] :
       {std::pair(bad_action, "is no action"), std::pair(bad_pattern, "operator"),
        std::pair(once, "holds once"), std::pair(DenyRule("", "/bin/x"), "no name")}) {
    const grpc::Status refused = Put(rule);
    EXPECT_EQ(refused.error_code(), grpc::StatusCode::INVALID_ARGUMENT) << why;
    EXPECT_THAT(refused.error_message(), HasSubstr(why));
  }
  EXPECT_EQ(rules.Copy()->Size(), 0U);
}

TEST_F(ApiRulesTest, WhatTheDirectorysTestsDoNotAllowIsNotDone) {
  ASSERT_EQ(Start(), "");
  ASSERT_TRUE(Put(DenyRule("keep", "/bin/kept")).ok());
  std::ofstream(rules_path + "/rules.test")
      << R"([{"name": "x passes", "program": "/bin/x", "to": "192.0.2.1", "port": 443,
              "expect": "default"},
             {"name": "kept is denied", "program": "/bin/kept", "to": "192.0.2.1", "port": 443,
              "expect": "deny"}])";
  EXPECT_EQ(Put(DenyRule("bad", "/bin/x")).error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(Remove("keep").error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  v1::SetRuleEnabledResponse response;
  EXPECT_EQ(Enable("keep", false, response).error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(rules.Copy()->Size(), 1U);
}

TEST_F(ApiRulesTest, RemovesARuleAndItsFile) {
  ASSERT_EQ(Start(), "");
  ASSERT_TRUE(Put(DenyRule("a", "/bin/x")).ok());
  ASSERT_TRUE(Remove("a").ok());
  EXPECT_FALSE(std::filesystem::exists(rules_path + "/a.json"));
  EXPECT_EQ(rules.Copy()->Size(), 0U);
}

TEST_F(ApiRulesTest, DisablesAndEnables) {
  ASSERT_EQ(Start(), "");
  ASSERT_TRUE(Put(DenyRule("a", "/bin/x")).ok());
  v1::SetRuleEnabledResponse response;
  ASSERT_TRUE(Enable("a", false, response).ok());
  EXPECT_FALSE(response.rule().enabled());
  EXPECT_EQ(rules.Copy()->Size(), 0U);
  ASSERT_TRUE(Enable("a", true, response).ok());
  EXPECT_TRUE(response.rule().enabled());
  EXPECT_EQ(rules.Copy()->Size(), 1U);
}

TEST_F(ApiRulesTest, WhatIsNotThereIsNotFoundWithDetails) {
  ASSERT_EQ(Start(), "");
  v1::Rule rule;
  v1::SetRuleEnabledResponse response;
  for (const grpc::Status& refused :
       {Get("none", rule), Remove("none"), Enable("none", true, response)}) {
    EXPECT_EQ(refused.error_code(), grpc::StatusCode::NOT_FOUND);
    EXPECT_EQ(refused.error_message(), "there is no rule \"none\"");
    wire::Status details;
    ASSERT_TRUE(details.ParseFromString(refused.error_details()));
    wire::ErrorInfo info;
    ASSERT_TRUE(info.ParseFromString(details.details(0).value()));
    EXPECT_EQ(info.reason(), "RULE_NOT_FOUND");
    EXPECT_EQ(info.metadata().at("rule"), "none");
  }
}

TEST_F(ApiRulesTest, AChangeThatNobodyMakesAnyMoreEndsWithTheServer) {
  ASSERT_EQ(Start(), "");
  StopChanging();
  std::thread ending([this] {
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (changes.Waiting() == 0 && std::chrono::steady_clock::now() < limit) {
      std::this_thread::yield();
    }
    server.reset();
  });
  EXPECT_EQ(Put(DenyRule("a", "/bin/x")).error_code(), grpc::StatusCode::UNAVAILABLE);
  ending.join();
}

}  // namespace
}  // namespace procwall
