// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "diagnosis/diagnosis.h"

#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/unit/diagnosis/healthy.h"

namespace procwall {
namespace {

using Json = nlohmann::ordered_json;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(Diagnosis, LeavesOutWhatAnotherTierMakesUpFor) {
  Diagnosis diagnosis = Healthy();
  diagnosis.tiers.push_back(Missing("inet_diag raw"));
  EXPECT_THAT(OpenNeeds(diagnosis), IsEmpty());
  EXPECT_EQ(VerdictOn(diagnosis), Health::kWell);
  diagnosis.tiers[1] = Missing("witness packets");
  EXPECT_EQ(OpenNeeds(diagnosis).size(), 2U);
}

TEST(Diagnosis, BlamesNoTierThatCannotBeSeen) {
  Diagnosis diagnosis = Healthy();
  diagnosis.tiers.push_back(TierOf("SOCK_DESTROY", Tier::State::kUnknown));
  EXPECT_EQ(VerdictOn(diagnosis), Health::kWell);
}

TEST(Diagnosis, PutsWhatIsUnguardedFirst) {
  Diagnosis diagnosis = Healthy();
  diagnosis.tiers = {Missing("SOCK_DESTROY"), Missing("inet_diag tcp"), Missing("packet queue")};
  std::vector<std::string_view> order;
  for (const TierNeed* need : OpenNeeds(diagnosis)) order.push_back(need->tier);
  EXPECT_THAT(order, ElementsAre("packet queue", "inet_diag tcp", "SOCK_DESTROY"));
  EXPECT_EQ(VerdictOn(diagnosis), Health::kWrong);
  EXPECT_EQ(VerdictSentence(diagnosis), "Not guarded as it should be: see above.");
}

TEST(Diagnosis, DoesNotSayThatADaemonIsNotThereThatItMayNotAsk) {
  Diagnosis diagnosis = Healthy();
  diagnosis.daemon.reset();
  diagnosis.daemon_is_hidden = true;
  EXPECT_THAT(Wrongs(diagnosis), IsEmpty());
  EXPECT_EQ(VerdictOn(diagnosis), Health::kUncertain);
  EXPECT_EQ(VerdictSentence(diagnosis),
            "Whether this host is guarded cannot be seen: ask as root.");
}

TEST(Diagnosis, CountsEveryLoss) {
  Diagnosis diagnosis = Healthy();
  *diagnosis.daemon->mutable_counters() = FromText<v1::Counters>("lost_queue_full: 2");
  *diagnosis.daemon->mutable_witness() = FromText<v1::Witness>("lost_events: 30 lost_sockets: 90");
  EXPECT_THAT(Wrongs(diagnosis),
              ElementsAre("2 packets dropped: the kernel's queue was full (too many at once)",
                          "120 notes of the kernel witness lost: too much happened at once"));
  EXPECT_EQ(VerdictOn(diagnosis), Health::kWrong);
}

TEST(Diagnosis, NamesAnotherFirewall) {
  Diagnosis diagnosis = Healthy();
  diagnosis.rivals = {{77, "opensnitchd"}};
  EXPECT_THAT(
      Wrongs(diagnosis),
      ElementsAre("opensnitchd (pid 77) runs: two firewalls decide about the same packets"));
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
