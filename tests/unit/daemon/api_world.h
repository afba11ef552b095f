// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <poll.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include "base/clock.h"
#include "daemon/api_service.h"
#include "daemon/counters.h"
#include "daemon/daemon_status.h"
#include "daemon/rule_keeper.h"
#include "procwall/v1/procwall.grpc.pb.h"
#include "tests/support/message_text.h"
#include "tests/support/temporary_directory.h"

namespace procwall {

// Explains nothing.
class NoExplanations final : public ExplainSource {
 public:
  void Explain(ExplainQuestion question) override {
    question.answer(tl::unexpected(ExplainRefusal{ExplainRefusal::Kind::kNotFound, "nothing"}));
  }
};

// The API over a rule directory of its own, with a thread that does the main thread's part: the
// changes of rules.
class ApiWorld : public testing::Test {
 protected:
  ApiWorld() : path(directory / "api.sock"), rules_path(directory / "rules") {
    std::filesystem::create_directory(rules_path);
    settings.default_action = RuleAction::kAllow;
    settings.rules_directory = rules_path;
  }
  ~ApiWorld() override {
    server.reset();
    StopChanging();
  }

  // What went wrong; empty: nothing.
  std::string Start(const ApiTlsSettings& tls = {}) {
    keeper = std::make_unique<RuleKeeper>(rules_path, rules, clock);
    EXPECT_TRUE(keeper->Load());
    status = std::make_unique<DaemonStatus>(settings, clock, counters, *keeper, rules);
    auto started = ApiServer::Start("unix:" + path,
                                    {.log = log,
                                     .status = *status,
                                     .explanations = explanations,
                                     .desk = *desk,
                                     .rule_changes = &changes,
                                     .rule_tester = &tester,
                                     .settings = &settings},
                                    wakeup, groups, tls);
    if (!started) return started.error();
    server = *std::move(started);
    channel = grpc::CreateChannel("unix:" + path, grpc::InsecureChannelCredentials());
    stub = v1::Procwall::NewStub(channel);
    changer = std::thread([this] { TakeChanges(); });
    return "";
  }
  void StopChanging() {
    stopping = true;
    if (changer.joinable()) changer.join();
  }
  static void SetDeadline(grpc::ClientContext& context) {
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
  }
  static v1::Rule DenyRule(const std::string& name, const std::string& program) {
    v1::Rule rule = FromText<v1::Rule>(R"(enabled: true action: "deny" duration: "always"
        operator { type: "simple" operand: "process.path" })");
    rule.set_name(name);
    rule.mutable_operator_()->set_data(program);
    return rule;
  }
  grpc::Status Put(const v1::Rule& rule, bool replace = false,
                   v1::PutRuleResponse* response = nullptr) const {
    grpc::ClientContext context;
    SetDeadline(context);
    v1::PutRuleRequest request;
    *request.mutable_rule() = rule;
    request.set_replace(replace);
    v1::PutRuleResponse ignored;
    return stub->PutRule(&context, request, response != nullptr ? response : &ignored);
  }

  TemporaryDirectory directory;
  const std::string path;
  const std::string rules_path;
  Settings settings;
  RoleGroups groups;
  SystemClock clock;
  Counters counters;
  const Wakeup wakeup = Wakeup::Create().value();
  EventLog log{wakeup};
  SharedRules rules{std::make_shared<const RuleSet>()};
  RuleChanges changes{Wakeup::Create().value()};
  NoExplanations explanations;
  std::unique_ptr<QuestionDesk> desk = QuestionDesk::Start(wakeup, clock, changes).value();
  std::unique_ptr<RuleKeeper> keeper;
  std::unique_ptr<DaemonStatus> status;
  const RuleTester tester{
      {.events = log, .rules = rules, .clock = clock, .default_action = RuleAction::kAllow}};
  std::unique_ptr<ApiServer> server;
  std::shared_ptr<grpc::Channel> channel;
  std::unique_ptr<v1::Procwall::Stub> stub;

 private:
  void TakeChanges() {
    while (!stopping) {
      pollfd waiting{changes.UnsafeFd(), POLLIN, 0};
      if (::poll(&waiting, 1, 20) == 1) keeper->Change(changes.TakeAll());
    }
  }

  std::atomic<bool> stopping{false};
  std::thread changer;
};

}  // namespace procwall
