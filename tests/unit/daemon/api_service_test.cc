// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/api_service.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include "base/unique_fd.h"
#include "daemon/event_watchers.h"
#include "daemon/watch_reactor.h"
#include "procwall/v1/procwall.grpc.pb.h"
#include "tests/support/temporary_directory.h"
#include "tests/unit/daemon/refusal_info.h"

namespace procwall {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class FakeDaemonStatus final : public StatusSource {
 public:
  v1::StatusResponse Status() const override {
    v1::StatusResponse status;
    status.set_version("1.2.3");
    return status;
  }
  v1::ListRulesResponse ListRules() const override {
    v1::ListRulesResponse rules;
    rules.set_directory("/rules");
    return rules;
  }
};

// Says the number it was asked for, or what it was told to refuse with.
class FakeExplanations final : public ExplainSource {
 public:
  void Explain(ExplainQuestion question) override {
    if (refusal) return question.answer(tl::unexpected(*refusal));
    v1::ExplainResponse response;
    response.mutable_event()->set_sequence(question.request.sequence());
    question.answer(std::move(response));
  }
  std::optional<ExplainRefusal> refusal;
};

// Says the rule it was asked for, or what it was told to refuse with.
class FakeJournal final : public JournalSource {
 public:
  void Read(JournalQuestion question) override {
    if (refusal) return question.answer(tl::unexpected(*refusal));
    v1::ReadJournalResponse response;
    response.set_next_page_token(question.request.rule());
    question.answer(std::move(response));
  }
  std::optional<JournalRefusal> refusal;
};

// Lists the flow it is asked for by its id, and cuts it; or refuses.
class FakeFlows final : public FlowSource {
 public:
  void List(FlowListQuestion question) override {
    if (refusal) return question.answer(tl::unexpected(*refusal));
    v1::ListFlowsResponse response;
    response.add_flows()->set_id(question.request.filter().id());
    question.answer(std::move(response));
  }
  void Cut(FlowCutQuestion question) override {
    v1::CutFlowsResponse response;
    response.add_cut()->set_id(question.request.filter().id());
    question.answer(std::move(response));
  }
  std::optional<FlowRefusal> refusal;
};

// A UI that watches. Its calls end by themselves should the server hang.
class Watcher {
 public:
  Watcher(v1::Procwall::Stub& stub, std::uint32_t recent) {
    context_.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
    v1::WatchRequest request;
    request.set_recent(recent);
    reader_ = stub.Watch(&context_, request);
  }
  // The next message; an empty one at the end.
  v1::WatchResponse Next() {
    v1::WatchResponse response;
    reader_->Read(&response);
    return response;
  }
  // Until it has begun to listen.
  void Begin() { EXPECT_EQ(Next().events_size(), 0); }
  // At least so many; none more than the end of the watch brings.
  std::vector<std::string> NextHosts(std::size_t count) {
    std::vector<std::string> hosts;
    while (hosts.size() < count) {
      const v1::WatchResponse next = Next();
      if (next.events_size() == 0) break;
      for (const v1::Event& event : next.events()) hosts.push_back(event.dst_host());
    }
    return hosts;
  }
  grpc::Status End() {
    for (v1::WatchResponse response; reader_->Read(&response);) {
    }
    return reader_->Finish();
  }
  void Cancel() { context_.TryCancel(); }

 private:
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReader<v1::WatchResponse>> reader_;
};

class ApiServerTest : public testing::Test {
 protected:
  ApiServerTest() : path(directory / "api.sock") {}

  std::string StartWithFlows() {
    ApiSources sources{log, status, explanations, *desk};
    sources.flows = &flows;
    sources.flow_log = &flow_log;
    return Start(sources);
  }
  std::string Start() { return Start({log, status, explanations, *desk}); }
  std::string Start(const ApiSources& sources) {
    auto started = ApiServer::Start("unix:" + path, sources, wakeup_, groups);
    if (!started) return started.error();
    server = *std::move(started);
    stub = v1::Procwall::NewStub(
        grpc::CreateChannel("unix:" + path, grpc::InsecureChannelCredentials()));
    return "";
  }
  // A connection of its own.
  std::shared_ptr<grpc::Channel> Connect() const {
    grpc::ChannelArguments alone;
    alone.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    return grpc::CreateCustomChannel("unix:" + path, grpc::InsecureChannelCredentials(), alone);
  }
  std::uint32_t WatcherCount() const {
    grpc::ClientContext context;
    v1::StatusResponse response;
    EXPECT_TRUE(stub->Status(&context, {}, &response).ok());
    return response.watchers();
  }
  void Append(const std::string& host) {
    Event event;
    event.host = host;
    log.Append(std::move(event));
  }
  // Another program's socket at our path.
  UniqueFd BindOther() const {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(static_cast<char*>(address.sun_path), path.c_str(), sizeof(address.sun_path) - 1);
    UniqueFd other(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    EXPECT_EQ(
        ::bind(other.UnsafeFd(), static_cast<const sockaddr*>(static_cast<const void*>(&address)),
               sizeof(address)),
        0);
    return other;
  }
  UniqueFd ConnectOther() const {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(static_cast<char*>(address.sun_path), path.c_str(), sizeof(address.sun_path) - 1);
    UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (::connect(socket.UnsafeFd(),
                  static_cast<const sockaddr*>(static_cast<const void*>(&address)),
                  sizeof(address)) != 0)
      socket.Reset();
    return socket;
  }

  TemporaryDirectory directory;
  const std::string path;
  FakeDaemonStatus status;
  FakeExplanations explanations;
  RoleGroups groups;

  const Wakeup wakeup_ = Wakeup::Create().value();
  EventLog log{wakeup_};
  FlowLog flow_log{wakeup_};
  FakeFlows flows;
  SystemClock clock;
  RuleChanges rule_changes{Wakeup::Create().value()};
  std::unique_ptr<QuestionDesk> desk = QuestionDesk::Start(wakeup_, clock, rule_changes).value();
  std::unique_ptr<ApiServer> server;
  std::unique_ptr<v1::Procwall::Stub> stub;
};

TEST_F(ApiServerTest, SaysWhyThereIsNoNewsOfProcesses) {
  ASSERT_EQ(Start(), "");
  grpc::ClientContext context;
  const auto reader = stub->WatchProcesses(&context, {});
  v1::WatchProcessesResponse response;
  EXPECT_FALSE(reader->Read(&response));
  const grpc::Status refused = reader->Finish();
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_NE(refused.error_message().find("nobody tells this daemon"), std::string::npos);
  EXPECT_EQ(ReasonIn(refused), "NO_PROCESS_NEWS");
}

TEST_F(ApiServerTest, TellsWhatProcessesDo) {
  const Wakeup wakeup = Wakeup::Create().value();
  ProcessLog processes(wakeup);
  auto started = ApiServer::Start("unix:" + path,
                                  {log, status, explanations, *desk, &processes, std::string()},
                                  wakeup, groups);
  ASSERT_TRUE(started);
  stub = v1::Procwall::NewStub(
      grpc::CreateChannel("unix:" + path, grpc::InsecureChannelCredentials()));
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
  const auto reader = stub->WatchProcesses(&context, {});
  v1::WatchProcessesResponse response;
  ASSERT_TRUE(reader->Read(&response));  // it listens
  ProcessNote note;
  note.what = ProcessNote::What::kExecuted;
  note.id = {7, 1};
  processes.Append(note);
  ASSERT_TRUE(reader->Read(&response));
  EXPECT_EQ(response.note().process().pid(), 7);
  context.TryCancel();
  (void)reader->Finish();
  started->reset();
}

TEST_F(ApiServerTest, AnswersStatusAndSaysHowManyWatch) {
  ASSERT_EQ(Start(), "");
  Watcher watcher(*stub, 0);
  watcher.Begin();
  grpc::ClientContext context;
  v1::StatusResponse response;
  ASSERT_TRUE(stub->Status(&context, {}, &response).ok());
  EXPECT_EQ(response.version(), "1.2.3");
  EXPECT_EQ(response.watchers(), 1U);
}

TEST_F(ApiServerTest, ListsTheRules) {
  ASSERT_EQ(Start(), "");
  grpc::ClientContext context;
  v1::ListRulesResponse response;
  ASSERT_TRUE(stub->ListRules(&context, {}, &response).ok());
  EXPECT_EQ(response.directory(), "/rules");
}

TEST_F(ApiServerTest, ReadsTheJournalIfThereIsOne) {
  ASSERT_EQ(Start(), "");
  {
    grpc::ClientContext context;
    v1::ReadJournalResponse response;
    const grpc::Status refused = stub->ReadJournal(&context, {}, &response);
    EXPECT_EQ(refused.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
    EXPECT_EQ(ReasonIn(refused), "NO_JOURNAL");
  }
  {
    grpc::ClientContext context;
    v1::GetMetricsResponse response;
    const grpc::Status refused = stub->GetMetrics(&context, {}, &response);
    EXPECT_EQ(refused.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
    EXPECT_EQ(ReasonIn(refused), "NO_METRICS");
  }
  FakeJournal journal;
  ApiSources sources{log, status, explanations, *desk};
  sources.journal = &journal;
  sources.metrics = [](std::uint32_t watchers) { return fmt::format("watchers {}", watchers); };
  server.reset();
  auto started = ApiServer::Start("unix:" + path, sources, wakeup_, groups);
  ASSERT_TRUE(started);
  stub = v1::Procwall::NewStub(
      grpc::CreateChannel("unix:" + path, grpc::InsecureChannelCredentials()));
  v1::ReadJournalRequest request;
  request.set_rule("web");
  grpc::ClientContext context;
  v1::ReadJournalResponse response;
  ASSERT_TRUE(stub->ReadJournal(&context, request, &response).ok());
  EXPECT_EQ(response.next_page_token(), "web");
  using Kind = JournalRefusal::Kind;
  for (const auto& [kind, code] :
       {std::pair(Kind::kNoJournal, grpc::StatusCode::FAILED_PRECONDITION),
        std::pair(Kind::kInvalid, grpc::StatusCode::INVALID_ARGUMENT),
        std::pair(Kind::kOverloaded, grpc::StatusCode::RESOURCE_EXHAUSTED),
        std::pair(Kind::kTooSlow, grpc::StatusCode::RESOURCE_EXHAUSTED),
        std::pair(Kind::kFailed, grpc::StatusCode::INTERNAL)}) {
    journal.refusal = JournalRefusal{kind, "why"};
    grpc::ClientContext refused;
    EXPECT_EQ(stub->ReadJournal(&refused, request, &response).error_code(), code);
  }
  grpc::ClientContext counting;
  v1::GetMetricsResponse metrics;
  ASSERT_TRUE(stub->GetMetrics(&counting, {}, &metrics).ok());
  EXPECT_EQ(metrics.text(), "watchers 0");
  started->reset();
}

TEST_F(ApiServerTest, Explains) {
  ASSERT_EQ(Start(), "");
  grpc::ClientContext context;
  v1::ExplainRequest request;
  request.set_sequence(7);
  v1::ExplainResponse response;
  EXPECT_TRUE(stub->Explain(&context, request, &response).ok());
  EXPECT_EQ(response.event().sequence(), 7U);
}

TEST_F(ApiServerTest, RefusesToExplainWithAReason) {
  ASSERT_EQ(Start(), "");
  using Kind = ExplainRefusal::Kind;
  for (const auto& [kind, code] :
       {std::pair(Kind::kNotFound, grpc::StatusCode::NOT_FOUND),
        std::pair(Kind::kInvalid, grpc::StatusCode::INVALID_ARGUMENT),
        std::pair(Kind::kOverloaded, grpc::StatusCode::RESOURCE_EXHAUSTED)}) {
    explanations.refusal = {kind, "so it is"};
    grpc::ClientContext context;
    v1::ExplainResponse response;
    const grpc::Status refused = stub->Explain(&context, {}, &response);
    EXPECT_EQ(refused.error_code(), code);
    EXPECT_EQ(refused.error_message(), "so it is");
  }
}

TEST_F(ApiServerTest, AWatcherSeesDecisionsAsTheyHappen) {
  ASSERT_EQ(Start(), "");
  Append("before");
  Watcher watcher(*stub, 0);
  watcher.Begin();
  Append("a");
  EXPECT_THAT(watcher.NextHosts(1), ElementsAre("a"));
  Append("b");
  Append("c");
  EXPECT_THAT(watcher.NextHosts(2), ElementsAre("b", "c"));
}

TEST_F(ApiServerTest, AWatcherBeginsWithTheDecisionsItAsksFor) {
  ASSERT_EQ(Start(), "");
  for (const char* host : {"a", "b", "c"}) Append(host);
  Watcher watcher(*stub, 2);
  watcher.Begin();
  EXPECT_THAT(watcher.NextHosts(2), ElementsAre("b", "c"));
}

TEST_F(ApiServerTest, EachOfSeveralWatchersSeesEverything) {
  ASSERT_EQ(Start(), "");
  Watcher first(*stub, 0);
  Watcher second(*stub, 0);
  first.Begin();
  second.Begin();
  Append("a");
  Append("b");
  EXPECT_THAT(first.NextHosts(2), ElementsAre("a", "b"));
  EXPECT_THAT(second.NextHosts(2), ElementsAre("a", "b"));
}

TEST_F(ApiServerTest, AWatcherThatGoesAwayIsForgottenAndTheOthersGoOn) {
  ASSERT_EQ(Start(), "");
  Watcher leaving(*stub, 0);
  Watcher staying(*stub, 0);
  leaving.Begin();
  staying.Begin();
  leaving.Cancel();
  EXPECT_EQ(leaving.End().error_code(), grpc::StatusCode::CANCELLED);
  int asked = 0;
  while (WatcherCount() > 1 && asked < 10'000) ++asked;
  EXPECT_EQ(WatcherCount(), 1U);
  Append("a");
  EXPECT_THAT(staying.NextHosts(1), ElementsAre("a"));
}

TEST_F(ApiServerTest, ManyComeAndGoWhileDecisionsAreMade) {
  ASSERT_EQ(Start(), "");
  for (int round = 0; round < 50; ++round) {
    Watcher watcher(*stub, 3);
    for (int i = 0; i < 20; ++i) Append("a");
    if (round % 2 == 0) watcher.Begin();
    watcher.Cancel();
    EXPECT_EQ(watcher.End().error_code(), grpc::StatusCode::CANCELLED);
  }
}

TEST_F(ApiServerTest, NoDecisionOvertakesTheFirstMessage) {
  ASSERT_EQ(Start(), "");
  std::atomic<bool> is_over{false};
  std::thread decides([&] {
    for (; !is_over.load(); std::this_thread::yield()) Append("a");
  });
  for (int round = 0; round < 100; ++round) {
    Watcher watcher(*stub, 3);
    watcher.Begin();
    watcher.Cancel();
    watcher.End();
  }
  is_over.store(true);
  decides.join();
}

TEST_F(ApiServerTest, ASlowWatcherIsToldHowManyDecisionsItMissed) {
  ASSERT_EQ(Start(), "");
  Watcher watcher(*stub, 0);
  watcher.Begin();
  const std::string long_host(4000, 'x');  // so that few are on their way when it begins to read
  for (std::size_t i = 0; i < 2 * EventLog::kCapacity; ++i) Append(long_host);
  std::uint64_t last_seen = 0;
  v1::WatchResponse next = watcher.Next();
  for (; next.events_size() > 0 && next.missed() == 0; next = watcher.Next())
    last_seen = next.events().rbegin()->sequence();
  EXPECT_GT(next.missed(), 0U);
  ASSERT_GT(next.events_size(), 0);
  EXPECT_EQ(next.events(0).sequence(), last_seen + next.missed() + 1);
}

TEST_F(ApiServerTest, WhatCameMeanwhileIsOneMessageUpToALimit) {
  ASSERT_EQ(Start(), "");
  for (std::size_t i = 0; i < 300; ++i) Append("host" + std::to_string(i));
  for (const char* who : {"first", "second, of what was kept for the first"}) {
    Watcher watcher(*stub, 300);
    watcher.Begin();
    const v1::WatchResponse next = watcher.Next();
    EXPECT_EQ(next.events_size(), 256) << who;
    EXPECT_EQ(next.events(0).dst_host(), "host0") << who;
    EXPECT_EQ(next.events(255).dst_host(), "host255") << who;
    EXPECT_EQ(watcher.Next().events_size(), 44) << who;
  }
}

TEST_F(ApiServerTest, AMessageHasFewLongDecisions) {
  ASSERT_EQ(Start(), "");
  for (std::size_t i = 0; i < 100; ++i) Append(std::string(4000, 'x'));
  Watcher watcher(*stub, 100);
  watcher.Begin();
  const int count = watcher.Next().events_size();
  EXPECT_GT(count, 1);
  EXPECT_LE(count, 17);  // of 64 KiB
}

TEST_F(ApiServerTest, ItsEndEndsEveryWatch) {
  ASSERT_EQ(Start(), "");
  Watcher watcher(*stub, 0);
  watcher.Begin();
  server.reset();
  const grpc::Status ended = watcher.End();
  EXPECT_EQ(ended.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(ended.error_message(), "procwalld is ending");
}

TEST_F(ApiServerTest, AWatcherThatDoesNotReadCannotKeepItFromEnding) {
  ASSERT_EQ(Start(), "");
  Watcher watcher(*stub, 0);
  watcher.Begin();
  for (int i = 0; i < 500; ++i) Append(std::string(4000, 'x'));
  server.reset();
  EXPECT_FALSE(watcher.End().ok());
}

TEST_F(ApiServerTest, TheSocketIsNobodyElses) {
  const mode_t before = ::umask(0);
  ASSERT_EQ(Start(), "");
  ::umask(before);
  struct stat found {};
  ASSERT_EQ(::stat(path.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777U, 0600U);
}

TEST_F(ApiServerTest, WhoMayAnswerIsWelcomedByTheUsersName) {
  ASSERT_EQ(Start(), "");
  grpc::ClientContext context;
  const auto stream = stub->Questions(&context);
  v1::QuestionsRequest hello;
  hello.mutable_hello()->set_name("me");
  ASSERT_TRUE(stream->Write(hello));
  v1::QuestionsResponse response;
  ASSERT_TRUE(stream->Read(&response));
  EXPECT_THAT(response.welcome().name(), testing::MatchesRegex("me \\(.+\\)"));
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (desk->AskerCount() == 0 && std::chrono::steady_clock::now() < limit) {
    std::this_thread::yield();
  }
  EXPECT_EQ(desk->AskerCount(), 1U);
  context.TryCancel();
}

TEST_F(ApiServerTest, ListsAndCutsFlows) {
  ASSERT_EQ(StartWithFlows(), "");
  grpc::ClientContext listing;
  v1::ListFlowsRequest list;
  list.mutable_filter()->set_id(7);
  v1::ListFlowsResponse listed;
  ASSERT_TRUE(stub->ListFlows(&listing, list, &listed).ok());
  EXPECT_EQ(listed.flows(0).id(), 7U);
  grpc::ClientContext cutting;
  v1::CutFlowsRequest cut;
  cut.mutable_filter()->set_id(8);
  v1::CutFlowsResponse done;
  ASSERT_TRUE(stub->CutFlows(&cutting, cut, &done).ok());
  EXPECT_EQ(done.cut(0).id(), 8U);
}

TEST_F(ApiServerTest, SaysWhyFlowsAreNotTold) {
  ASSERT_EQ(StartWithFlows(), "");
  flows.refusal = FlowRefusal{FlowRefusal::Kind::kInvalid, "no such page"};
  grpc::ClientContext context;
  v1::ListFlowsResponse response;
  const grpc::Status ended = stub->ListFlows(&context, {}, &response);
  EXPECT_EQ(ended.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(ended.error_message(), "no such page");
  EXPECT_EQ(ReasonIn(ended), "INVALID");
}

TEST_F(ApiServerTest, RefusesAFilterOfFlowsThatMakesNoSense) {
  ASSERT_EQ(StartWithFlows(), "");
  grpc::ClientContext context;
  v1::WatchFlowsRequest request;
  request.mutable_filter()->set_port(70000);
  const auto reader = stub->WatchFlows(&context, request);
  v1::WatchFlowsResponse response;
  EXPECT_FALSE(reader->Read(&response));
  const grpc::Status refused = reader->Finish();
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(ReasonIn(refused), "INVALID");
}

TEST_F(ApiServerTest, RefusesWhatIsNoWatchRequest) {
  ASSERT_EQ(Start(), "");
  grpc::GenericStub generic(Connect());
  const grpc::Slice nonsense("\xff\xff");
  grpc::CompletionQueue queue;
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
  const auto call = generic.PrepareUnaryCall(&context, "/procwall.v1.Procwall/Watch",
                                             grpc::ByteBuffer(&nonsense, 1), &queue);
  call->StartCall();
  grpc::ByteBuffer response;
  grpc::Status refused;
  call->Finish(&response, &refused, nullptr);
  void* tag = nullptr;
  bool ok = false;
  ASSERT_TRUE(queue.Next(&tag, &ok));
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(ReasonIn(refused), "INVALID");
}

TEST_F(ApiServerTest, RefusesOneWatcherTooMany) {
  ASSERT_EQ(Start(), "");
  std::vector<std::unique_ptr<Watcher>> watchers;
  for (std::size_t i = 0; i < EventWatchers::kMaxWatchers; ++i) {
    watchers.push_back(std::make_unique<Watcher>(*stub, 0));
    watchers.back()->Begin();
  }
  // One connection has no more calls than that.
  const auto other = v1::Procwall::NewStub(Connect());
  const grpc::Status refused = Watcher(*other, 0).End();
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(ReasonIn(refused), "TOO_MANY_WATCHERS");
}

TEST_F(ApiServerTest, RefusesOneWatcherOfFlowsTooMany) {
  ASSERT_EQ(StartWithFlows(), "");
  v1::WatchFlowsResponse response;
  std::vector<std::unique_ptr<grpc::ClientContext>> contexts;
  std::vector<std::unique_ptr<grpc::ClientReader<v1::WatchFlowsResponse>>> readers;
  const auto watch = [&](v1::Procwall::Stub& by) {
    contexts.push_back(std::make_unique<grpc::ClientContext>());
    contexts.back()->set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
    readers.push_back(by.WatchFlows(contexts.back().get(), {}));
    return readers.back()->Read(&response);
  };
  for (std::size_t i = 0; i < FlowWatchers::kMaxWatchers; ++i) ASSERT_TRUE(watch(*stub));
  const auto other = v1::Procwall::NewStub(Connect());
  EXPECT_FALSE(watch(*other));
  const grpc::Status refused = readers.back()->Finish();
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(ReasonIn(refused), "TOO_MANY_WATCHERS");
  for (const auto& context : contexts) context->TryCancel();
}

TEST_F(ApiServerTest, WithoutConntrackThereAreNoFlows) {
  ASSERT_EQ(Start(), "");
  grpc::ClientContext context;
  v1::CutFlowsResponse response;
  const grpc::Status uncut = stub->CutFlows(&context, {}, &response);
  EXPECT_EQ(uncut.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(ReasonIn(uncut), "NO_FLOWS");
  grpc::ClientContext watching;
  const auto reader = stub->WatchFlows(&watching, {});
  v1::WatchFlowsResponse note;
  EXPECT_FALSE(reader->Read(&note));
  const grpc::Status unwatched = reader->Finish();
  EXPECT_EQ(unwatched.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(ReasonIn(unwatched), "NO_FLOWS");
}

TEST_F(ApiServerTest, WatchersSeeTheFlowsTheyAskFor) {
  ASSERT_EQ(StartWithFlows(), "");
  grpc::ClientContext context;
  v1::WatchFlowsRequest request;
  request.mutable_filter()->set_id(8);
  const auto reader = stub->WatchFlows(&context, request);
  v1::WatchFlowsResponse response;
  ASSERT_TRUE(reader->Read(&response));  // it listens
  for (const std::uint32_t id : {7U, 8U}) {
    FlowNote note;
    note.what = FlowNote::What::kEnded;
    note.flow.tracked.id = id;
    flow_log.Append(std::move(note));
  }
  ASSERT_TRUE(reader->Read(&response));
  EXPECT_EQ(response.note().flow().id(), 8U);
  EXPECT_EQ(response.missed(), 0U);
  context.TryCancel();
}

TEST_F(ApiServerTest, ItsEndRemovesTheSocket) {
  ASSERT_EQ(Start(), "");
  server.reset();
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST_F(ApiServerTest, ReplacesTheSocketOfADeadPredecessor) {
  BindOther().Reset();  // the file stays
  ASSERT_EQ(Start(), "");
  EXPECT_EQ(WatcherCount(), 0U);
}

TEST_F(ApiServerTest, LeavesTheSocketToALivingPredecessor) {
  const UniqueFd other = BindOther();
  ASSERT_EQ(::listen(other.UnsafeFd(), 5), 0);
  EXPECT_EQ(Start(), "another procwalld answers on " + path);
  EXPECT_TRUE(ConnectOther().IsOpen());
}

TEST_F(ApiServerTest, APredecessorThatIsTooBusyToAnswerLives) {
  const UniqueFd other = BindOther();
  ASSERT_EQ(::listen(other.UnsafeFd(), 0), 0);
  std::vector<UniqueFd> waiting;
  do {
    waiting.push_back(ConnectOther());
  } while (waiting.back().IsOpen() && waiting.size() < 100);
  EXPECT_EQ(Start(), "another procwalld answers on " + path);
}

TEST_F(ApiServerTest, LeavesAFileThatIsNoSocketAlone) {
  std::ofstream(path) << "precious";
  EXPECT_EQ(Start(), path + " exists and is not a socket");
  EXPECT_EQ(std::filesystem::file_size(path), 8U);
}

TEST_F(ApiServerTest, MakesTheFolderOfItsSocket) {
  const std::string deeper = directory / "run/procwall/api.sock";
  EXPECT_TRUE(
      ApiServer::Start("unix:" + deeper, {log, status, explanations, *desk}, wakeup_, groups));
}

TEST_F(ApiServerTest, NamesAFolderThatCannotBeMade) {
  std::ofstream(path) << "a file";
  const auto started = ApiServer::Start("unix:" + path + "/api.sock",
                                        {log, status, explanations, *desk}, wakeup_, groups);
  ASSERT_FALSE(started);
  EXPECT_THAT(started.error(), HasSubstr("cannot create the folder of " + path + "/api.sock"));
}

TEST_F(ApiServerTest, RefusesAnAddressThatIsNoUnixPath) {
  const std::string too_long = "unix:/" + std::string(200, 'x');
  for (const std::string& address : {std::string("localhost:50051"), std::string("unix:relative"),
                                     std::string("unix:"), too_long}) {
    const auto started =
        ApiServer::Start(address, {log, status, explanations, *desk}, wakeup_, groups);
    ASSERT_FALSE(started) << address;
    EXPECT_THAT(started.error(), HasSubstr(address.substr(address.find(':') + 1)));
  }
}

}  // namespace
}  // namespace procwall
