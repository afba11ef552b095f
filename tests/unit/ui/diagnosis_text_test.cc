// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/diagnosis_text.h"

#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/diagnosis/healthy.h"

namespace procwall {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string PlainDiagnosis(const Diagnosis& diagnosis) {
  UserNames users;
  return DiagnosisText(diagnosis, Terminal{}, users);
}

TEST(DiagnosisText, IsWellWhenEverythingRuns) {
  EXPECT_EQ(VerdictOn(Healthy()), Health::kWell);
  EXPECT_EQ(PlainDiagnosis(Healthy()),
            "procwalld 0.1.0 runs (pid 812).\n"
            "\n"
            "STATE  TIER             WHAT FOR\n"
            "runs   packet queue     a purpose\n"
            "runs   witness packets  a purpose\n"
            "\n"
            "Verdict    All is well: every tier that is needed runs, and no packet was lost.\n");
}

TEST(DiagnosisText, SaysWhatIsUncertainAndWhatWouldHelp) {
  Diagnosis diagnosis = Healthy();
  diagnosis.tiers = {Missing("inet_diag tcp")};
  EXPECT_EQ(VerdictOn(diagnosis), Health::kUncertain);
  EXPECT_EQ(PlainDiagnosis(diagnosis),
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

TEST(DiagnosisText, SaysThatNobodyGuards) {
  Diagnosis diagnosis = Healthy();
  diagnosis.daemon.reset();
  diagnosis.why_no_daemon = "no daemon answers";
  EXPECT_EQ(VerdictOn(diagnosis), Health::kWrong);
  EXPECT_THAT(Wrongs(diagnosis), ElementsAre("procwalld does not run: nothing is guarded"));
  EXPECT_THAT(PlainDiagnosis(diagnosis),
              HasSubstr("no daemon answers. What follows is the kernel alone.\n"));
  EXPECT_THAT(PlainDiagnosis(diagnosis),
              HasSubstr("Verdict    Not guarded: procwalld does not run.\n"));
}

TEST(DiagnosisText, NamesWhoGoesBelowTheFirewall) {
  Diagnosis diagnosis = Healthy();
  diagnosis.packet_sockets = std::vector{TcpdumpsSocket()};
  EXPECT_EQ(VerdictOn(diagnosis), Health::kWell);
  EXPECT_THAT(
      PlainDiagnosis(diagnosis),
      HasSubstr("Below      /usr/bin/tcpdump (pid 44) holds AF_PACKET socket 4711 of user 4294967, "
                "on interface 2.\n"));
}

TEST(DiagnosisText, SaysThatAHolderCannotBeSeen) {
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

TEST(DiagnosisText, LetsNoStrangerWriteOnTheTerminal) {
  Diagnosis diagnosis = Healthy();
  Process process;
  process.path = "/tmp/\x1b[2J\n";
  PacketSocketWithOwners socket = TcpdumpsSocket();
  socket.owners = {std::make_shared<const Process>(process)};
  diagnosis.packet_sockets = std::vector{socket};
  diagnosis.tiers.push_back({"x\x1b", "y\x1b", Tier::State::kMissing, "z\x1b"});
  EXPECT_EQ(PlainDiagnosis(diagnosis).find('\x1b'), std::string::npos);
  EXPECT_EQ(DiagnosisJson(diagnosis).find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace procwall
