// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/pipeline.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/dns_builder.h"
#include "tests/support/fake_verdicts.h"
#include "tests/support/packet_builder.h"
#include "tests/unit/daemon/pipeline_world.h"

namespace procwall {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// As long as no lookup answers, each test begins a world in which nobody holds any socket.
class PipelineTest : public PipelineWorld {};

TEST_F(PipelineTest, ARuleDecidesAPacketThatCannotBeParsed) {
  Rules({Rule{.name = "nothing", .enabled = true, .op = {"simple", "true", ""}}});
  Begin(1, CutHeader());
  EXPECT_EQ(verdicts.All(), (Answers{{1, Verdict::kDrop}}));
  EXPECT_THAT(Told(), ElementsAre("deny by nothing: unknown unparsable, refused: read ipv4 header: "
                                  "truncated"));
}

TEST_F(PipelineTest, TheDefaultActionDecidesAPacketThatCannotBeParsed) {
  default_action = RuleAction::kDeny;
  Begin(1, CutHeader());
  EXPECT_EQ(verdicts.All(), (Answers{{1, Verdict::kDrop}}));
  EXPECT_EQ(counters.unparsable.Get(), 1U);
  EXPECT_THAT(Events().front()->refusal,
              testing::Optional(testing::Field(&Error::code, Errc::kTruncated)));
  EXPECT_EQ(Events().front()->connection, std::nullopt);
}

TEST_F(PipelineTest, LetsADnsAnswerThroughWithoutAnEvent) {
  default_action = RuleAction::kDeny;
  Begin(1, DnsAnswer("example.org", "192.0.2.1"), kIncomingHook);
  EXPECT_EQ(verdicts.All(), (Answers{{1, Verdict::kAccept}}));
  EXPECT_THAT(Events(), IsEmpty());
  EXPECT_EQ(counters.dns_answers.Get(), 1U);
}

TEST_F(PipelineTest, ADnsAnswerNamesTheNextConnection) {
  Begin(1, DnsAnswer("example.org", "192.0.2.1"), kIncomingHook);
  table.KnowsProtocol().Fails(EPERM);
  Begin(2, Syn());
  EXPECT_EQ(Events().front()->host, "example.org");
}

TEST_F(PipelineTest, ADnsAnswerOnTheWayOutIsAConnectionLikeAnyOther) {
  default_action = RuleAction::kDeny;
  table.KnowsProtocol().Fails(EPERM);
  Begin(1, DnsAnswer("example.org", "192.0.2.1"));
  EXPECT_EQ(verdicts.All(), (Answers{{1, Verdict::kDrop}}));
}

// Where all that comes in is queued, anybody can send from port 53.
TEST_F(PipelineTest, AStrangersDnsAnswerIsJudgedAndTeachesNoName) {
  default_action = RuleAction::kDeny;
  NetlinkPeer conntrack;
  AskedFlows asked(conntrack.TakeSocket());
  asked_flows = &asked;
  conntrack.Say(NetlinkError(ENOENT, 1));
  table.KnowsProtocol().Fails(EPERM).KnowsProtocol().Fails(EPERM);
  Begin(1, DnsAnswer("example.org", "192.0.2.1"), kIncomingHook);
  EXPECT_EQ(verdicts.All(), (Answers{{1, Verdict::kDrop}}));
  EXPECT_EQ(counters.dns_answers.Get(), 0U);
  Begin(2, Syn());
  EXPECT_EQ(Events().back()->host, "");
}

TEST_F(PipelineTest, LetsAnUnreadableDnsAnswerThrough) {
  const auto packet = PacketBuilder().V4("192.0.2.53", "10.0.0.2").Udp(53, 40000).Payload("?");
  Begin(1, PacketBuilder(packet).Build(), kIncomingHook);
  EXPECT_EQ(verdicts.All(), (Answers{{1, Verdict::kAccept}}));
}

TEST_F(PipelineTest, ADnsQueryCarriesTheNameItAsksFor) {
  table.KnowsProtocol().Fails(EPERM);
  Begin(1, PacketBuilder()
               .V4("10.0.0.2", "192.0.2.53")
               .Udp(40000, 53)
               .Payload(DnsBuilder().Flags(0x0100).Question("Example.org").Build())
               .Build());
  EXPECT_EQ(Events().front()->host, "example.org");
}

TEST_F(PipelineTest, TheUserOfAPacketIsAFactForTheRules) {
  Rules({Rule{.name = "not-him", .enabled = true, .op = {"simple", "user.id", "1000"}}});
  table.KnowsProtocol().FindsNothing();
  finder_table.KnowsProtocol().Dumps({});
  Begin(1, Syn(), kLocalOutHook, 1000);
  ResumeAll(1);
  EXPECT_EQ(verdicts.All(), (Answers{{1, Verdict::kDrop}}));
}

TEST_F(PipelineTest, TheUserThatAnotherNamespaceMeansIsLeftOut) {
  packet_uids = PacketUids::kForeign;
  Rules({Rule{.name = "not-him", .enabled = true, .op = {"simple", "user.id", "1000"}}});
  table.KnowsProtocol().FindsNothing();
  finder_table.KnowsProtocol().Dumps({});
  Begin(1, Syn(), kLocalOutHook, 1000);
  ResumeAll(1);
  EXPECT_EQ(Events().front()->connection->uid, std::nullopt);
  EXPECT_EQ(verdicts.All(), (Answers{{1, Verdict::kAccept}}));
}

TEST_F(PipelineTest, ARuleThatNamesTheProgramDecides) {
  Rules({Rule{
      .name = "no-curl", .enabled = true, .op = {"simple", "process.path", "/usr/bin/curl"}}});
  table.KnowsProtocol().Finds(CurlsSocket());
  Begin(1, Syn());
  ResumeAll(1);
  EXPECT_EQ(verdicts.All(), (Answers{{1, Verdict::kDrop}}));
  EXPECT_THAT(Told(), ElementsAre("deny by no-curl: 192.0.2.1:443 likely /usr/bin/curl"));
}

TEST_F(PipelineTest, ObserveModeAcceptsAndTellsWhatWasJudged) {
  mode = Mode::kObserve;
  default_action = RuleAction::kReject;
  table.KnowsProtocol().Fails(EPERM);
  Begin(1, Syn());
  EXPECT_EQ(verdicts.All(), (Answers{{1, Verdict::kAccept}}));
  EXPECT_EQ(Events().front()->action, RuleAction::kAllow);
  EXPECT_EQ(Events().front()->judged_action, RuleAction::kReject);
}

TEST_F(PipelineTest, PacketsThatWaitWhenItDiesAreDropped) {
  table.KnowsProtocol().Finds(CurlsSocket());
  Begin(1, Syn());
  EndPipeline();
  EXPECT_EQ(verdicts.All(), (Answers{{1, Verdict::kDrop}}));
}

TEST_F(PipelineTest, PacketsThatWaitWhenItDiesPassInObserveMode) {
  mode = Mode::kObserve;
  table.KnowsProtocol().Finds(CurlsSocket());
  Begin(1, Syn());
  EndPipeline();
  EXPECT_EQ(verdicts.All(), (Answers{{1, Verdict::kAccept}}));
}

}  // namespace
}  // namespace procwall
