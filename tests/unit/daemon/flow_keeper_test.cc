// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/flow_keeper.h"

#include <sys/socket.h>

#include <array>
#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"
#include "tests/support/fake_proc.h"
#include "tests/support/fake_socket_table.h"
#include "tests/support/flow_reply.h"

namespace procwall {
namespace {

using testing::HasSubstr;
using FlowWhat = FlowNote::What;

class FlowKeeperTest : public testing::Test {
 protected:
  void SetUp() override {
    std::array<int, 2> ends{-1, -1};
    ::socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends.data());
    kernel_news = UniqueFd(ends[0]);
    news = UniqueFd(ends[1]);
  }
  void TearDown() override { keeper.reset(); }

  // The answer to the next time that all flows are read.
  void Lists(const std::vector<TrackedFlow>& flows) {
    ++dumps_said;
    ByteVector datagram;
    for (const TrackedFlow& flow : flows) {
      const ByteVector one =
          FlowReply(flow, FlowNews::What::kChanged).OfDump().Sequence(dumps_said).Build();
      datagram.insert(datagram.end(), one.begin(), one.end());
    }
    const ByteVector done = NetlinkDone(0, dumps_said);
    datagram.insert(datagram.end(), done.begin(), done.end());
    dumps.Say(datagram);
  }
  void Tells(FlowNews::What what, const TrackedFlow& flow) const {
    const ByteVector message = FlowReply(flow, what).Build();
    ::send(kernel_news.UnsafeFd(), message.data(), message.size(), 0);
  }
  // curl's, by the socket with cookie 7.
  void LetThrough(const TrackedFlow& flow) {
    Event event;
    event.action = RuleAction::kAllow;
    event.connection = Connection{.protocol = flow.protocol,
                                  .local = flow.original.source,
                                  .remote = flow.original.destination};
    Process curl;
    curl.id.pid = 4211;
    curl.path = "/usr/bin/curl";
    event.attribution.confidence = Confidence::kCertain;
    event.attribution.processes = {std::make_shared<const Process>(std::move(curl))};
    event.attribution.evidence.cookie = 7;
    events.Append(std::move(event));
  }
  void Deny(const std::string& path) {
    const Rule rule{.name = "stop",
                    .enabled = true,
                    .action = RuleAction::kDeny,
                    .op = {.type = "simple", .operand = "process.path", .data = path}};
    rules.Set(std::make_shared<const RuleSet>(
        RuleSet::Compile({std::make_shared<const Rule>(rule)}, nullptr)));
  }
  static SocketEntry SocketOf(const TrackedFlow& flow) {
    SocketEntry socket;
    socket.local = flow.original.source;
    socket.remote = flow.original.destination;
    socket.state = SocketState::kEstablished;
    socket.cookie = 7;
    return socket;
  }
  void Start() {
    keeper = std::make_unique<FlowKeeper>(
        FlowKeeperParts{.events = events,
                        .log = log,
                        .rules = rules,
                        .clock = clock,
                        .on_end = [this](const FlowNote& note) { ended.set_value(note); }},
        FlowKeeperDoors{FlowNewsSocket(std::move(news)), dumps.TakeSocket(),
                        FlowCutter(cut_sockets.TakeDiag(), cut_entries.TakeSocket()), proc.Open(),
                        sockets.TakeDiag()},
        *Wakeup::Create());
  }
  FlowListQuestion::Answer List(const v1::ListFlowsRequest& request = {}) {
    std::promise<FlowListQuestion::Answer> promise;
    keeper->List({request, [] { return true; },
                  [&](FlowListQuestion::Answer answer) { promise.set_value(std::move(answer)); }});
    return promise.get_future().get();
  }
  FlowCutQuestion::Answer Cut(const v1::CutFlowsRequest& request) {
    std::promise<FlowCutQuestion::Answer> promise;
    keeper->Cut({request, [] { return true; },
                 [&](FlowCutQuestion::Answer answer) { promise.set_value(std::move(answer)); }});
    return promise.get_future().get();
  }
  template <typename Log>
  static auto WaitFor(const Log& log, std::uint64_t sequence) {
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (std::chrono::steady_clock::now() < limit) {
      std::uint64_t position = sequence;
      if (auto entry = log.Next(position).event) return entry;
      std::this_thread::yield();
    }
    return typename Log::EntryPtr();
  }

  Wakeup wakeup{*Wakeup::Create()};
  EventLog events{wakeup};
  FlowLog log{wakeup};
  SharedRules rules{std::make_shared<const RuleSet>()};
  FakeClock clock;
  FakeProc proc;
  FakeSocketTable sockets;
  FakeSocketTable cut_sockets;
  NetlinkPeer cut_entries;
  NetlinkPeer dumps;
  std::uint32_t dumps_said = 0;
  UniqueFd kernel_news;
  UniqueFd news;
  std::promise<FlowNote> ended;  // the first that did; no test has two
  std::unique_ptr<FlowKeeper> keeper;
};

TEST_F(FlowKeeperTest, ListsWhatLivesAndWhoseItIs) {
  LetThrough(SampleFlow());
  Lists({SampleFlow()});
  Lists({SampleFlow()});
  Start();
  const auto answer = List();
  ASSERT_TRUE(answer);
  ASSERT_EQ(answer->flows_size(), 1);
  EXPECT_EQ(answer->flows(0).process().path(), "/usr/bin/curl");
  EXPECT_EQ(answer->flows(0).sequence(), 1U);
}

TEST_F(FlowKeeperTest, ListsPageAfterPage) {
  for (Port port = 1; port <= 3; ++port) LetThrough(SampleFlow(port, port));
  const std::vector<TrackedFlow> all = {SampleFlow(1, 1), SampleFlow(2, 2), SampleFlow(3, 3)};
  for (int i = 0; i < 3; ++i) Lists(all);  // at the start, and for each page
  Start();
  v1::ListFlowsRequest request;
  request.set_page_size(2);
  const auto first = List(request);
  ASSERT_EQ(first->flows_size(), 2);
  request.set_page_token(first->next_page_token());
  const auto second = List(request);
  ASSERT_EQ(second->flows_size(), 1);
  EXPECT_EQ(second->flows(0).id(), 3U);
  EXPECT_TRUE(second->next_page_token().empty());
}

TEST_F(FlowKeeperTest, RefusesAQuestionThatMakesNoSense) {
  Lists({});
  Start();
  v1::ListFlowsRequest request;
  request.set_page_token("x");
  EXPECT_EQ(List(request).error().kind, FlowRefusal::Kind::kInvalid);
  request.clear_page_token();
  request.mutable_filter()->set_address("nowhere");
  EXPECT_THAT(List(request).error().what, HasSubstr("nowhere"));
}

TEST_F(FlowKeeperTest, SaysThatTheKernelDoesNotTell) {
  dumps.Say(NetlinkError(EPERM, 1));
  dumps.Say(NetlinkError(EPERM, 2));
  Start();
  EXPECT_EQ(List().error().kind, FlowRefusal::Kind::kUnavailable);
  EXPECT_THAT(keeper->Notes(), testing::Contains(HasSubstr("cannot be read")));
}

TEST_F(FlowKeeperTest, NotesTheEndOfAFlowWithWhatItMoved) {
  LetThrough(SampleFlow());
  Lists({SampleFlow()});
  Lists({SampleFlow()});
  log.SetListening(true);
  Start();
  ASSERT_TRUE(List());  // it is known by now
  TrackedFlow counted = SampleFlow();
  counted.sent = FlowCount{6, 700};
  Tells(FlowNews::What::kEnded, counted);
  const auto note = WaitFor(log, 1);
  ASSERT_NE(note, nullptr);
  EXPECT_EQ(note->what, FlowWhat::kEnded);
  EXPECT_EQ(note->flow.tracked.sent, (FlowCount{6, 700}));
  EXPECT_EQ(note->flow.owner->sequence, 1U);
}

TEST_F(FlowKeeperTest, KnowsWhoseFlowEndedThoughNobodyToldOfItsBeginning) {
  LetThrough(SampleFlow());
  Lists({});
  Lists({SampleFlow()});
  Start();
  ASSERT_TRUE(List());
  Tells(FlowNews::What::kEnded, SampleFlow());
  EXPECT_EQ(ended.get_future().get().flow.owner->sequence, 1U);
}

TEST_F(FlowKeeperTest, ReadsWhatLivesWhenSomebodyBeginsToListen) {
  Lists({});
  Lists({SampleFlow()});
  Start();
  log.SetListening(true);
  Tells(FlowNews::What::kEnded, SampleFlow());
  const auto note = WaitFor(log, 1);
  ASSERT_NE(note, nullptr);
  EXPECT_EQ(note->what, FlowWhat::kEnded);  // and not that it began
}

TEST_F(FlowKeeperTest, CutsExactlyWhatARuleDeniesNowAndTellsOfIt) {
  LetThrough(SampleFlow());
  Lists({SampleFlow()});
  cut_sockets.KnowsProtocol().Finds(SocketOf(SampleFlow())).Destroys();
  cut_entries.Say(NetlinkError(0, 1));
  Start();
  Deny("/usr/bin/curl");
  keeper->RulesChanged();
  const EventPtr cut = WaitFor(events, 2);
  ASSERT_NE(cut, nullptr);
  EXPECT_TRUE(cut->cut);
  EXPECT_EQ(cut->rule->name, "stop");
  EXPECT_EQ(cut->action, RuleAction::kDeny);
  EXPECT_EQ(cut->attribution.processes[0]->path, "/usr/bin/curl");
}

TEST_F(FlowKeeperTest, LeavesWhatNoRuleDeniesAlone) {
  LetThrough(SampleFlow());
  Lists({SampleFlow()});
  Lists({SampleFlow()});
  Start();
  Deny("/usr/bin/wget");
  keeper->RulesChanged();
  ASSERT_TRUE(List());  // the same thread: it has judged by now
  EXPECT_EQ(cut_sockets.TakeRequests(), 0U);
  EXPECT_TRUE(cut_entries.Hear().empty());
}

TEST_F(FlowKeeperTest, CutsTcpThatIsNotTracked) {
  LetThrough(SampleFlow());
  Lists({});
  cut_sockets.KnowsProtocol().Finds(SocketOf(SampleFlow())).Destroys();
  Start();
  Deny("/usr/bin/curl");
  keeper->RulesChanged();
  const EventPtr cut = WaitFor(events, 2);
  ASSERT_NE(cut, nullptr);
  EXPECT_TRUE(cut->cut);
}

TEST_F(FlowKeeperTest, CutsWhatAPersonNamesAndTellsOfIt) {
  LetThrough(SampleFlow());
  Lists({SampleFlow()});
  Lists({SampleFlow()});
  cut_sockets.KnowsProtocol().Finds(SocketOf(SampleFlow())).Destroys();
  cut_entries.Say(NetlinkError(0, 1));
  Start();
  v1::CutFlowsRequest request;
  request.mutable_filter()->set_program("curl");
  const auto answer = Cut(request);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->cut_size(), 1);
  EXPECT_EQ(answer->failed_size(), 0);
  const EventPtr cut = WaitFor(events, 2);
  ASSERT_NE(cut, nullptr);
  EXPECT_EQ(cut->reason, EventReason::kAnswer);
  EXPECT_EQ(cut->rule, nullptr);
}

TEST_F(FlowKeeperTest, RefusesToCutEverything) {
  Lists({});
  Start();
  EXPECT_EQ(Cut({}).error().kind, FlowRefusal::Kind::kInvalid);
}

TEST_F(FlowKeeperTest, ReadsAgainWhatTheKernelCouldNotTell) {
  Lists({});
  Lists({SampleFlow()});
  Start();
  const auto answer = List();
  ASSERT_EQ(answer->flows_size(), 1);
  EXPECT_FALSE(answer->flows(0).has_process());
}

}  // namespace
}  // namespace procwall
