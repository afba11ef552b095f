// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/diagnosis.h"

#include <memory>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/message_text.h"
#include "ui/json_text.h"

namespace procwall {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Tier TierOf(const char* name, Tier::State state) {
  return {name, "a purpose", state, state == Tier::State::kRuns ? "" : "it is not there"};
}
Tier Running(const char* name) { return TierOf(name, Tier::State::kRuns); }
Tier Missing(const char* name) { return TierOf(name, Tier::State::kMissing); }

Diagnosis Healthy() {
  Diagnosis diagnosis;
  diagnosis.daemon = FromText<v1::StatusResponse>(R"(version: "0.1.0" pid: 812)");
  diagnosis.tiers = {Running("packet queue"), Running("witness packets")};
  return diagnosis;
}

PacketSocketWithOwners TcpdumpsSocket() {
  Process process;
  process.id = {44, 1};
  process.path = "/usr/bin/tcpdump";
  return {.socket = {.inode = 4711, .protocol = 3, .ifindex = 2, .uid = 4294967},
          .owners = {std::make_shared<const Process>(process)},
          .all_owners_known = true};
}

std::string Text(const Diagnosis& diagnosis) {
  UserNames users;
  return DiagnosisText(diagnosis, Terminal{}, users);
}

TEST(Diagnosis, IsWellWhenEverythingRuns) {
  EXPECT_EQ(VerdictOn(Healthy()), Verdict::kWell);
  EXPECT_EQ(Text(Healthy()),
            "procwalld 0.1.0 runs (pid 812).\n"
            "\n"
            "STATE  TIER             WHAT FOR\n"
            "runs   packet queue     a purpose\n"
            "runs   witness packets  a purpose\n"
            "\n"
            "Verdict    All is well: every tier that is needed runs, and nothing was lost.\n");
}

TEST(Diagnosis, SaysWhatIsUncertainAndWhatWouldHelp) {
  Diagnosis diagnosis = Healthy();
  diagnosis.tiers = {Missing("inet_diag tcp")};
  EXPECT_EQ(VerdictOn(diagnosis), Verdict::kUncertain);
  EXPECT_EQ(Text(diagnosis),
            "procwalld 0.1.0 runs (pid 812).\n"
            "\n"
            "STATE    TIER           WHAT FOR\n"
            "missing  inet_diag tcp  a purpose: it is not there\n"
            "\n"
            "Uncertain  TCP connections whose program the kernel's witness did not see\n"
            "           Without: inet_diag tcp. What would help: the kernel module tcp_diag "
            "(CONFIG_INET_DIAG).\n"
            "Verdict    Guarded, but not everything is certain: one tier is missing, see above.\n");
}

TEST(Diagnosis, LeavesOutWhatAnotherTierMakesUpFor) {
  Diagnosis diagnosis = Healthy();
  diagnosis.tiers.push_back(Missing("inet_diag raw"));
  EXPECT_THAT(OpenNeeds(diagnosis), IsEmpty());
  EXPECT_EQ(VerdictOn(diagnosis), Verdict::kWell);
  diagnosis.tiers[1] = Missing("witness packets");
  EXPECT_EQ(OpenNeeds(diagnosis).size(), 2U);
}

TEST(Diagnosis, BlamesNoTierThatCannotBeSeen) {
  Diagnosis diagnosis = Healthy();
  diagnosis.tiers.push_back(TierOf("SOCK_DESTROY", Tier::State::kUnknown));
  EXPECT_EQ(VerdictOn(diagnosis), Verdict::kWell);
}

TEST(Diagnosis, PutsWhatIsUnguardedFirst) {
  Diagnosis diagnosis = Healthy();
  diagnosis.tiers = {Missing("SOCK_DESTROY"), Missing("inet_diag tcp"), Missing("packet queue")};
  std::vector<std::string_view> order;
  for (const TierNeed* need : OpenNeeds(diagnosis)) order.push_back(need->tier);
  EXPECT_THAT(order, ElementsAre("packet queue", "inet_diag tcp", "SOCK_DESTROY"));
  EXPECT_EQ(VerdictOn(diagnosis), Verdict::kWrong);
  EXPECT_EQ(VerdictSentence(diagnosis), "Not guarded as it should be: see above.");
}

TEST(Diagnosis, SaysThatNobodyGuards) {
  Diagnosis diagnosis = Healthy();
  diagnosis.daemon.reset();
  diagnosis.why_no_daemon = "no daemon answers";
  EXPECT_EQ(VerdictOn(diagnosis), Verdict::kWrong);
  EXPECT_THAT(Wrongs(diagnosis), ElementsAre("procwalld does not run: nothing is guarded"));
  EXPECT_THAT(Text(diagnosis), HasSubstr("no daemon answers. What follows is the kernel alone.\n"));
  EXPECT_THAT(Text(diagnosis), HasSubstr("Verdict    Not guarded: procwalld does not run.\n"));
}

TEST(Diagnosis, DoesNotSayThatADaemonIsNotThereThatItMayNotAsk) {
  Diagnosis diagnosis = Healthy();
  diagnosis.daemon.reset();
  diagnosis.daemon_is_hidden = true;
  EXPECT_THAT(Wrongs(diagnosis), IsEmpty());
  EXPECT_EQ(VerdictOn(diagnosis), Verdict::kUncertain);
  EXPECT_EQ(VerdictSentence(diagnosis),
            "Whether this host is guarded cannot be seen: ask as root.");
}

TEST(Diagnosis, CountsEveryLoss) {
  Diagnosis diagnosis = Healthy();
  *diagnosis.daemon->mutable_counters() = FromText<v1::Counters>("lost_queue_full: 2");
  *diagnosis.daemon->mutable_witness() =
      FromText<v1::Witness>("lost_events: 3 lost_sockets: 4 lost_flows: 5");
  EXPECT_THAT(Wrongs(diagnosis),
              ElementsAre("2 packets dropped: the kernel's queue was full (too many at once)",
                          "12 notes of the kernel witness lost: too much happened at once"));
  EXPECT_EQ(VerdictOn(diagnosis), Verdict::kWrong);
}

TEST(Diagnosis, NamesAnotherFirewall) {
  Diagnosis diagnosis = Healthy();
  diagnosis.rivals = {{77, "opensnitchd"}};
  EXPECT_THAT(
      Wrongs(diagnosis),
      ElementsAre("opensnitchd (pid 77) runs: two firewalls decide about the same packets"));
}

TEST(Diagnosis, NamesWhoGoesBelowTheFirewall) {
  Diagnosis diagnosis = Healthy();
  diagnosis.packet_sockets = std::vector{TcpdumpsSocket()};
  EXPECT_EQ(VerdictOn(diagnosis), Verdict::kWell);
  EXPECT_THAT(
      Text(diagnosis),
      HasSubstr("Below      /usr/bin/tcpdump (pid 44) holds AF_PACKET socket 4711 of user 4294967, "
                "on interface 2.\n"));
}

TEST(Diagnosis, SaysThatAHolderCannotBeSeen) {
  Diagnosis diagnosis = Healthy();
  PacketSocketWithOwners hidden = TcpdumpsSocket();
  hidden.owners.clear();
  hidden.socket.ifindex = 0;
  hidden.socket.uid.reset();
  diagnosis.packet_sockets = std::vector{hidden};
  UserNames users;
  EXPECT_THAT(BelowFirewall(diagnosis, users),
              ElementsAre("A process that cannot be seen from here holds AF_PACKET socket 4711, on "
                          "every interface."));
}

TEST(TiersOfWitness, AreItsParts) {
  const auto witness = FromText<v1::Witness>(R"(
    runs: true
    parts { name: "exec" purpose: "programs" runs: true }
    parts { name: "packets" purpose: "senders" why_not: "refused" })");
  EXPECT_THAT(TiersOfWitness(witness),
              ElementsAre(Tier{"witness exec", "programs", Tier::State::kRuns, ""},
                          Tier{"witness packets", "senders", Tier::State::kMissing, "refused"}));
}

TEST(TiersOfWitness, AreOneWhenItDoesNotRun) {
  const std::vector<Tier> tiers = TiersOfWitness(FromText<v1::Witness>(R"(why_not: "off")"));
  ASSERT_EQ(tiers.size(), 1U);
  EXPECT_EQ(tiers.front().state, Tier::State::kMissing);
  EXPECT_EQ(tiers.front().why_not, "off");
}

TEST(DiagnosisText, LetsNoStrangerWriteOnTheTerminal) {
  Diagnosis diagnosis = Healthy();
  Process process;
  process.path = "/tmp/\x1b[2J\n";
  PacketSocketWithOwners socket = TcpdumpsSocket();
  socket.owners = {std::make_shared<const Process>(process)};
  diagnosis.packet_sockets = std::vector{socket};
  diagnosis.tiers.push_back({"x\x1b", "y\x1b", Tier::State::kMissing, "z\x1b"});
  EXPECT_EQ(Text(diagnosis).find('\x1b'), std::string::npos);
  EXPECT_EQ(DiagnosisJson(diagnosis).find('\x1b'), std::string::npos);
}

TEST(DiagnosisJson, SaysEverything) {
  Diagnosis diagnosis = Healthy();
  diagnosis.tiers = {Running("packet queue"), Missing("inet_diag tcp")};
  diagnosis.packet_sockets = std::vector{TcpdumpsSocket()};
  diagnosis.rivals = {{77, "opensnitchd"}};
  const Json json = Json::parse(DiagnosisJson(diagnosis));
  EXPECT_EQ(json.at("verdict"), "wrong");
  EXPECT_EQ(json.at("daemon_pid"), 812);
  EXPECT_EQ(json.at("tiers").at(0).at("cases"), nullptr);
  EXPECT_EQ(json.at("tiers").at(1).at("state"), "missing");
  EXPECT_EQ(json.at("tiers").at(1).at("advice"), FindTierNeed("inet_diag tcp")->advice);
  EXPECT_EQ(json.at("packet_sockets").dump(),
            R"([{"inode":4711,"protocol":3,"interface":2,"uid":4294967,)"
            R"("holders":[{"pid":44,"path":"/usr/bin/tcpdump"}],"all_holders_known":true}])");
  EXPECT_EQ(json.at("rivals").dump(), R"([{"pid":77,"name":"opensnitchd"}])");
}

TEST(DiagnosisJson, TellsThatPacketSocketsCannotBeListed) {
  Diagnosis diagnosis = Healthy();
  diagnosis.packet_sockets = Error{Errc::kUnsupported, 0, "list packet sockets"};
  EXPECT_EQ(Json::parse(DiagnosisJson(diagnosis)).at("packet_sockets"), nullptr);
}

}  // namespace
}  // namespace procwall
