// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/question_reactor.h"

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include "procwall/v1/procwall.grpc.pb.h"
#include "tests/support/fake_asker.h"
#include "tests/support/fake_clock.h"
#include "tests/support/message_text.h"
#include "tests/unit/daemon/refusal_info.h"

namespace procwall {
namespace {

class Service final : public v1::Procwall::CallbackService {
 public:
  Service(QuestionDesk& desk, const EventLog& events, QuestionCalls& calls)
      : desk_(desk), events_(events), calls_(calls) {}
  grpc::ServerBidiReactor<v1::QuestionsRequest, v1::QuestionsResponse>* Questions(
      grpc::CallbackServerContext*) override {
    return new QuestionReactor(desk_, events_, calls_, "alice");
  }

 private:
  QuestionDesk& desk_;
  const EventLog& events_;
  QuestionCalls& calls_;
};

// A UI at the other end. Its calls end by themselves should the server hang.
class Caller {
 public:
  explicit Caller(v1::Procwall::Stub& stub) {
    context_.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
    stream_ = stub.Questions(&context_);
  }
  bool Say(const std::string& text) { return stream_->Write(FromText<v1::QuestionsRequest>(text)); }
  v1::QuestionsResponse Hear() {
    v1::QuestionsResponse response;
    stream_->Read(&response);
    return response;
  }
  grpc::Status End() {
    stream_->WritesDone();
    for (v1::QuestionsResponse response; stream_->Read(&response);) {
    }
    return stream_->Finish();
  }
  void Vanish() { context_.TryCancel(); }

 private:
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReaderWriter<v1::QuestionsRequest, v1::QuestionsResponse>> stream_;
};

class QuestionReactorTest : public testing::Test {
 protected:
  QuestionReactorTest() {
    grpc::ServerBuilder builder;
    builder.RegisterService(&service_);
    server_ = builder.BuildAndStart();
    stub = v1::Procwall::NewStub(server_->InProcessChannel({}));
  }
  ~QuestionReactorTest() override {
    calls.Close();
    server_->Shutdown(std::chrono::system_clock::now() + std::chrono::seconds(30));
  }

  void Ask(QuestionId id) const {
    auto question = std::make_shared<Question>();
    question->id = id;
    question->attribution = std::make_shared<const Attribution>();
    ASSERT_TRUE(desk->Ask(std::move(question)));
  }
  // The welcome may be heard before the desk knows the caller.
  bool IsAttendedInTime() const {
    const auto patience_ends = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (!desk->HasAskers() && std::chrono::steady_clock::now() < patience_ends) {
      std::this_thread::yield();
    }
    return desk->HasAskers();
  }
  bool IsDesertedInTime() const {
    const auto patience_ends = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (desk->HasAskers() && std::chrono::steady_clock::now() < patience_ends) {
      std::this_thread::yield();
    }
    return !desk->HasAskers();
  }

  FakeClock clock;
  Wakeup verdicts_ready = Wakeup::Create().value();
  RuleChanges changes{Wakeup::Create().value()};
  std::unique_ptr<QuestionDesk> desk = QuestionDesk::Start(verdicts_ready, clock, changes).value();
  EventLog events{verdicts_ready};
  QuestionCalls calls;
  std::unique_ptr<v1::Procwall::Stub> stub;

 private:
  Service service_{*desk, events, calls};
  std::unique_ptr<grpc::Server> server_;
};

TEST_F(QuestionReactorTest, WelcomesACallerByItsNameAndItsUsers) {
  Caller caller(*stub);
  caller.Say(R"(hello { name: "ask\n" })");
  EXPECT_TRUE(Says(caller.Hear(), R"x(welcome { name: "ask\\x0a (alice)" })x"));
}

TEST_F(QuestionReactorTest, AsksAndTakesAnAnswer) {
  Caller caller(*stub);
  caller.Say(R"(hello { name: "ask" })");
  caller.Hear();
  Ask(1);
  EXPECT_EQ(caller.Hear().asked().id(), 1U);
  caller.Say("answer { id: 1 default_action: true }");
  EXPECT_TRUE(Says(caller.Hear(), "receipt { id: 1 kind: KIND_TAKEN }"));
  desk->Settle(1, desk->TakeVerdicts().front().settlement);
  EXPECT_TRUE(
      Says(caller.Hear(), R"x(settled { id: 1 how: SETTLED_ANSWERED by: "ask (alice)" })x"));
  EXPECT_TRUE(caller.End().ok());
}

TEST_F(QuestionReactorTest, TellsHowOftenTheProgramWasSeen) {
  Process process;
  process.path = "/bin/x";
  Attribution by_x;
  by_x.processes = {std::make_shared<const Process>(std::move(process))};
  Event event;
  event.attribution = by_x;
  events.Append(event);
  events.Append(event);
  events.Append({});
  Caller caller(*stub);
  caller.Say(R"(hello { name: "ask" })");
  caller.Hear();
  auto question = std::make_shared<Question>();
  question->id = 1;
  question->attribution = std::make_shared<const Attribution>(by_x);
  ASSERT_TRUE(desk->Ask(std::move(question)));
  EXPECT_EQ(caller.Hear().asked().seen(), 2U);
}

TEST_F(QuestionReactorTest, SaysWhyAnAnswerIsNoneAndGoesOn) {
  Caller caller(*stub);
  caller.Say(R"(hello { name: "ask" })");
  caller.Hear();
  Ask(1);
  caller.Hear();
  caller.Say("answer { id: 1 }");
  EXPECT_EQ(caller.Hear().receipt().kind(), v1::AnswerReceipt::KIND_INVALID);
  caller.Say(R"(answer { id: 1 rule { name: "a" action: "maybe" } })");
  EXPECT_EQ(caller.Hear().receipt().kind(), v1::AnswerReceipt::KIND_INVALID);
  caller.Say("answer { id: 9 default_action: true }");
  EXPECT_EQ(caller.Hear().receipt().kind(), v1::AnswerReceipt::KIND_NOT_ASKED);
}

TEST_F(QuestionReactorTest, TellsOneCallerWhatTheOtherLooksAt) {
  Caller one(*stub);
  one.Say(R"(hello { name: "one" })");
  one.Hear();
  Caller other(*stub);
  other.Say(R"(hello { name: "other" })");
  other.Hear();
  Ask(1);
  one.Hear();
  other.Say("claim { id: 1 }");
  EXPECT_TRUE(Says(one.Hear(), R"x(claimed { id: 1 by: "other (alice)" })x"));
}

TEST_F(QuestionReactorTest, ACallThatDoesNotBeginWithAHelloIsRefused) {
  Caller caller(*stub);
  caller.Say("answer { id: 1 default_action: true }");
  const grpc::Status refused = caller.End();
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(ReasonIn(refused), "INVALID");
}

TEST_F(QuestionReactorTest, ASecondHelloIsRefused) {
  Caller caller(*stub);
  caller.Say(R"(hello { name: "a" })");
  caller.Say(R"(hello { name: "b" })");
  const grpc::Status refused = caller.End();
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(ReasonIn(refused), "INVALID");
  EXPECT_TRUE(IsDesertedInTime());
}

TEST_F(QuestionReactorTest, ACallerThatVanishesIsNoAskerAnyMore) {
  Caller caller(*stub);
  caller.Say(R"(hello { name: "a" })");
  caller.Hear();
  EXPECT_TRUE(IsAttendedInTime());
  caller.Vanish();
  EXPECT_TRUE(IsDesertedInTime());
}

TEST_F(QuestionReactorTest, ACallerWhoNeverReadsIsSentAway) {
  Caller caller(*stub);
  caller.Say(R"(hello { name: "a" })");
  caller.Hear();
  ASSERT_TRUE(IsAttendedInTime());
  const auto patience_ends = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  for (QuestionId id = 1; desk->HasAskers(); ++id) {
    ASSERT_LT(std::chrono::steady_clock::now(), patience_ends);
    auto question = std::make_shared<Question>();
    question->id = id;
    question->attribution = std::make_shared<const Attribution>();
    if (desk->Ask(std::move(question))) desk->Settle(id, {});
  }
  const grpc::Status refused = caller.End();
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(ReasonIn(refused), "READS_TOO_SLOWLY");
}

TEST_F(QuestionReactorTest, OneCallerTooManyIsRefused) {
  std::vector<AskerPtr> others;
  while (others.empty() || desk->Attach(others.back())) {
    others.push_back(std::make_shared<FakeAsker>("other"));
  }
  Caller caller(*stub);
  caller.Say(R"(hello { name: "a" })");
  const grpc::Status refused = caller.End();
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(ReasonIn(refused), "TOO_MANY_UIS");
}

TEST_F(QuestionReactorTest, TheEndOfTheDaemonEndsTheCall) {
  Caller caller(*stub);
  caller.Say(R"(hello { name: "a" })");
  caller.Hear();
  calls.Close();
  EXPECT_EQ(caller.End().error_code(), grpc::StatusCode::UNAVAILABLE);
}

}  // namespace
}  // namespace procwall
