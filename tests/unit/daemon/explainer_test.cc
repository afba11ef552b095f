// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/explainer.h"

#include <atomic>
#include <future>
#include <memory>
#include <utility>

#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"
#include "tests/support/fake_proc.h"
#include "tests/support/fake_socket_table.h"
#include "tests/support/fake_witness.h"
#include "tests/support/message_text.h"

namespace procwall {
namespace {

// Curl holds the socket of one flow; a rule denies what goes to its port.
class ExplainerTest : public testing::Test {
 protected:
  ExplainerTest() {
    proc.Put({.pid = 100, .uid = 0, .exe = "/usr/bin/curl"});
    proc.PutSocket(100, 5, 4711);
    Rule rule{.name = "no-https", .enabled = true, .action = RuleAction::kDeny};
    rule.op = {.type = "simple", .operand = "dest.port", .data = "443"};
    rules.Set(std::make_shared<const RuleSet>(
        RuleSet::Compile({std::make_shared<const Rule>(rule)}, nullptr)));
  }

  static SocketEntry CurlsSocket(std::uint64_t cookie = 9) {
    SocketEntry socket;
    socket.local = {IpAddress::V4({10, 0, 0, 2}), 40000};
    socket.remote = {IpAddress::V4({192, 0, 2, 1}), 443};
    socket.state = SocketState::kEstablished;
    socket.inode = 4711;
    socket.cookie = cookie;
    return socket;
  }
  // A decision about curl's flow: allowed then.
  static Event ADecision(Pid pid = 100) {
    Process process;
    process.id = {pid, 5000};
    Event event;
    event.action = RuleAction::kAllow;
    event.judged_action = RuleAction::kAllow;
    event.connection = Connection{.local = CurlsSocket().local, .remote = CurlsSocket().remote};
    event.host = "example.org";
    event.attribution.processes = {std::make_shared<const Process>(process)};
    event.attribution.evidence.socket = RankedSocket{CurlsSocket(), SocketRank::kSameFlow};
    return event;
  }

  ExplainAnswer Ask(const std::string& request, bool is_wanted = true) {
    if (!explainer_) {
      explainer_ = Explainer::Start({.witness = witness,
                                     .programs = programs,
                                     .events = events,
                                     .rules = rules,
                                     .facts = *facts_,
                                     .clock = clock,
                                     .default_action = RuleAction::kAllow},
                                    proc.Open(), table.TakeDiag())
                       .value();
    }
    const auto answer = std::make_shared<std::promise<ExplainAnswer>>();
    explainer_->Explain(
        {.request = FromText<v1::ExplainRequest>(request),
         .is_wanted = [is_wanted] { return is_wanted; },
         .answer = [answer](ExplainAnswer said) { answer->set_value(std::move(said)); }});
    return answer->get_future().get();
  }
  std::string Refusal(const std::string& request) {
    const ExplainAnswer answer = Ask(request);
    return answer ? "answered" : answer.error().what;
  }

  static constexpr const char* kFlow = R"(connection {
    protocol: "tcp" local_ip: "10.0.0.2" local_port: 40000
    remote_ip: "192.0.2.1" remote_port: 443 })";

  FakeClock clock;
  FakeProc proc;
  FakeSocketTable table;
  FakeWitness witness;
  FakePrograms programs;
  SharedRules rules{std::make_shared<const RuleSet>()};

 private:
  Wakeup wakeup_ = Wakeup::Create().value();
  Wakeup gathered_ = Wakeup::Create().value();
  std::unique_ptr<FactGatherer> facts_ = FactGatherer::Start(clock, gathered_).value();
  std::unique_ptr<Explainer> explainer_;
  void TearDown() override { explainer_.reset(); }  // it uses all of the above

 protected:
  EventLog events{wakeup_};
};

TEST_F(ExplainerTest, TellsADecisionAndWhatTheRulesSayNow) {
  events.Append(ADecision());
  table.KnowsProtocol().FindsNothing().Dumps({});
  const ExplainAnswer answer = Ask("sequence: 1");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->event().sequence(), 1U);
  EXPECT_EQ(answer->event().action(), v1::ACTION_ALLOW);
  EXPECT_EQ(answer->now().action(), v1::ACTION_DENY);
  EXPECT_EQ(answer->now().reason(), v1::REASON_RULE);
  EXPECT_EQ(answer->now().rule(), "no-https");
  EXPECT_FALSE(answer->has_holders());
}

TEST_F(ExplainerTest, TellsWhoHoldsTheSocketNow) {
  events.Append(ADecision());
  table.KnowsProtocol().Finds(CurlsSocket());
  const ExplainAnswer answer = Ask("sequence: 1");
  ASSERT_TRUE(answer && answer->holders().processes_size() == 1);
  EXPECT_EQ(answer->holders().processes(0).path(), "/usr/bin/curl");
  EXPECT_TRUE(answer->holders().all_known());
}

TEST_F(ExplainerTest, DoesNotTakeAnotherSocketOfTheSameFlowForIt) {
  events.Append(ADecision());
  table.KnowsProtocol().Finds(CurlsSocket(10));
  const ExplainAnswer answer = Ask("sequence: 1");
  ASSERT_TRUE(answer);
  EXPECT_FALSE(answer->has_holders());
}

TEST_F(ExplainerTest, TellsTheLastDecisionOfAll) {
  table.KnowsProtocol().FindsNothing().Dumps({});
  events.Append(ADecision());
  events.Append(ADecision());
  const ExplainAnswer answer = Ask("");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->event().sequence(), 2U);
}

TEST_F(ExplainerTest, TellsTheLastDecisionOfAProcess) {
  table.KnowsProtocol().FindsNothing().Dumps({});
  for (const Pid pid : {100, 101, 101, 102}) events.Append(ADecision(pid));
  const ExplainAnswer answer = Ask("pid: 101");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->event().sequence(), 3U);
}

TEST_F(ExplainerTest, TellsAPacketThatHasNoHeadersToJudge) {
  Event event;
  event.refusal = Error{Errc::kTruncated, 0, "parse ip header"};
  events.Append(event);
  const ExplainAnswer answer = Ask("sequence: 1");
  ASSERT_TRUE(answer);
  EXPECT_FALSE(answer->has_now());
}

TEST_F(ExplainerTest, TellsAConnectionAsItIsNow) {
  events.Append(ADecision());
  table.KnowsProtocol().Finds(CurlsSocket());
  const ExplainAnswer answer = Ask(kFlow);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->event().sequence(), 0U);
  EXPECT_EQ(answer->event().process().path(), "/usr/bin/curl");
  EXPECT_EQ(answer->event().confidence(), v1::CONFIDENCE_CERTAIN);
  EXPECT_EQ(answer->event().dst_host(), "example.org");
  EXPECT_EQ(answer->event().rule(), "no-https");
  EXPECT_EQ(answer->holders().processes_size(), 1);
}

TEST_F(ExplainerTest, SaysWhyThereIsNoSuchDecision) {
  EXPECT_EQ(Refusal(""), "nothing has been decided yet");
  for (std::size_t i = 0; i <= EventLog::kCapacity; ++i) events.Append(ADecision());
  EXPECT_EQ(Refusal("sequence: 1"), "decision 1 is forgotten: the daemon remembers the last 4096");
  EXPECT_EQ(Refusal("sequence: 9999"), "there is no decision 9999 yet: the last one is 4097");
  EXPECT_EQ(Refusal("pid: 5"), "no remembered decision names process 5");
}

TEST_F(ExplainerTest, RefusesWhatIsNoConnection) {
  EXPECT_EQ(Refusal(R"(connection { protocol: "ic\nmp" })"),
            "\"ic\\x0amp\" is no protocol with ports that sockets are known of: tcp, udp, udplite, "
            "sctp, dccp");
  for (const char* ends :
       {"", R"(local_ip: "10.0.0.2" local_port: 1 remote_ip: "::1" remote_port: 2)",
        R"(local_ip: "10.0.0.2" local_port: 1 remote_ip: "10.0.0.3")",
        R"(local_ip: "10.0.0.2" local_port: 65536 remote_ip: "10.0.0.3" remote_port: 1)",
        R"(local_ip: "x" local_port: 1 remote_ip: "10.0.0.3" remote_port: 1)"}) {
    EXPECT_EQ(Refusal(std::string(R"(connection { protocol: "udp6" )") + ends + "}"),
              "both ends of a connection are an IP address with a port, of the same family");
  }
}

TEST_F(ExplainerTest, LooksNothingUpForSomebodyWhoHasGone) {
  const ExplainAnswer answer = Ask(kFlow, false);
  EXPECT_FALSE(answer);
  EXPECT_EQ(table.TakeRequests(), 0U);
}

TEST_F(ExplainerTest, FindsOutWhatTheRulesInForceAsk) {
  Event event = ADecision();
  event.connection->out_ifindex = 1;  // lo, on every host
  events.Append(std::move(event));
  Rule rule{.name = "local", .enabled = true, .action = RuleAction::kReject};
  rule.op = {.type = "simple", .operand = "iface.out", .data = "lo"};
  Rule trial{.name = "000-trial", .enabled = true, .op = {"simple", "true", ""}, .enforce = false};
  rules.Set(std::make_shared<const RuleSet>(RuleSet::Compile(
      {std::make_shared<const Rule>(rule), std::make_shared<const Rule>(trial)}, nullptr)));
  table.KnowsProtocol().FindsNothing().Dumps({});
  const ExplainAnswer answer = Ask("sequence: 1");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->now().rule(), "local");
  ASSERT_EQ(answer->now().shadow_rules_size(), 1);
  EXPECT_EQ(answer->now().shadow_rules(0).rule(), "000-trial");
}

}  // namespace
}  // namespace procwall
